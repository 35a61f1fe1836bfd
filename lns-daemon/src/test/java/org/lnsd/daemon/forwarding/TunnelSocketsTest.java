package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.tun.Memory;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.UdpSocket;

/** Which socket of the group the kernel gives a datagram to: 0 is the control loop's, the others the threads'. */
class TunnelSocketsTest {
    private static final int THREADS = 3;

    private final TunnelSockets sockets = new TunnelSockets(List.of(new InetSocketAddress("127.0.0.1", 0)), THREADS,
            ForwardingSettings.SOCKET_BUFFER_BYTES, Offload.OFF, Offload.OFF);
    private final UdpSocket lac = UdpSocket.bind(new InetSocketAddress("127.0.0.1", 0), false);
    private final ReceiveBatch batch = new ReceiveBatch(2, 2048);
    private final long memory = Memory.map(4096);

    @AfterEach
    void close() {
        sockets.close();
        lac.close();
        batch.close();
        Memory.unmap(memory);
    }

    private int socketOf(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        SendBatch.writeDestination(memory, 0, sockets.control(0).local(), lac.localAddress());
        Memory.fromArray(octets, 0, memory + 1024, octets.length);
        try (SendBatch send = new SendBatch(new int[]{lac.fd()}, false, new SendBatch.Stats())) {
            send.datagram(memory, octets.length);
            send.append(memory + 1024, octets.length);
            send.flush();
        }
        int[] found = {-1};
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            for (int i = 0; i <= THREADS; i++) {
                UdpSocket socket = i == 0 ? sockets.control(0) : sockets.data(0, i - 1);
                found[0] = batch.receive(socket.fd()) > 0 ? i : found[0];
            }
            return found[0] >= 0;
        });
        return found[0];
    }

    // RFC 2661 section 3.1: T is the first bit. RFC 1661 section 2: protocols from 8000 on are control protocols.
    @ParameterizedTest
    @CsvSource({"c802000c0000000000000000, control message", "c8020014000400000000000080080000, control message",
            "000200070001ff03c02101010004, LCP", "000200070001c02101010004, LCP without address and control",
            "000200070001ff03802101010004, IPCP", "0002, too short", "00, too short",
            "4002001000070001ff03c02101010004, LCP and L", "08020007000100000000c02101010004, LCP and S",
            "0202000700010003aabbccff03802101010004, IPCP and O",
            "4b020019000700010001000000020000ff03c02101010004, LCP, L S O P",
            "02020007000107d0c021, offset beyond the end"})
    void whatTheControlLoopAnswersGoesToIt(String hex, String what) { assertThat(socketOf(hex)).as(what).isZero(); }

    @ParameterizedTest
    @CsvSource({"0002TTTT0001ff03002145000014, plain", "0002TTTT0001002145000014, without address and control",
            "0002TTTT00012145000014, compressed", "40020010TTTT0001ff03002145000014, L",
            "0802TTTT000100000000ff03002145000014, S", "0202TTTT00010000ff03002145000014, O",
            "4a020014TTTT0001000000000000ff030021, L S O",
            "4a020015TTTT00010000000000032145210057, L S O and compressed"})
    void dataIsSpreadByTunnel(String hex, String what) {
        for (int tunnel = 0; tunnel < 6; tunnel++) {
            assertThat(socketOf(hex.replace("TTTT", "%04x".formatted(tunnel * 1000)))).as(what)
                    .isEqualTo(1 + tunnel * 1000 % THREADS);
        }
    }

    @Test
    void aTunnelBelongsToTheListenAddressOfItsLocalEnd() {
        InetSocketAddress local = sockets.control(0).local();
        assertThat(sockets.indexOf(local)).isZero();
        assertThat(sockets.indexOf(new InetSocketAddress("127.0.0.2", local.getPort()))).isEqualTo(-1);
        assertThat(sockets.indexOf(new InetSocketAddress("::1", local.getPort()))).isEqualTo(-1);
        try (TunnelSockets any = new TunnelSockets(List.of(new InetSocketAddress("0.0.0.0", 0)), 1,
                ForwardingSettings.SOCKET_BUFFER_BYTES, Offload.AUTO, Offload.AUTO)) {
            assertThat(any.indexOf(new InetSocketAddress("127.0.0.2", any.control(0).local().getPort()))).isZero();
        }
    }
}

package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's side of the layouts: what is sent through loopback comes as it was meant. */
class UdpSocketTest {
    private final long memory = Memory.map(1 << 20);
    private final SendBatch.Stats stats = new SendBatch.Stats();

    @AfterEach
    void free() { Memory.unmap(memory); }

    @Test
    void theWayToOurselvesIsKnown() throws UnknownHostException {
        InetAddress loopback = InetAddress.getByAddress(new byte[]{127, 0, 0, 1});
        assertThat(UdpSocket.sourceTowards(loopback)).isEqualTo(loopback);
        assertThat(UdpSocket.pathMtuBytes(new InetSocketAddress(loopback, 1701))).isGreaterThanOrEqualTo(1280);
    }

    private void send(UdpSocket from, UdpSocket to, InetAddress source, int... lengths) {
        SendBatch.writeDestination(memory, 0, to.local(), source);
        try (SendBatch batch = new SendBatch(new int[]{from.fd()}, from.canSendTrains(), stats)) {
            long at = memory + 4096;
            for (int i = 0; i < lengths.length; i++) {
                Memory.fill(at, lengths[i], i + 1);
                batch.datagram(memory, lengths[i]);
                batch.append(at, lengths[i] / 2);
                batch.append(at + lengths[i] / 2, lengths[i] - lengths[i] / 2);
                at += lengths[i];
            }
            batch.flush();
        }
        assertThat(stats.errors + stats.full).isZero();
    }

    private static List<Integer> lengthsReceived(ReceiveBatch batch, UdpSocket by, int expected) {
        List<Integer> lengths = new ArrayList<>();
        await().until(() -> {
            int messages = batch.receive(by.fd());
            for (int i = 0; i < messages; i++) {
                for (int from = 0; from < batch.lengthBytes(i); from += batch.segmentBytes(i)) {
                    int length = Math.min(batch.segmentBytes(i), batch.lengthBytes(i) - from);
                    lengths.add(length);
                    assertThat(Memory.getByte(batch.address(i) + from)).isEqualTo(lengths.size());
                    assertThat(Memory.getByte(batch.address(i) + from + length - 1)).isEqualTo(lengths.size());
                }
            }
            return lengths.size() >= expected;
        });
        return lengths;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void trainsArriveAsTheDatagramsThatWereSent(String address) {
        try (UdpSocket from = UdpSocket.bind(new InetSocketAddress(address, 0), false);
                UdpSocket to = UdpSocket.bind(new InetSocketAddress(address, 0), false);
                ReceiveBatch batch = new ReceiveBatch(8, 65_536)) {
            to.enableReceiveTrains();
            send(from, to, from.localAddress(), 500, 500, 500, 300, 700, 1);
            assertThat(lengthsReceived(batch, to, 6)).containsExactly(500, 500, 500, 300, 700, 1);
            assertThat(batch.sender(0)).isEqualTo(from.local());
            assertThat(batch.receive(to.fd())).as("nothing more").isZero();
        }
    }

    @Test
    void datagramsLeaveFromTheAddressThatTheyCameTo() {
        try (UdpSocket any = UdpSocket.bind(new InetSocketAddress("0.0.0.0", 0), false);
                UdpSocket peer = UdpSocket.bind(new InetSocketAddress("127.0.0.1", 0), false);
                ReceiveBatch batch = new ReceiveBatch(2, 2048)) {
            InetAddress second = new InetSocketAddress("127.0.0.77", 0).getAddress();
            send(any, peer, second, 40);
            lengthsReceived(batch, peer, 1);
            assertThat(batch.sender(0)).isEqualTo(new InetSocketAddress(second, any.local().getPort()));
            SendBatch.writeDestination(memory, 0, batch.sender(0), peer.localAddress());
            try (SendBatch back = new SendBatch(new int[]{peer.fd()}, false, stats)) {
                Memory.fill(memory + 4096, 10, 1);
                back.datagram(memory, 10);
                back.append(memory + 4096, 10);
                back.flush();
            }
            lengthsReceived(batch, any, 1);
            assertThat(batch.localAddress(0, any.localAddress())).isEqualTo(second);
        }
    }

    @Test
    void theProgramChoosesTheSocketOfTheGroup() {
        InetSocketAddress free;
        try (UdpSocket probe = UdpSocket.bind(new InetSocketAddress("127.0.0.1", 0), false)) {
            free = probe.local();
        }
        try (UdpSocket first = UdpSocket.bind(free, true);
                UdpSocket second = UdpSocket.bind(free, true);
                UdpSocket from = UdpSocket.bind(new InetSocketAddress("127.0.0.1", 0), false);
                ReceiveBatch batch = new ReceiveBatch(2, 2048)) {
            // the first octet, less one, is the number of the socket
            first.steer(new BpfProgram().loadByte(0).add(-1).returnA());
            send(from, first, from.localAddress(), 20, 30);
            assertThat(lengthsReceived(batch, first, 1)).containsExactly(20);
            await().until(() -> batch.receive(second.fd()) == 1);
            assertThat(batch.lengthBytes(0)).isEqualTo(30);
        }
    }

    @Test
    void aPortThatIsTakenIsRefusedWithWords() {
        try (UdpSocket first = UdpSocket.bind(new InetSocketAddress("127.0.0.1", 0), false)) {
            assertThatThrownBy(() -> UdpSocket.bind(first.local(), false)).isInstanceOf(LinuxException.class)
                    .hasMessageContaining("EADDRINUSE").hasMessageContaining("another LNS");
        }
    }

    // struct sockaddr_in and sockaddr_in6, struct cmsghdr with in_pktinfo and in6_pktinfo, as the kernel's headers have them.
    @Test
    void structuresAreLaidOutAsTheKernelReadsThem() {
        assertThat(SocketAddresses.write(memory, new InetSocketAddress("192.0.2.1", 1701))).isEqualTo(16);
        assertThat(hex(16)).isEqualTo("0200" + "06a5" + "c0000201" + "0000000000000000");
        assertThat(SocketAddresses.write(memory, new InetSocketAddress("2001:db8::1", 1701))).isEqualTo(28);
        assertThat(hex(28)).isEqualTo("0a00" + "06a5" + "00000000" + "20010db8000000000000000000000001" + "00000000");
        assertThat(SocketAddresses.read(memory)).isEqualTo(new InetSocketAddress("2001:db8::1", 1701));
        assertThat(SocketAddresses.writePacketInfo(memory, new InetSocketAddress("192.0.2.1", 0).getAddress()))
                .isEqualTo(32);
        assertThat(hex(28))
                .isEqualTo("1c00000000000000" + "00000000" + "08000000" + "00000000" + "c0000201" + "00000000");
        assertThat(SocketAddresses.writePacketInfo(memory, new InetSocketAddress("2001:db8::1", 0).getAddress()))
                .isEqualTo(40);
        assertThat(hex(36)).isEqualTo("2400000000000000" + "29000000" + "32000000" + "20010db8000000000000000000000001"
                + "00000000");
        VirtioNetHeader.write(memory, VirtioNetHeader.GSO_TCPV6, 72, 1400, 40, 16);
        assertThat(hex(10)).isEqualTo("01" + "04" + "4800" + "7805" + "2800" + "1000");
    }

    private String hex(int lengthBytes) { return HexFormat.of().formatHex(Memory.toArray(memory, lengthBytes)); }
}

package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.tun.Checksum;
import org.lnsd.tun.Coalescer;
import org.lnsd.tun.Memory;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.SocketAddresses;
import org.lnsd.tun.UdpSocket;

/** Hostile and odd packets from a LAC: forwarded as they are or dropped and counted, never joined with others and never repaired. */
class BadPacketsTest {
    private static final int ROW = 5;
    private static final int OTHER_ROW = 6;
    private static final int UDP = 17;
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 0);

    private final Tables tables = new Tables();
    private final Rows rows = new Rows(16, 16);
    private final ReceiveBatch batch = new ReceiveBatch(8, 65_536);
    private final LoopCounters counters = new LoopCounters(16);
    private final long memory = Memory.map(1 << 17);
    private long at = memory + 64;
    /** What reached the device: whole (super-)packets without their virtio-net header, which is kept apart. */
    private final List<byte[]> written = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();
    private final TestPunt punt = new TestPunt();
    private final Coalescer coalescer = new Coalescer(this::take, new Coalescer.Stats(), true, true);
    private final Upstream upstream = new Upstream(tables, rows, batch, coalescer, counters, punt,
            new LimitGate(new RowLimits(16, new PacketPool(16)), counters, 0), _ -> {});

    private int take(long iovec, int entries) {
        headers.add(HexFormat.of().formatHex(Memory.toArray(Memory.getLong(iovec), 10)));
        written.add(TestQueue.gathered(iovec + 16, entries - 1));
        return 0;
    }

    @BeforeEach
    void sessions() {
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 1701);
        rows.setDestination(3, 0, peer, new InetSocketAddress("192.0.2.2", 1701));
        for (int row : new int[]{ROW, OTHER_ROW}) {
            rows.setPeerIds(row, 9, row);
            rows.setWord(row, Rows.IPV4 | Rows.IPV6, 1500, 3);
            tables.putSession(1, row, row);
        }
        SocketAddresses.write(batch.nameAddress(0), peer);
    }

    @AfterEach
    void free() {
        upstream.close();
        coalescer.close();
        batch.close();
        rows.close();
        counters.close();
        Memory.unmap(memory);
    }

    /** A datagram with the packet, in memory of its own as in a receive batch. */
    private void from(int session, byte[] packet) {
        from(datagram(session, packet[0] >>> 4 == 6 ? 0x57 : 0x21, packet));
    }

    private void from(byte[] datagram) {
        Memory.fromArray(datagram, 0, at, datagram.length);
        upstream.packet(0, at, datagram.length);
        at += datagram.length;
    }

    private static byte[] datagram(int session, int protocol, byte[] packet) {
        return ByteBuffer.allocate(10 + packet.length).putShort((short) 2).putShort((short) 1)
                .putShort((short) session).putShort((short) 0xFF03).putShort((short) protocol).put(packet).array();
    }

    private static byte[] ipv4(int protocol, int identification, byte[] payload) {
        ByteBuffer to = ByteBuffer.allocate(20 + payload.length).putInt(0x4500_0000 | 20 + payload.length)
                .putShort((short) identification).putShort((short) 0).putInt(0x4000_0000 | protocol << 16)
                .putInt(0x6440_0001).putInt(0xCB00_7107).put(payload);
        return withHeaderChecksum(to.array());
    }

    private static byte[] withHeaderChecksum(byte[] packet) {
        ByteBuffer bytes = ByteBuffer.wrap(packet).putShort(10, (short) 0);
        return bytes.putShort(10, (short) ~sum(packet, 0, (packet[0] & 0x0F) * 4)).array();
    }

    private static byte[] ipv6(int nextHeader, byte[] payload) {
        return ByteBuffer.allocate(40 + payload.length).putInt(0x6000_0000).putShort((short) payload.length)
                .put((byte) nextHeader).put((byte) 64).putLong(0x2001_0db8_0001_0000L).putLong(1)
                .putLong(0x2001_0db8_0002_0000L).putLong(2).put(payload).array();
    }

    private static byte[] udp(int identification, int payloadBytes) {
        byte[] datagram = ByteBuffer.allocate(8 + payloadBytes).putInt(0x0009_0009).putInt(8 + payloadBytes << 16)
                .array();
        byte[] packet = ipv4(UDP, identification, datagram);
        byte[] pseudo = ByteBuffer.allocate(12 + datagram.length).put(packet, 12, 8).putInt(UDP << 16 | datagram.length)
                .put(datagram).array();
        return ByteBuffer.wrap(packet).putShort(26, (short) ~sum(pseudo, 0, pseudo.length)).array();
    }

    private static int sum(byte[] octets, int from, int end) {
        long scratch = Memory.map(70_000);
        try {
            Memory.fromArray(octets, from, scratch, end - from);
            return Checksum.net16(Checksum.fold(Checksum.sum(scratch, end - from)));
        } finally {
            Memory.unmap(scratch);
        }
    }

    @SuppressWarnings("EnumOrdinal")
    private long drops(DropReason reason) { return counters.drops[reason.ordinal()]; }

    private static byte[] changed(byte[] packet, int offset, int octet) {
        byte[] other = packet.clone();
        other[offset] = (byte) octet;
        return other;
    }

    // RFC 791 section 3.1: version, header length, total length
    @ParameterizedTest
    @CsvSource({"0,44", "0,40", "0,65", "3,3d", "3,13", "2,01", "3,00"})
    void ipv4HeadersThatLieAreDropped(int offset, String octet) {
        from(datagram(ROW, 0x21, changed(udp(1, 32), offset, Integer.parseInt(octet, 16))));
        coalescer.flush();
        assertThat(written).isEmpty();
        assertThat(drops(DropReason.BAD_IP_PACKET)).isEqualTo(1);
    }

    // RFC 8200 section 3 and RFC 2675: no length, and a hop-by-hop header that would say a larger one
    @ParameterizedTest
    @CsvSource({"0,45", "4,01", "5,11", "5,00"})
    void ipv6HeadersThatLieAreDropped(int offset, String octet) {
        from(datagram(ROW, 0x57, changed(ipv6(0, new byte[16]), offset, Integer.parseInt(octet, 16))));
        coalescer.flush();
        assertThat(written).isEmpty();
        assertThat(drops(DropReason.BAD_IP_PACKET)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 19, 39})
    void packetsCutOffInTheirHeadersAreDropped(int lengthBytes) {
        from(ROW, Arrays.copyOf(udp(1, 32), Math.min(lengthBytes, 19)));
        from(ROW, Arrays.copyOf(ipv6(UDP, new byte[16]), lengthBytes));
        assertThat(drops(DropReason.BAD_IP_PACKET)).isEqualTo(2);
        assertThat(written).isEmpty();
    }

    // RFC 1661 section 2: padding ends with the length that the packet says
    @Test
    void paddingIsLeftBehind() {
        byte[] packet = udp(1, 32);
        from(ROW, Arrays.copyOf(packet, packet.length + 40));
        coalescer.flush();
        assertThat(written).containsExactly(packet);
    }

    /** Packets that can be told to no flow, or whose checksums are wrong, between two of a train: all go on unchanged and in order. */
    private void betweenTwoOfAFlow(byte[] odd) {
        from(ROW, udp(1, 32));
        from(ROW, odd);
        from(ROW, udp(2, 32));
        coalescer.flush();
        assertThat(written).containsExactly(udp(1, 32), odd, udp(2, 32));
        assertThat(headers).as("no checksum is left to the kernel").containsOnly("00".repeat(10));
    }

    @Test
    void fragmentsPassUnchangedAndInOrder() {
        byte[] first = udp(9, 32);
        ByteBuffer.wrap(first).putShort(6, (short) 0x2000);
        betweenTwoOfAFlow(withHeaderChecksum(first));
        written.clear();
        byte[] last = udp(9, 32);
        ByteBuffer.wrap(last).putShort(6, (short) 5);
        betweenTwoOfAFlow(withHeaderChecksum(last));
    }

    @Test
    void optionsPassUnchanged() {
        byte[] plain = udp(9, 32);
        byte[] packet = ByteBuffer.allocate(plain.length + 4).put(plain, 0, 20).putInt(0x9404_0000)
                .put(plain, 20, plain.length - 20).put(0, (byte) 0x46).putShort(2, (short) (plain.length + 4)).array();
        betweenTwoOfAFlow(withHeaderChecksum(packet));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 25, 26, 40})
    void whatIsCorruptStaysCorrupt(int offset) {
        byte[] packet = udp(9, 32);
        betweenTwoOfAFlow(changed(packet, offset, packet[offset] ^ 0x40));
    }

    // RFC 8200 section 4: hop-by-hop, routing, fragment, destination options, authentication
    @ParameterizedTest
    @ValueSource(ints = {0, 43, 44, 60, 51})
    void extensionHeadersPassUnchanged(int header) {
        byte[] payload = new byte[32];
        payload[0] = UDP;
        betweenTwoOfAFlow(ipv6(header, payload));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 12, 19})
    void transportHeadersThatAreCutOffPassUnchanged(int lengthBytes) {
        byte[] packet = ipv4(6, 9, new byte[lengthBytes]);
        from(ROW, packet);
        from(ROW, packet);
        coalescer.flush();
        assertThat(written).containsExactly(packet, packet);
    }

    // UDP_GRO joins by length alone: sessions, control messages and PPP control frames come in one train.
    @Test
    void aTrainFromTheSocketMayMixSessionsControlAndData() {
        try (UdpSocket lac = UdpSocket.bind(LOOPBACK, false); UdpSocket lns = UdpSocket.bind(LOOPBACK, false)) {
            rows.setDestination(3, 0, lac.local(), lns.local());
            boolean trains = lns.enableReceiveTrains();
            byte[] packet = udp(1, 32);
            byte[] message = ByteBuffer.allocate(70).putShort((short) 0xC802).putShort((short) 70).array();
            byte[] echo = datagram(ROW, 0xC021, ipv4(UDP, 1, new byte[40]));
            byte[] unknown = datagram(77, 0x21, packet);
            List<byte[]> sent = List.of(datagram(ROW, 0x21, packet), datagram(OTHER_ROW, 0x21, packet), message, echo,
                    datagram(ROW, 0x21, udp(2, 32)), unknown, datagram(ROW, 0x21, udp(3, 32)),
                    datagram(OTHER_ROW, 0x21, udp(4, 8)));
            send(lac, lns, sent);
            int[] received = {0};
            Awaitility.await().until(() -> {
                received[0] += upstream.drain(lns.fd(), 0, 1);
                return counters.packetsIn >= 5;
            });
            assertThat(received[0]).isEqualTo(trains ? 1 : sent.size());
            assertThat(punt.control).containsExactly(message);
            assertThat(punt.frames).hasSize(1);
            assertThat(drops(DropReason.UNKNOWN_SESSION)).isEqualTo(1);
            SessionCounters of = new SessionCounters();
            counters.addTo(ROW, of);
            assertThat(of.packetsIn).isEqualTo(3);
            SessionCounters other = new SessionCounters();
            counters.addTo(OTHER_ROW, other);
            assertThat(other.packetsIn).isEqualTo(2);
            assertThat(other.octetsIn).isEqualTo(60 + 36);
        }
    }

    private void send(UdpSocket from, UdpSocket to, List<byte[]> datagrams) {
        long block = Memory.map(SendBatch.DESTINATION);
        SendBatch.writeDestination(block, 0, to.local(), from.localAddress());
        try (SendBatch sender = new SendBatch(new int[]{from.fd()}, from.canSendTrains(), new SendBatch.Stats())) {
            for (byte[] datagram : datagrams) {
                Memory.fromArray(datagram, 0, at, datagram.length);
                sender.datagram(block, datagram.length);
                sender.append(at, datagram.length);
                at += datagram.length;
            }
            sender.flush();
        } finally {
            Memory.unmap(block);
        }
    }
}

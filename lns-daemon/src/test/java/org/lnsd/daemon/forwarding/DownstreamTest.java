package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.filter.FilterParser;
import org.lnsd.daemon.shaping.Rate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.tun.Checksum;
import org.lnsd.tun.Memory;
import org.lnsd.tun.SendBatch;

/** From packets of the device to datagrams; device and socket are this test's own. */
class DownstreamTest {
    private static final int ROW = 5;
    private static final int TUNNEL = 3;
    private static final int TCP_V4 = 1;
    private static final String NO_GSO = "00".repeat(10);
    private static final String HEADER = "0002" + "00090011";
    private static final byte[] OURS = {(byte) 192, 0, 2, 2};

    private final Tables tables = new Tables();
    private final Rows rows = new Rows(16, 16);
    private final LoopCounters counters = new LoopCounters(16);
    private final RowLimits limits = new RowLimits(16, new PacketPool(16));
    private final TestKernel kernel = new TestKernel();
    private final List<byte[]> datagrams = kernel.datagrams;
    private final SendBatch.Stats sent = new SendBatch.Stats();
    private final SendBatch batch = new SendBatch(new int[]{9}, true, sent, kernel);
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final TestQueue device = new TestQueue();
    private final List<byte[]> toDevice = device.written;
    private final Oversize oversize = new Oversize(device, true,
            List.of(new InetSocketAddress("192.0.2.2", 0).getAddress(),
                    new InetSocketAddress("2001:db8::2", 0).getAddress()));
    private final LimitGate gate = new LimitGate(limits, counters, 0,
            new Refusals(oversize, rows, batch, batch::flush));
    private final TestPunt bundle = new TestPunt();
    private final Downstream downstream = new Downstream(tables, rows, device, false, batch, counters, gate,
            new ShapedSender(group.next(), rows, limits.pool(), batch, counters, gate, bundle), oversize, bundle);

    @BeforeEach
    void session() {
        rows.setDestination(TUNNEL, 0, new InetSocketAddress("192.0.2.1", 1701),
                new InetSocketAddress("192.0.2.2", 1701));
        rows.setPeerIds(ROW, 9, 0x11);
        tables.ipv4().put(0x6440_0001L << 32, 0, 32, ROW);
        tables.ipv6().put(0x2001_0db8_0009_0000L, 0, 64, ROW);
        path(Rows.NETWORK_FLAGS, 1500);
    }

    private void path(int flags, int mtuBytes) { rows.setWord(ROW, flags, mtuBytes, TUNNEL); }

    @AfterEach
    void free() {
        downstream.close();
        oversize.close();
        batch.close();
        counters.close();
        rows.close();
        group.shutdownGracefully();
    }

    private static byte[] octets(String hex) { return HexFormat.of().parseHex(hex); }

    private static String hex(byte[] octets) { return HexFormat.of().formatHex(octets); }

    private void turn(byte[]... packets) {
        for (byte[] packet : packets) {
            device.toRead.add(packet);
        }
        downstream.turn(1);
        assertThat(downstream.drained()).isTrue();
    }

    private static byte[] ipv4(int flagsAndOffset, int payloadBytes) {
        ByteBuffer to = ByteBuffer.allocate(20 + payloadBytes);
        to.putInt(0x4500_0000 | to.capacity()).putShort((short) 77).putShort((short) flagsAndOffset).putInt(0x4011_0000)
                .putInt(0x0808_0808).putInt(0x6440_0001);
        for (int i = 0; i < payloadBytes; i++) {
            to.put((byte) i);
        }
        return withHeaderChecksum(to.array());
    }

    private static byte[] withHeaderChecksum(byte[] packet) {
        ByteBuffer.wrap(packet).putShort(10, (short) 0);
        ByteBuffer.wrap(packet).putShort(10, (short) ~sum(packet, 0, (packet[0] & 0x0F) * 4));
        return packet;
    }

    private static byte[] ipv6(int payloadBytes) {
        ByteBuffer to = ByteBuffer.allocate(40 + payloadBytes);
        to.putInt(0x6000_0000).putShort((short) payloadBytes).putShort((short) 0x1140);
        to.putLong(0x2001_0db8_0000_0000L).putLong(1).putLong(0x2001_0db8_0009_0000L).putLong(7);
        return to.array();
    }

    private static int sum(byte[] octets, int from, int end) {
        long at = Memory.map(70_000);
        try {
            Memory.fromArray(octets, from, at, end - from);
            return Checksum.net16(Checksum.fold(Checksum.sum(at, end - from)));
        } finally {
            Memory.unmap(at);
        }
    }

    private static byte[] read(byte[] packet) { return read(NO_GSO, packet); }

    private static byte[] read(String header, byte[] packet) { return octets(header + hex(packet)); }

    private static byte[] tcp(int payloadBytes) {
        byte[] packet = ipv4(0x4000, 20 + payloadBytes);
        packet[9] = 6;
        packet[32] = 0x50;
        packet[33] = 0x18;
        return withHeaderChecksum(packet);
    }

    private static byte[] superPacket(int payloadBytes, int segmentBytes) {
        return read("01%02x28".formatted(TCP_V4) + "00" + "%02x%02x".formatted(segmentBytes & 0xFF, segmentBytes >> 8)
                + "14001000", tcp(payloadBytes));
    }

    @SuppressWarnings("EnumOrdinal")
    private long drops(DropReason reason) { return counters.drops[reason.ordinal()]; }

    // RFC 2661 section 3.1, RFC 1661 sections 6.5 and 6.6
    @ParameterizedTest
    @CsvSource({"false,false,0021,0057", "true,false,ff030021,ff030057", "false,true,21,57", "true,true,ff0321,ff0357"})
    void theHeaderIsWhatThePeerNegotiated(boolean addressControl, boolean compressed, String four, String six) {
        path(Rows.NETWORK_FLAGS | (addressControl ? Rows.ADDRESS_CONTROL : 0)
                | (compressed ? Rows.PROTOCOL_COMPRESSED : 0), 1500);
        turn(read(ipv4(0x4000, 8)), read(ipv6(9)));
        assertThat(datagrams.stream().map(DownstreamTest::hex)).containsExactly(HEADER + four + hex(ipv4(0x4000, 8)),
                HEADER + six + hex(ipv6(9)));
    }

    // RFC 2661 section 5.4: Ns starts at 0, goes up by one a message and wraps; Nr is reserved.
    @Test
    void sequenceNumbersCountEveryMessageAndWrap() {
        path(Rows.NETWORK_FLAGS | Rows.SEQUENCING, 1500);
        turn(read(ipv4(0x4000, 8)), superPacket(250, 100), read(ipv4(0x4000, 8)));
        for (int i = 0; i < 5; i++) {
            assertThat(hex(datagrams.get(i))).startsWith("0802" + "00090011" + "%04x".formatted(i) + "0000" + "0021");
        }
        for (int i = 5; i < 65_536; i++) {
            rows.nextNs(ROW);
        }
        turn(read(ipv4(0x4000, 8)));
        assertThat(hex(datagrams.getLast())).startsWith("0802" + "00090011" + "0000" + "0000" + "0021");
    }

    @Test
    void aSuperPacketIsCutAndCountedAsWhatItIsCutInto() {
        path(Rows.NETWORK_FLAGS | Rows.ADDRESS_CONTROL, 1500);
        turn(superPacket(2500, 1000));
        assertThat(datagrams.stream().map(datagram -> datagram.length)).containsExactly(1050, 1050, 550);
        assertThat(kernel.messages).as("one train").isEqualTo(1);
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (byte[] datagram : datagrams) {
            assertThat(sum(datagram, 10, 30)).as("checksum of the header").isEqualTo(0xFFFF);
            payload.write(datagram, 50, datagram.length - 50);
        }
        assertThat(payload.toByteArray()).isEqualTo(Arrays.copyOfRange(tcp(2500), 40, 2540));
        SessionCounters seen = new SessionCounters();
        counters.addTo(ROW, seen);
        assertThat(seen.packetsOut).isEqualTo(3);
        assertThat(seen.octetsOut).isEqualTo(2500 + 3 * 40);
        assertThat(seen.ipv6PacketsOut).isZero();
    }

    @Test
    void datagramsOfOneLacShareATrainWhateverTheirSessions() {
        rows.setPeerIds(6, 12, 0x22);
        rows.setWord(6, Rows.NETWORK_FLAGS, 1500, TUNNEL);
        tables.ipv4().put(0x0808_0808L << 32, 0, 32, 6);
        byte[] other = ipv4(0x4000, 100);
        ByteBuffer.wrap(other).putInt(16, 0x0808_0808);
        turn(read(ipv4(0x4000, 100)), read(other), read(ipv4(0x4000, 100)));
        assertThat(kernel.messages).isEqualTo(1);
        assertThat(datagrams.stream().map(datagram -> hex(datagram).substring(4, 12))).containsExactly("00090011",
                "000c0022", "00090011");
    }

    // RFC 791 section 2.3 and 3.2
    @ParameterizedTest
    @ValueSource(ints = {576, 1000, 1499})
    void packetsThatMayBeFragmentedAre(int mtuBytes) {
        path(Rows.NETWORK_FLAGS, mtuBytes);
        byte[] whole = ipv4(0, 1480);
        turn(read(whole));
        byte[] together = new byte[1480];
        int covered = 0;
        for (int i = 0; i < datagrams.size(); i++) {
            byte[] fragment = Arrays.copyOfRange(datagrams.get(i), 8, datagrams.get(i).length);
            assertThat(fragment).hasSizeLessThanOrEqualTo(mtuBytes);
            assertThat(sum(fragment, 0, 20)).isEqualTo(0xFFFF);
            ByteBuffer header = ByteBuffer.wrap(fragment);
            assertThat(header.getShort(2)).isEqualTo((short) fragment.length);
            assertThat(header.getShort(4)).as("identification").isEqualTo((short) 77);
            assertThat((header.getShort(6) & 0x2000) != 0).as("more fragments").isEqualTo(i < datagrams.size() - 1);
            System.arraycopy(fragment, 20, together, (header.getShort(6) & 0x1FFF) * 8, fragment.length - 20);
            covered += fragment.length - 20;
        }
        assertThat(covered).isEqualTo(1480);
        assertThat(together).isEqualTo(Arrays.copyOfRange(whole, 20, 1500));
        assertThat(counters.fragmented).isEqualTo(1);
        SessionCounters seen = new SessionCounters();
        counters.addTo(ROW, seen);
        assertThat(seen.packetsOut).isEqualTo(datagrams.size());
        assertThat(seen.octetsOut).isEqualTo(1480 + 20L * datagrams.size());
    }

    // RFC 791 section 3.1: only options with the copied flag stand in every fragment.
    @Test
    void optionsAreCopiedIfTheySaySo() {
        path(Rows.NETWORK_FLAGS, 600);
        byte[] plain = ipv4(0, 1000);
        byte[] packet = octets("47" + hex(plain).substring(2, 40) + "94040000" + "07040400" + hex(plain).substring(40));
        ByteBuffer.wrap(packet).putShort(2, (short) packet.length);
        turn(read(withHeaderChecksum(packet)));
        assertThat(hex(datagrams.getFirst()).substring(16 + 40, 16 + 56)).isEqualTo("94040000" + "07040400");
        assertThat(hex(datagrams.getLast()).substring(16 + 40, 16 + 56)).isEqualTo("94040000" + "01010101");
    }

    // RFC 1191 section 4: destination unreachable, fragmentation needed, with the MTU
    @Test
    void theSenderOfAPacketThatMustNotBeFragmentedIsTold() {
        path(Rows.NETWORK_FLAGS, 1400);
        byte[] large = ipv4(0x4000, 1401);
        turn(read(large));
        assertThat(datagrams).isEmpty();
        byte[] told = Arrays.copyOfRange(toDevice.getFirst(), 10, toDevice.getFirst().length);
        assertThat(Arrays.copyOfRange(told, 12, 16)).isEqualTo(OURS);
        assertThat(hex(told).substring(32, 40)).as("to the sender").isEqualTo("08080808");
        assertThat(hex(told).substring(40, 44)).isEqualTo("0304");
        assertThat(ByteBuffer.wrap(told).getShort(26)).isEqualTo((short) 1400);
        assertThat(sum(told, 0, 20)).isEqualTo(0xFFFF);
        assertThat(sum(told, 20, told.length)).isEqualTo(0xFFFF);
        assertThat(told).as("RFC 1812 section 4.3.2.3").hasSize(576);
        assertThat(told[1]).as("RFC 1812 section 4.3.2.5: internetwork control").isEqualTo((byte) 0xc0);
        assertThat(Arrays.copyOfRange(told, 28, told.length)).isEqualTo(Arrays.copyOf(large, 548));
        assertThat(drops(DropReason.TOO_BIG)).isEqualTo(1);
    }

    @Test
    void aSuperPacketForASmallerLinkCountsAsWhatItIsMadeOf() {
        path(Rows.NETWORK_FLAGS, 1000);
        turn(superPacket(3000, 1400));
        assertThat(datagrams).isEmpty();
        assertThat(toDevice).as("its sender is told").hasSize(1);
        assertThat(drops(DropReason.TOO_BIG)).isEqualTo(3);
    }

    // RFC 4443 section 3.2: packet too big; section 2.4 (f): at a limited rate
    @Test
    void theSenderOfATooLargeIpv6PacketIsToldAtALimitedRate() {
        path(Rows.NETWORK_FLAGS, 1280);
        byte[] large = ipv6(1300);
        for (int i = 0; i < 20; i++) {
            turn(read(large));
        }
        assertThat(toDevice).hasSize(16);
        assertThat(drops(DropReason.TOO_BIG)).isEqualTo(16);
        assertThat(drops(DropReason.TOO_BIG_SILENT)).isEqualTo(4);
        byte[] told = Arrays.copyOfRange(toDevice.getFirst(), 10, toDevice.getFirst().length);
        assertThat(told).as("the minimum MTU").hasSize(1280);
        assertThat(hex(told).substring(80, 84)).isEqualTo("0200");
        assertThat(ByteBuffer.wrap(told).getInt(44)).isEqualTo(1280);
        ByteBuffer pseudo = ByteBuffer.allocate(40 + told.length - 40).put(told, 8, 32).putInt(told.length - 40)
                .putInt(58).put(told, 40, told.length - 40);
        assertThat(sum(pseudo.array(), 0, pseudo.position())).isEqualTo(0xFFFF);
    }

    // RFC 1812 section 4.3.2.7, RFC 4443 section 2.4 (e.1): an error that is too large is not answered by another one
    @Test
    void nobodyIsToldThatHisErrorIsTooLarge() {
        path(Rows.NETWORK_FLAGS, 1280);
        byte[] unreachable = ipv4(0x4000, 1400);
        unreachable[9] = 1;
        unreachable[20] = 3;
        byte[] exceeded = ipv6(1300);
        exceeded[6] = 58;
        exceeded[40] = 3;
        turn(read(withHeaderChecksum(unreachable)), read(exceeded));
        assertThat(toDevice).isEmpty();
        assertThat(drops(DropReason.TOO_BIG_SILENT)).isEqualTo(2);
        byte[] fragment = ipv6(1300);
        fragment[6] = 44;
        fragment[40] = 17;
        fragment[43] = 1;
        turn(read(fragment));
        assertThat(toDevice).as("but a sender of fragments is told").hasSize(1);
    }

    // RFC 4291 section 2.5.6; RFC 1812 section 5.2.7.2: the kernel takes the lines of two subscribers for one network
    @Test
    void whatBelongsToAnotherLinkAndRedirectsAreNotSentOn() {
        byte[] linkLocal = ipv6(8);
        linkLocal[8] = (byte) 0xfe;
        linkLocal[9] = (byte) 0x80;
        byte[] redirect = ipv4(0, 8);
        redirect[9] = 1;
        redirect[20] = 5;
        System.arraycopy(OURS, 0, redirect, 12, 4);
        turn(read(linkLocal), read(withHeaderChecksum(redirect)));
        assertThat(datagrams).isEmpty();
        assertThat(drops(DropReason.NOT_FORWARDED)).isEqualTo(2);
        byte[] reply = redirect.clone();
        reply[20] = 0;
        byte[] ofOthers = redirect.clone();
        ofOthers[12] = 8;
        turn(read(withHeaderChecksum(reply)), read(withHeaderChecksum(ofOthers)));
        assertThat(datagrams).hasSize(2);
    }

    // RFC 6691: what the MTU leaves behind the fixed headers
    @ParameterizedTest
    @CsvSource({"1400,1360", "1500,1460", "1600,1460"})
    void theMssIsLoweredToTheLinks(int mtuBytes, int expected) {
        path(Rows.NETWORK_FLAGS, mtuBytes);
        byte[] syn = Arrays.copyOf(tcp(4), 44);
        syn[32] = 0x60;
        syn[33] = 0x02;
        System.arraycopy(octets("020405b4"), 0, syn, 40, 4);
        ByteBuffer.wrap(syn).putShort(36, (short) 0);
        ByteBuffer.wrap(syn).putShort(36, (short) ~pseudoSum(syn));
        turn(read(syn));
        byte[] out = Arrays.copyOfRange(datagrams.getFirst(), 8, 52);
        assertThat(ByteBuffer.wrap(out).getShort(42)).isEqualTo((short) expected);
        assertThat(pseudoSum(out)).isEqualTo(0xFFFF);
    }

    private static int pseudoSum(byte[] packet) {
        ByteBuffer pseudo = ByteBuffer.allocate(12 + packet.length - 20).put(packet, 12, 8).putShort((short) 6)
                .putShort((short) (packet.length - 20)).put(packet, 20, packet.length - 20);
        return sum(pseudo.array(), 0, pseudo.position());
    }

    @Test
    void whatGoesNoFurtherIsCountedByItsReason() {
        byte[] stranger = ipv4(0x4000, 8);
        stranger[16] = 1;
        turn(read(stranger));
        assertThat(drops(DropReason.NO_ROUTE)).isEqualTo(1);
        turn(read(Arrays.copyOf(ipv4(0x4000, 8), 19)), read(Arrays.copyOf(ipv6(0), 39)));
        assertThat(drops(DropReason.BAD_IP_PACKET)).isEqualTo(2);
        path(Rows.IPV6, 1500);
        turn(read(ipv4(0x4000, 8)));
        assertThat(drops(DropReason.NETWORK_CLOSED)).isEqualTo(1);
        path(Rows.NETWORK_FLAGS, 1500);
        turn(read("0101280000001400" + "1000", tcp(100)));
        assertThat(drops(DropReason.BAD_SUPER_PACKET)).isEqualTo(1);
        assertThat(datagrams).isEmpty();
    }

    @Test
    void aBundleGetsEveryPacketOfASuperPacket() {
        path(Rows.NETWORK_FLAGS | Rows.MULTILINK, 1500);
        turn(superPacket(250, 100), read(ipv4(0x4000, 8)));
        assertThat(bundle.packets.stream().map(packet -> packet.length)).containsExactly(140, 140, 90, 28);
        assertThat(datagrams).isEmpty();
    }

    private void limit(int flags, Limits wanted) {
        rows.setWord(ROW, flags | limits.set(ROW, wanted, 0), 1500, TUNNEL);
    }

    // 64 kbit/s, and room for 16 packets that wait: the others are dropped, and those that waited go to the bundle in their order
    @Test
    void aBundleIsShapedAsAnyLine() throws Exception {
        limit(Rows.NETWORK_FLAGS | Rows.MULTILINK, new Limits(Optional.empty(), Optional.empty(), Rate.UNLIMITED,
                new Rate(64_000, 100)));
        for (int i = 0; i < 60; i++) {
            device.toRead.add(read(ipv4(0x4000, 60 + i)));
        }
        group.next().submit(() -> downstream.turn(System.nanoTime())).get();
        assertThat(drops(DropReason.RATE)).isPositive();
        Awaitility.await().atMost(30, TimeUnit.SECONDS)
                .until(() -> bundle.packets.size() + drops(DropReason.RATE) == 60);
        assertThat(bundle.packets).isSortedAccordingTo(Comparator.comparingInt(packet -> packet.length));
        assertThat(datagrams).isEmpty();
    }

    @Test
    void aSmallPacketPassesLargeOnesThatWait() throws Exception {
        limit(Rows.NETWORK_FLAGS, new Limits(Optional.empty(), Optional.empty(), Rate.UNLIMITED,
                new Rate(20_000_000, 0)));
        for (int i = 0; i < 12; i++) {
            device.toRead.add(read(ipv4(0x4000, 1400)));
        }
        device.toRead.add(read(tcp(40)));
        List<Integer> atOnce = group.next().submit(() -> {
            downstream.turn(System.nanoTime());
            return datagrams.stream().map(datagram -> datagram.length).toList();
        }).get();
        assertThat(atOnce).hasSizeBetween(2, 12).endsWith(8 + 80);
        Awaitility.await().atMost(30, TimeUnit.SECONDS)
                .until(() -> group.next().submit(() -> datagrams.size()).get() == 13);
    }

    // RFC 1812 section 5.2.7.1, RFC 4443 section 3.1
    @Test
    void rejectTellsTheSenderAndDenyDoesNot() {
        CompiledFilter filter = new CompiledFilter("f", List.of(FilterParser.parse("deny udp 8.0.0.0/8 any"),
                FilterParser.parse("reject any")), 1);
        limit(Rows.NETWORK_FLAGS, new Limits(Optional.empty(), Optional.of(filter), Rate.UNLIMITED, Rate.UNLIMITED));
        turn(read(ipv4(0x4000, 8)));
        assertThat(toDevice).isEmpty();
        turn(read(tcp(100)), read(ipv6(100)));
        byte[] four = Arrays.copyOfRange(toDevice.getFirst(), 10, toDevice.getFirst().length);
        assertThat(hex(four).substring(40, 44)).isEqualTo("030d");
        assertThat(hex(four).substring(32, 40)).as("to the sender").isEqualTo("08080808");
        byte[] six = Arrays.copyOfRange(toDevice.getLast(), 10, toDevice.getLast().length);
        assertThat(hex(six).substring(80, 84)).isEqualTo("0101");
        assertThat(drops(DropReason.FILTER)).isEqualTo(3);
        assertThat(datagrams).isEmpty();
    }

    // RFC 1812 section 4.3.2.8, RFC 4443 section 2.4 (f)
    @Test
    void whoSendsToASuspendedLineIsToldAtALimitedRate() {
        limit(Rows.NETWORK_FLAGS, new Limits(Optional.empty(), Optional.empty(), Rate.UNLIMITED, Rate.UNLIMITED,
                Optional.empty(), 0, Optional.empty(), true, Optional.empty()));
        for (int i = 0; i < 40; i++) {
            turn(read(ipv4(0x4000, 8)));
        }
        assertThat(drops(DropReason.SUSPENDED)).isEqualTo(40);
        assertThat(toDevice).hasSize(16);
    }

    @Test
    void aDeviceWithoutVirtioNetHeadersWorksAlike() {
        device.headers = false;
        turn(ipv4(0x4000, 8), ipv6(9));
        assertThat(datagrams.stream().map(DownstreamTest::hex)).containsExactly(HEADER + "0021" + hex(ipv4(0x4000, 8)),
                HEADER + "0057" + hex(ipv6(9)));
    }

    @Test
    void aTurnIsBoundedInPacketsAndOctets() {
        for (int i = 0; i < 70; i++) {
            device.toRead.add(read(ipv4(0x4000, 100 + i)));
        }
        assertThat(downstream.turn(1)).isEqualTo(64);
        assertThat(downstream.drained()).isFalse();
        assertThat(downstream.turn(1)).isEqualTo(6);
        assertThat(downstream.drained()).isTrue();
        for (int i = 0; i < 20; i++) {
            device.toRead.add(superPacket(60_000, 1400));
        }
        assertThat(downstream.turn(1)).isBetween(6, 12);
        assertThat(downstream.drained()).isFalse();
        while (!downstream.drained()) {
            downstream.turn(1);
        }
        assertThat(datagrams).hasSize(70 + 20 * 43);
    }

    @Test
    void nothingIsAllocatedPerPacket() {
        kernel.keeping = false;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (byte[] packet : List.of(read(ipv4(0x4000, 64)), read(ipv6(512)), superPacket(14_000, 1400))) {
            // The compiler's own work on this thread shows in single rounds; what packets cost would show in each.
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 4 && least > 0; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                run(packet, packet.length > 2000 ? 100_000 : 1_000_000);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
        }
        assertThat(counters.packetsOut).isGreaterThanOrEqualTo(3_000_000);
    }

    private void run(byte[] packet, int times) {
        device.repeat(packet, times);
        while (device.repeats()) {
            downstream.turn(1);
        }
    }
}

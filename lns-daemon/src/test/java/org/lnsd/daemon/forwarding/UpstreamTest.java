package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.filter.FilterParser;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.tun.Coalescer;
import org.lnsd.tun.Memory;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SocketAddresses;

/** What becomes of datagrams, by the drop counters and by what reaches the device; no socket and no device. */
class UpstreamTest {
    private static final String IPV4 = "4500001c000040004001000064400001cb007107" + "0800f7ff00000000";
    private static final String IPV6_RS = "60000000000838ff" + "fe800000000000000000000000000001"
            + "ff020000000000000000000000000002" + "8500000000000000";
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 1701);

    private final Tables tables = new Tables();
    private final Rows rows = new Rows(16, 16);
    private final ReceiveBatch batch = new ReceiveBatch(2, 4096);
    private final LoopCounters counters = new LoopCounters(16);
    private final long memory = Memory.map(8192);
    private final RowLimits limits = new RowLimits(16, new PacketPool(16));
    private int written;
    private int refused;
    private int unreachable;
    private int alarms;
    private final TestPunt punt = new TestPunt();
    private final Coalescer coalescer = new Coalescer((iovec, entries) -> {
        written++;
        return 0;
    }, new Coalescer.Stats(), true, true);
    private final Upstream upstream = new Upstream(tables, rows, batch, coalescer, counters, punt,
            new LimitGate(limits, counters, 0, new Told()), _ -> alarms++);

    @BeforeEach
    void session() {
        rows.setDestination(3, 0, PEER, new InetSocketAddress("192.0.2.2", 1701));
        rows.setPeerIds(5, 9, 9);
        rows.setWord(5, Rows.ADDRESS_CONTROL | Rows.SEQUENCING | Rows.NETWORK_FLAGS, 1500, 3);
        tables.putSession(0x1234, 0x5678, 5);
        tables.ipv4().put(0x6440_0001L << 32, 0, 32, 5);
        SocketAddresses.write(batch.nameAddress(0), PEER);
        SocketAddresses.write(batch.nameAddress(1), new InetSocketAddress("192.0.2.1", 1702));
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

    private void packet(int message, String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        Memory.fromArray(octets, 0, memory, octets.length);
        upstream.packet(message, memory, octets.length);
        coalescer.flush();
    }

    @SuppressWarnings("EnumOrdinal")
    private long drops(DropReason reason) { return counters.drops[reason.ordinal()]; }

    // RFC 2661 section 3.1: L, S, O bits; RFC 1661 sections 6.5 and 6.6: compressed or not.
    @Test
    void everyFormOfHeaderIsUnderstood() {
        packet(0, "000212345678" + "ff030021" + IPV4);
        packet(0, "000212345678" + "0021" + IPV4);
        packet(0, "000212345678" + "21" + IPV4);
        packet(0, "000212345678" + "ff0321" + IPV4);
        packet(0, "4002002812345678" + "ff030021" + IPV4);
        packet(0, "08021234567800000000" + "ff030021" + IPV4);
        packet(0, "0202123456780003aabbcc" + "ff030021" + IPV4);
        assertThat(written).isEqualTo(7);
        SessionCounters sum = new SessionCounters();
        counters.addTo(5, sum);
        assertThat(sum.packetsIn).isEqualTo(7);
        assertThat(sum.octetsIn).isEqualTo(7 * 28);
    }

    @Test
    void whatIsWrongIsCountedByItsReason() {
        packet(0, "000312345678" + "ff030021" + IPV4);
        assertThat(drops(DropReason.BAD_L2TP_HEADER)).isEqualTo(1);
        packet(0, "4002002912345678" + "ff030021" + IPV4);
        packet(0, "020212345678ffff" + "ff030021" + IPV4);
        assertThat(drops(DropReason.BAD_L2TP_LENGTH)).isEqualTo(2);
        packet(0, "000212345679" + "ff030021" + IPV4);
        assertThat(drops(DropReason.UNKNOWN_SESSION)).isEqualTo(1);
        packet(0, "000212345678" + "ff030021" + IPV4.replace("64400001", "64400002"));
        assertThat(drops(DropReason.SOURCE_CHECK)).isEqualTo(1);
        packet(0, "000212345678" + "ff030021" + IPV4.replace("4500001c", "4500001d"));
        packet(0, "000212345678" + "ff030021" + IPV4.substring(0, 30));
        assertThat(drops(DropReason.BAD_IP_PACKET)).isEqualTo(2);
        for (String frame : new String[]{"ff03", "ff0300", "ff030021", "57"}) {
            packet(0, "000212345678" + frame);
        }
        assertThat(drops(DropReason.BAD_PPP_FRAME)).isEqualTo(4);
        assertThat(written).isZero();
    }

    @Test
    void anotherPortIsAnotherPeer() {
        packet(1, "000212345678" + "ff030021" + IPV4);
        assertThat(drops(DropReason.WRONG_PEER)).isEqualTo(1);
    }

    @Test
    void controlAndLinkLocalTrafficIsHandedOver() {
        packet(0, "c802000c12340000" + "00000000");
        packet(0, "000212345678" + "ff03c021" + "09010008aabbccdd");
        packet(0, "000212345678" + "ff030057" + IPV6_RS.replace("000838ff", "00083aff"));
        assertThat(punt.control).hasSize(1);
        assertThat(punt.frames).hasSize(2);
    }

    // RFC 2661 section 3.1
    @Test
    void controlFramesReachTheirOwnerWhateverTheHeader() {
        String echo = "c021" + "09010008aabbccdd";
        packet(0, "4002001212345678" + echo);
        packet(0, "0802123456780000" + "0000" + echo);
        packet(0, "0202123456780003aabbcc" + "ff03" + echo);
        packet(0, "4a02001c12345678" + "00010000" + "0002aabb" + "ff03" + echo + "eeee");
        assertThat(punt.frames).hasSize(4);
        assertThat(written).isZero();
    }

    // RFC 4861 section 6.2: the first advertisement comes before there is any prefix on the link.
    @Test
    void linkLocalTrafficNeedsNoNetwork() {
        rows.setWord(5, Rows.ADDRESS_CONTROL, 1500, 3);
        packet(0, "000212345678" + "ff030057" + IPV6_RS.replace("000838ff", "00083aff"));
        packet(0, "000212345678" + "ff030057" + IPV6_RS.replace("fe80", "2001").replace("ff02", "2001"));
        assertThat(punt.frames).hasSize(1);
        assertThat(drops(DropReason.NETWORK_CLOSED)).isEqualTo(1);
    }

    // RFC 1661 section 3.5: the first packet may come right behind the Ack, which goes by another socket.
    @Test
    void packetsForNetworksThatAreNotUpWaitWithinTheirShare() {
        rows.setWord(5, Rows.ADDRESS_CONTROL, 1500, 3);
        punt.earlyTaken = true;
        for (int i = 0; i < 20; i++) {
            packet(0, "000212345678" + "ff030021" + IPV4);
        }
        assertThat(punt.early).isEqualTo(16);
        assertThat(drops(DropReason.NETWORK_CLOSED)).isEqualTo(4);

        packet(0, "000212345678" + "ff030057" + IPV6_RS.replace("000838ff", "00083aff"));
        assertThat(punt.frames).as("the link's own traffic keeps its share").hasSize(1);
    }

    @Test
    void packetThatHasWaitedGoesWhereTheRowSays() {
        rows.setWord(5, Rows.ADDRESS_CONTROL, 1500, 3);
        byte[] frame = HexFormat.of().parseHex("ff030021" + IPV4);
        Memory.fromArray(frame, 0, memory, frame.length);
        upstream.waited(5, memory, frame.length, 1);
        assertThat(written).isZero();
        assertThat(drops(DropReason.NETWORK_CLOSED)).isEqualTo(1);

        rows.setWord(5, Rows.ADDRESS_CONTROL | Rows.NETWORK_FLAGS, 1500, 3);
        upstream.waited(5, memory, frame.length, 2);
        assertThat(written).isEqualTo(1);
    }

    // RFC 2827: a session without an address or a link prefix of its own has no source that begins with zeros either.
    @Test
    void sourcesThatBeginWithZerosAreNobodys() {
        packet(0, "000212345678" + "ff030021" + IPV4.replace("64400001", "00000000"));
        packet(0, "000212345678" + "ff030057" + IPV6_RS.replace("fe80", "0000").replace("ff02", "2001"));
        assertThat(written).isZero();
        assertThat(drops(DropReason.SOURCE_CHECK)).isEqualTo(2);
    }

    // RFC 4443 section 3.1: a packet from a point-to-point link to its own subnet must not go back; RFC 4291 section 2.6.1: but prefix:: is the router
    @Test
    void whatIsForItsOwnLinkDoesNotComeBack() {
        rows.setSources(5, 0x6440_0001, 0x2001_0db8_0009_0000L);
        String echo = "600000000008" + "3a40" + "20010db8000900000000000000000007" + "%s" + "8000000000010001";
        packet(0, "000212345678" + "0057" + echo.formatted("20010db8000900000000000000000008"));
        packet(0, "000212345678" + "0057" + echo.formatted("20010db8000900000000000000000007"));
        assertThat(drops(DropReason.NOT_FORWARDED)).isEqualTo(2);
        assertThat(unreachable).isEqualTo(2);
        packet(0, "000212345678" + "0057" + echo.formatted("20010db8000900000000000000000000"));
        assertThat(punt.frames).hasSize(1);
        assertThat(written).isZero();
        packet(0, "000212345678" + "0057" + echo.formatted("20010db8000a00000000000000000000"));
        assertThat(written).isEqualTo(1);
        rows.setSources(5, 0x6440_0001, 0); // no link prefix
        rows.setWord(5, Rows.ADDRESS_CONTROL | Rows.IPV6, 1500, 3);
        packet(0, "000212345678" + "0057" + echo.formatted("00000000000000000000000000000001"));
        assertThat(written).isEqualTo(2);
    }

    // RFC 2661 section 5.4
    @Test
    void lateDataIsDiscarded() {
        packet(0, "08021234567800050000" + "0021" + IPV4);
        packet(0, "08021234567800040000" + "0021" + IPV4);
        packet(0, "08021234567800060000" + "0021" + IPV4);
        assertThat(written).isEqualTo(2);
        assertThat(drops(DropReason.LATE_SEQUENCE)).isEqualTo(1);
    }

    // RFC 2661 section 5.4
    @Test
    void aDuplicateOfAControlFrameIsDiscarded() {
        String echo = "c021" + "09010008" + "00000000";
        packet(0, "08021234567800070000" + echo);
        packet(0, "08021234567800070000" + echo);
        packet(0, "08021234567800080000" + echo);
        assertThat(punt.frames).hasSize(2);
        assertThat(drops(DropReason.LATE_SEQUENCE)).isEqualTo(1);
    }

    // RFC 2661 section 5.4: what is early waits a while for what is missing; the numbers of control frames are not missing.
    @Test
    void earlyDataWaitsForItsTurn() {
        packet(0, "08021234567800050000" + "0021" + IPV4);
        packet(0, "08021234567800080000" + "0021" + IPV4);
        packet(0, "08021234567800070000" + "c021" + "09010008" + "00000000");
        assertThat(written).isEqualTo(1);
        assertThat(alarms).isEqualTo(1);
        packet(0, "08021234567800060000" + "0021" + IPV4);
        assertThat(written).isEqualTo(3);
        packet(0, "080212345678000a0000" + "0021" + IPV4);
        assertThat(written).isEqualTo(3);
        upstream.onTimeout(Resequencer.HOLD_NS);
        assertThat(written).isEqualTo(4);
        packet(0, "08021234567800090000" + "0021" + IPV4);
        assertThat(written).isEqualTo(4);
        assertThat(drops(DropReason.LATE_SEQUENCE)).isEqualTo(1);
    }

    @Test
    void aFilterDropsAndCountsAndIsTakenAwayAgain() {
        String tcp = "4500002800004000400600006440000108080808" + "%04x%04x" + "0000000000000000" + "50022000"
                + "00000000";
        CompiledFilter filter = new CompiledFilter("no-smtp",
                List.of(FilterParser.parse("deny tcp any any eq 25"), FilterParser.parse("permit any")), 1);
        long word = rows.word(5);
        int flags = limits.set(5, new Limits(Optional.of(filter), Optional.empty(), Rate.UNLIMITED, Rate.UNLIMITED), 0);
        rows.setWord(5, Rows.flags(word) | flags, 1500, 3);
        packet(0, "000212345678" + "ff030021" + tcp.formatted(4000, 25));
        packet(0, "000212345678" + "ff030021" + tcp.formatted(4000, 80));
        assertThat(written).isEqualTo(1);
        assertThat(drops(DropReason.FILTER)).isEqualTo(1);
        assertThat(filter.hits(0)).isEqualTo(1);
        assertThat(filter.hits(1)).isEqualTo(1);
        SessionCounters sum = new SessionCounters();
        counters.addTo(5, sum);
        assertThat(sum.packetsIn).as("what was dropped is not accounted").isEqualTo(1);
        assertThat(sum.dropsIn).isEqualTo(1);
        assertThat(limits.set(5, Limits.NONE, 0)).isZero();
        rows.setWord(5, Rows.flags(word), 1500, 3);
        packet(0, "000212345678" + "ff030021" + tcp.formatted(4000, 25));
        assertThat(written).isEqualTo(2);
    }

    // RFC 1812 section 5.2.7.1
    @Test
    void theSubscriberIsToldWhatIsRejectedOrSuspendedAndNotWhatIsDenied() {
        String udp = "4500001c00004000401100006440000108080808" + "%04x%04x" + "00080000";
        CompiledFilter filter = new CompiledFilter("f", List.of(FilterParser.parse("deny udp any any eq 7"),
                FilterParser.parse("reject udp any any eq 9"), FilterParser.parse("permit any")), 1);
        long word = rows.word(5);
        int flags = limits.set(5, new Limits(Optional.of(filter), Optional.empty(), Rate.UNLIMITED, Rate.UNLIMITED), 0);
        rows.setWord(5, Rows.flags(word) | flags, 1500, 3);
        packet(0, "000212345678" + "ff030021" + udp.formatted(4000, 7));
        assertThat(refused).isZero();
        packet(0, "000212345678" + "ff030021" + udp.formatted(4000, 9));
        assertThat(refused).isEqualTo(1);
        assertThat(drops(DropReason.FILTER)).isEqualTo(2);
        limits.set(5, new Limits(Optional.empty(), Optional.empty(), Rate.UNLIMITED, Rate.UNLIMITED, Optional.empty(),
                0, Optional.empty(), true, Optional.empty()), 0);
        packet(0, "000212345678" + "ff030021" + udp.formatted(4000, 80));
        assertThat(refused).isEqualTo(2);
        assertThat(drops(DropReason.SUSPENDED)).isEqualTo(1);
    }

    private final class Told implements LimitGate.Refusal {
        @Override
        public void tellSubscriber(int row, long packet, int lengthBytes, long nowNs) { refused++; }

        @Override
        public void tellUnreachable(int row, long packet, int lengthBytes, long nowNs) { unreachable++; }

        @Override
        public void tellOther(long packet, int lengthBytes, long nowNs) {
            throw new AssertionError("nobody else has sent anything");
        }
    }

    @Test
    void noiseBreaksNothing() {
        Random random = new Random(99);
        System.out.println("seed 99");
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[random.nextInt(80)];
            random.nextBytes(noise);
            if (noise.length > 6 && random.nextBoolean()) {
                System.arraycopy(HexFormat.of().parseHex("000212345678"), 0, noise, 0, 6);
            }
            Memory.fromArray(noise, 0, memory, noise.length);
            upstream.packet(0, memory, noise.length);
        }
        coalescer.flush();
    }

    @Test
    void nothingIsAllocatedPerPacket() {
        byte[] octets = HexFormat.of().parseHex("000212345678" + "ff030021" + IPV4);
        Memory.fromArray(octets, 0, memory, octets.length);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // The compiler's own work on this thread shows in single rounds; what packets cost would show in each.
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            run(octets.length, 1_000_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    private void run(int lengthBytes, int packets) {
        for (int i = 0; i < packets; i++) {
            upstream.packet(0, memory, lengthBytes);
        }
        coalescer.flush();
    }
}

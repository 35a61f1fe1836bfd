package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is joined and what is not: nothing that the kernel would not cut into exactly the packets that came. */
class CoalescerTest {
    private final long memory = Memory.map(1 << 20);
    private final Coalescer.Stats stats = new Coalescer.Stats();
    /** How many packets each write carried, and the first octets of what was written. */
    private final List<Integer> writes = new ArrayList<>();
    private final List<byte[]> firstEntries = new ArrayList<>();
    private final List<Long> headers = new ArrayList<>();
    private int error;
    private boolean down;
    private final Coalescer coalescer = new Coalescer(this::take, stats, true, true);
    private long at = memory;

    @AfterEach
    void free() {
        coalescer.close();
        Memory.unmap(memory);
    }

    private int take(long iovec, int entries) {
        if (error != 0 && (entries > 2 || down)) {
            return error;
        }
        writes.add(entries - 1);
        headers.add(Memory.getLong(iovec));
        firstEntries.add(Memory.toArray(Memory.getLong(iovec + 16), (int) Memory.getLong(iovec + 24)));
        return 0;
    }

    private void add(TestPacket packet) { add(packet.build()); }

    private void add(byte[] octets) {
        Memory.fromArray(octets, 0, at, octets.length);
        coalescer.add(at, octets.length, 0);
        at += octets.length + 16;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHeaderLiesRightBeforeAPacketWhereThereIsRoom(boolean held) {
        TestPacket packet = TestPacket.of(false, true);
        packet.flags = held ? 0x10 : 0x18;
        byte[] octets = packet.build();
        for (int room : new int[]{0, 9, 10, 12}) {
            Memory.fill(at, 64, 0xEE);
            Memory.fromArray(octets, 0, at + 32, octets.length);
            headers.clear();
            coalescer.add(at + 32, octets.length, room);
            coalescer.flush();
            boolean before = room >= VirtioNetHeader.LENGTH;
            assertThat(headers.getFirst() == at + 22).as("room of %d", room).isEqualTo(before);
            assertThat(Memory.toArray(headers.getFirst(), VirtioNetHeader.LENGTH)).containsOnly(0);
            assertThat(Memory.getByte(at + 21)).isEqualTo(0xEE);
            assertThat(Memory.getByte(at + 31)).isEqualTo(before ? 0 : 0xEE);
            assertThat(firstEntries.removeLast()).isEqualTo(octets);
        }
    }

    private List<Integer> flushed() {
        coalescer.flush();
        return writes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void consecutivePacketsAreJoined(int kind) {
        TestPacket packet = TestPacket.of(kind > 1, kind % 2 == 0);
        for (int i = 0; i < 5; i++) {
            add(packet);
            packet.next();
        }
        assertThat(flushed()).containsExactly(5);
        assertThat(stats.joinedPackets).isEqualTo(5);
    }

    // Section 8 of the design names them; RFC 3168 for ECN, RFC 7323 for timestamps, RFC 6864 for the identification.
    private static final Map<String, Consumer<TestPacket>> DIFFERENCES_OF_TCP = new TreeMap<>(Map.ofEntries(
            Map.entry("congestion experienced", packet -> packet.trafficClass = 3),
            Map.entry("differentiated services", packet -> packet.trafficClass = 0xB8),
            Map.entry("hops", packet -> packet.hops--),
            Map.entry("source", packet -> packet.source++),
            Map.entry("destination", packet -> packet.destination++),
            Map.entry("source port", packet -> packet.sourcePort++),
            Map.entry("destination port", packet -> packet.destinationPort++),
            Map.entry("gap in the sequence", packet -> packet.sequence++),
            Map.entry("sent again", packet -> packet.sequence -= packet.payload.length),
            Map.entry("acknowledgement", packet -> packet.acknowledgement++),
            Map.entry("window", packet -> packet.window++),
            Map.entry("urgent", packet -> {
                packet.flags |= 0x20;
                packet.urgent = 1;
            }),
            Map.entry("urgent pointer alone", packet -> packet.urgent = 1),
            Map.entry("FIN", packet -> packet.flags |= 0x01),
            Map.entry("SYN", packet -> packet.flags |= 0x02),
            Map.entry("RST", packet -> packet.flags |= 0x04),
            Map.entry("no ACK", packet -> packet.flags = 0),
            Map.entry("ECE", packet -> packet.flags |= 0x40),
            Map.entry("CWR", packet -> packet.flags |= 0x80),
            Map.entry("reserved bits", packet -> packet.reserved = 1),
            Map.entry("timestamp", packet -> packet.transportOptions = timestamps(2)),
            Map.entry("no option", packet -> packet.transportOptions = new byte[0]),
            Map.entry("longer", packet -> packet.payload = new byte[101]),
            Map.entry("empty", packet -> packet.payload = new byte[0])));

    private static byte[] timestamps(int value) { return new byte[]{1, 1, 8, 10, 0, 0, 0, (byte) value, 0, 0, 0, 9}; }

    static Stream<String> differencesOfTcp() { return DIFFERENCES_OF_TCP.keySet().stream(); }

    private void assertNotJoined(TestPacket packet, Consumer<TestPacket> difference) {
        add(packet);
        packet.next();
        difference.accept(packet);
        add(packet);
        assertThat(flushed()).containsExactly(1, 1);
        assertThat(stats.trains).isZero();
    }

    @ParameterizedTest
    @MethodSource("differencesOfTcp")
    void segmentsThatDifferAreNotJoined(String difference) {
        TestPacket packet = TestPacket.of(false, true);
        packet.transportOptions = timestamps(1);
        assertNotJoined(packet, DIFFERENCES_OF_TCP.get(difference));
    }

    @ParameterizedTest
    @MethodSource("differencesOfTcp")
    void segmentsThatDifferAreNotJoinedInIpv6(String difference) {
        TestPacket packet = TestPacket.of(true, true);
        packet.transportOptions = timestamps(1);
        assertNotJoined(packet, DIFFERENCES_OF_TCP.get(difference));
    }

    private static final Map<String, Consumer<TestPacket>> DIFFERENCES_OF_IPV4 = new TreeMap<>(Map.of(
            "gap in the identification", packet -> packet.identification++,
            "same identification", packet -> packet.identification--,
            "may be fragmented", packet -> packet.fragmentField = 0,
            "more fragments", packet -> packet.fragmentField = 0x2000,
            "last fragment", packet -> packet.fragmentField = 100,
            "evil bit", packet -> packet.fragmentField |= 0x8000,
            "options", packet -> packet.networkOptions = new byte[]{1, 1, 1, 0},
            "another protocol", packet -> packet.nextHeader = 47,
            "no checksum", packet -> packet.checksum = false,
            "congestion experienced", packet -> packet.trafficClass = 3));

    static Stream<String> differencesOfIpv4() { return DIFFERENCES_OF_IPV4.keySet().stream(); }

    @ParameterizedTest
    @MethodSource("differencesOfIpv4")
    void datagramsThatDifferAreNotJoined(String difference) {
        assertNotJoined(TestPacket.of(false, false), DIFFERENCES_OF_IPV4.get(difference));
    }

    private static final Map<String, Consumer<TestPacket>> DIFFERENCES_OF_IPV6 = new TreeMap<>(Map.of(
            "flow label", packet -> packet.flowLabel++,
            "traffic class", packet -> packet.trafficClass = 1,
            "hop by hop", packet -> packet.nextHeader = 0,
            "routing", packet -> packet.nextHeader = 43,
            "fragment", packet -> packet.nextHeader = 44,
            "destination options", packet -> packet.nextHeader = 60,
            "no checksum", packet -> packet.checksum = false));

    static Stream<String> differencesOfIpv6() { return DIFFERENCES_OF_IPV6.keySet().stream(); }

    @ParameterizedTest
    @MethodSource("differencesOfIpv6")
    void datagramsThatDifferAreNotJoinedInIpv6(String difference) {
        assertNotJoined(TestPacket.of(true, false), DIFFERENCES_OF_IPV6.get(difference));
    }

    // To join a corrupt packet would repair it: the kernel makes the checksums of what it cuts.
    @Test
    void noCorruptOctetIsEverJoinedNorRepaired() {
        for (boolean ipv6 : new boolean[]{false, true}) {
            for (boolean tcp : new boolean[]{false, true}) {
                byte[] good = TestPacket.of(ipv6, tcp).build();
                byte[] following = TestPacket.of(ipv6, tcp).next().build();
                for (int i = 0; i < good.length; i++) {
                    if (ipv6 && i < 8 && i != 6) {
                        continue; // nothing protects the first words of IPv6; lengths were checked before
                    }
                    if (!ipv6 && (i == 0 || i == 2 || i == 3)) {
                        continue; // likewise
                    }
                    byte[] corrupt = following.clone();
                    corrupt[i] ^= 0x04;
                    writes.clear();
                    firstEntries.clear();
                    at = memory;
                    add(good);
                    add(corrupt);
                    assertThat(flushed()).as("octet %d, IPv6 %s, TCP %s", i, ipv6, tcp).containsExactlyInAnyOrder(1, 1);
                    assertThat(firstEntries).anyMatch(written -> java.util.Arrays.equals(written, corrupt));
                }
            }
        }
    }

    @Test
    void aCorruptFirstPacketIsJoinedWithNothing() {
        TestPacket packet = TestPacket.of(false, true);
        byte[] corrupt = packet.build();
        corrupt[60] ^= 1;
        add(corrupt);
        add(packet.next());
        add(packet.next());
        assertThat(flushed()).containsExactly(1, 2);
        assertThat(firstEntries.getFirst()).isEqualTo(corrupt);
    }

    @Test
    void aPushOrAShorterPacketEndsATrain() {
        TestPacket packet = TestPacket.of(false, true);
        add(packet);
        add(packet.next().with(it -> it.flags |= 0x08));
        add(packet.next().with(it -> it.flags = 0x10));
        packet.next();
        add(packet.with(it -> it.payload = new byte[40]));
        add(packet.next());
        assertThat(writes).as("written before the flush").containsExactly(2, 2);
        assertThat(flushed()).containsExactly(2, 2, 1);
    }

    @Test
    void aTrainIsNoLongerThanTheKernelTakes() {
        TestPacket packet = TestPacket.of(false, false);
        for (int i = 0; i < 130; i++) {
            add(packet.next());
        }
        assertThat(flushed()).containsExactly(64, 64, 2);
        writes.clear();
        at = memory;
        packet.payload = new byte[1400];
        for (int i = 0; i < 47; i++) {
            add(packet.next());
        }
        assertThat(flushed()).as("65,535 octets at most").containsExactly(46, 1);
    }

    @Test
    void sequenceAndIdentificationWrap() {
        TestPacket packet = TestPacket.of(false, true);
        packet.identification = 0xFFFE;
        packet.sequence = -150;
        for (int i = 0; i < 4; i++) {
            add(packet);
            packet.next();
        }
        assertThat(flushed()).containsExactly(4);
    }

    @Test
    void flowsAreKeptApartAndInOrder() {
        TestPacket one = TestPacket.of(false, true);
        TestPacket other = TestPacket.of(false, true).with(it -> it.sourcePort = 2000);
        for (int i = 0; i < 3; i++) {
            add(one);
            add(other);
            one.next();
            other.next();
        }
        add(one.with(it -> it.flags |= 0x01));
        assertThat(writes).as("the FIN goes behind its flow's train").containsExactly(3, 1);
        assertThat(flushed()).containsExactly(3, 1, 3);
    }

    @Test
    void manyFlowsAtOnceLoseNothing() {
        for (int round = 0; round < 2; round++) {
            for (int flow = 0; flow < 2000; flow++) {
                TestPacket packet = TestPacket.of(false, false).with(it -> it.payload = new byte[20]);
                packet.sourcePort = flow;
                packet.identification += round;
                add(packet);
            }
        }
        assertThat(flushed().stream().mapToInt(Integer::intValue).sum()).isEqualTo(4000);
    }

    @Test
    void whatTheKernelCannotTakeIsLeftOff() {
        error = Linux.EIO;
        TestPacket packet = TestPacket.of(false, false);
        for (int train = 0; train < 8; train++) {
            add(packet.next());
            add(packet.next());
            coalescer.flush();
        }
        assertThat(coalescer.joinsUdp()).isFalse();
        assertThat(coalescer.joinsTcp()).as("each for itself").isTrue();
        assertThat(stats.refusedTrains).isEqualTo(8);
        assertThat(writes).hasSize(16).containsOnly(1);
    }

    // A device that is down takes nothing, and says so by EIO; it comes back.
    @ParameterizedTest
    @ValueSource(ints = {Linux.EIO, Linux.ENETDOWN})
    void aDeviceThatIsDownDoesNotEndJoining(int refusal) {
        error = refusal;
        down = true;
        TestPacket packet = TestPacket.of(false, true);
        for (int train = 0; train < 20; train++) {
            add(packet.next());
            add(packet.next());
            coalescer.flush();
        }
        assertThat(coalescer.joinsTcp()).isTrue();
        assertThat(stats.lastError).isEqualTo(refusal);
        assertThat(stats.refusedTrains).isEqualTo(20);
        assertThat(stats.refusedPackets).isEqualTo(40);
        down = false;
        error = 0;
        add(packet.next());
        add(packet.next());
        assertThat(flushed()).containsExactly(2);
    }
}

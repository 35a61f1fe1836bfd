package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A super-packet is cut into the packets that a plain stack would have sent: compared with packets built one by one. */
class SplitterTest {
    private static final int HEADER = VirtioNetHeader.LENGTH;

    private final long memory = Memory.map(256 << 10);
    private final long packet = memory + HEADER;
    private final long out = memory + (128 << 10);
    private final Splitter splitter = new Splitter();

    @AfterEach
    void free() { Memory.unmap(memory); }

    // As the kernel hands it over: checksum fields hold the pseudo-header's sum or anything else.
    private boolean begin(TestPacket large, int segmentBytes) {
        byte[] octets = large.build();
        Memory.fromArray(octets, 0, packet, octets.length);
        int type = large.tcp
                ? large.ipv6 ? VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_TCPV4
                : VirtioNetHeader.GSO_UDP_L4;
        VirtioNetHeader.write(memory, type, large.networkBytes() + large.transportBytes(), segmentBytes,
                large.networkBytes(), large.tcp ? 16 : 6);
        Memory.putShort(packet + large.networkBytes() + (large.tcp ? 16 : 6), 0x4711);
        return splitter.begin(memory, packet, octets.length);
    }

    private byte[] cut(int index) {
        splitter.writeHeader(index, out);
        Memory.copy(splitter.payloadAddress(index), out + splitter.headerBytes(), splitter.payloadBytes(index));
        return Memory.toArray(out, splitter.headerBytes() + splitter.payloadBytes(index));
    }

    private static List<byte[]> reference(TestPacket large, int segmentBytes) {
        List<byte[]> packets = new ArrayList<>();
        byte[] whole = large.payload;
        int flags = large.flags;
        int identification = large.identification;
        int sequence = large.sequence;
        for (int from = 0; from < whole.length; from += segmentBytes) {
            boolean last = from + segmentBytes >= whole.length;
            large.payload = Arrays.copyOfRange(whole, from, Math.min(whole.length, from + segmentBytes));
            large.flags = (last ? flags : flags & ~0x09) & (from == 0 ? 0xFF : ~0x80);
            packets.add(large.build());
            large.next();
        }
        large.payload = whole;
        large.flags = flags;
        large.identification = identification;
        large.sequence = sequence;
        return packets;
    }

    private void assertCutAsReference(TestPacket large, int segmentBytes) {
        List<byte[]> expected = reference(large, segmentBytes);
        assertThat(begin(large, segmentBytes)).isTrue();
        assertThat(splitter.count()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(cut(i)).as("packet %d", i).isEqualTo(expected.get(i));
        }
        assertThat(splitter.largestPacketBytes()).isEqualTo(expected.getFirst().length);
    }

    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44})
    void everySuperPacketIsCutAsAPlainStackWould(long seed) {
        Random random = new Random(seed);
        System.out.println("seed " + seed);
        for (int i = 0; i < 500; i++) {
            TestPacket large = TestPacket.of(random.nextBoolean(), random.nextBoolean());
            large.payload = new byte[1 + random.nextInt(i % 50 == 0 ? 60_000 : 9000)];
            random.nextBytes(large.payload);
            large.identification = random.nextInt(65_536);
            large.sequence = random.nextInt();
            large.trafficClass = random.nextInt(256);
            large.hops = 1 + random.nextInt(255);
            large.fragmentField = random.nextBoolean() ? 0x4000 : 0;
            large.transportOptions = large.tcp ? new byte[4 * random.nextInt(11)] : large.transportOptions;
            large.networkOptions = large.ipv6 || random.nextInt(4) > 0
                    ? large.networkOptions
                    : new byte[4 * random.nextInt(6)];
            large.flags = large.tcp ? 0x10 | random.nextInt(2) << 7 | random.nextInt(2) << 3 | random.nextInt(2) : 0;
            assertCutAsReference(large, 1 + random.nextInt(1500) + (i % 50 == 0 ? 500 : 0));
        }
    }

    // RFC 9293 section 3.1 and RFC 3168 section 6.1.2: PSH and FIN belong to the last octet, CWR to the first segment.
    @Test
    void flagsStandWhereTheyBelong() {
        TestPacket large = TestPacket.of(false, true).with(it -> it.flags = 0x10 | 0x80 | 0x40 | 0x08 | 0x01);
        assertThat(begin(large, 30)).isTrue();
        int[] flags = {cut(0)[33] & 0xFF, cut(1)[33] & 0xFF, cut(2)[33] & 0xFF, cut(3)[33] & 0xFF};
        assertThat(flags).containsExactly(0xD0, 0x50, 0x50, 0x59);
    }

    // RFC 768: a checksum of zero is sent as all ones.
    @Test
    void aUdpChecksumOfZeroIsAllOnes() {
        TestPacket large = TestPacket.of(false, false).with(it -> it.payload = new byte[40]);
        for (int value = 0; value < 65_536; value++) {
            large.payload[0] = (byte) (value >>> 8);
            large.payload[1] = (byte) value;
            large.payload[2] = 0;
            byte[] first = reference(large, 20).getFirst();
            if (first[26] == -1 && first[27] == -1) {
                assertCutAsReference(large, 20);
                return;
            }
        }
        throw new AssertionError("no payload with a checksum of zero");
    }

    @ParameterizedTest
    @CsvSource({"false,true", "false,false", "true,true", "true,false"})
    void anUnfinishedChecksumIsFinishedInPlace(boolean ipv6, boolean tcp) {
        TestPacket plain = TestPacket.of(ipv6, tcp);
        byte[] whole = plain.build();
        Memory.fromArray(whole, 0, packet, whole.length);
        int network = plain.networkBytes();
        int field = tcp ? 16 : 6;
        VirtioNetHeader.write(memory, VirtioNetHeader.GSO_NONE, 0, 0, network, field);
        Memory.putShort(packet + network + field,
                Checksum.fold(Checksum.pseudoHeader(packet, ipv6, tcp ? 6 : 17, whole.length - network)));
        assertThat(splitter.begin(memory, packet, whole.length)).isTrue();
        assertThat(splitter.count()).isEqualTo(1);
        assertThat(splitter.headerBytes()).isZero();
        assertThat(Memory.toArray(packet, whole.length)).isEqualTo(whole);
    }

    @Test
    void anOrdinaryPacketIsNotTouched() {
        byte[] wrong = TestPacket.of(false, true).build();
        wrong[37] ^= 1;
        Memory.fromArray(wrong, 0, packet, wrong.length);
        Memory.fill(memory, HEADER, 0);
        assertThat(splitter.begin(memory, packet, wrong.length)).isTrue();
        assertThat(Memory.toArray(packet, wrong.length)).isEqualTo(wrong);
    }

    @Test
    void headersThatContradictTheLengthAreRefused() {
        TestPacket large = TestPacket.of(false, true);
        assertThat(begin(large, 0)).as("no size").isFalse();
        begin(large, 30);
        assertThat(splitter.begin(memory, packet, 40)).as("nothing behind the headers").isFalse();
        Memory.putShort(memory + 6, 24);
        assertThat(splitter.begin(memory, packet, 140)).as("transport header elsewhere").isFalse();
        begin(large, 30);
        Memory.putByte(memory + 1, VirtioNetHeader.GSO_TCPV6);
        assertThat(splitter.begin(memory, packet, 140)).as("another version").isFalse();
        begin(large, 30);
        Memory.putByte(memory + 1, 3);
        assertThat(splitter.begin(memory, packet, 140)).as("UFO").isFalse();
        begin(large, 30);
        Memory.putByte(packet + 32, 0x40);
        assertThat(splitter.begin(memory, packet, 140)).as("TCP header too short").isFalse();
        VirtioNetHeader.write(memory, VirtioNetHeader.GSO_NONE, 0, 0, 130, 16);
        assertThat(splitter.begin(memory, packet, 140)).as("checksum behind the end").isFalse();
    }
}

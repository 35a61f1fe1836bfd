package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.tun.Checksum;
import org.lnsd.tun.Memory;

/** The MSS option of segments with odd, wrong and missing options (RFC 9293 section 3.2, RFC 6691). */
class MssClampTest {
    private static final int SYN = 0x02;
    private static final int SYN_ACK = 0x12;

    private final long memory = Memory.map(4096);

    @AfterEach
    void free() { Memory.unmap(memory); }

    private static byte[] segment(int flags, int headerWords, String options) {
        byte[] more = HexFormat.of().parseHex(options);
        return ByteBuffer.allocate(20 + more.length).putInt(0x1388_0050).putInt(1).putInt(0)
                .put((byte) (headerWords << 4)).put((byte) flags).putShort((short) 0x7fff).putInt(0).put(more).array();
    }

    /** The segment with its right checksum in an IPv4 packet. */
    private static byte[] ipv4(int flagsAndOffset, byte[] segment) {
        byte[] packet = ByteBuffer.allocate(20 + segment.length).putInt(0x4500_0000 | 20 + segment.length)
                .putShort((short) 1).putShort((short) flagsAndOffset).putInt(0x4006_0000).putInt(0x6440_0001)
                .putInt(0x0808_0808).put(segment).array();
        ByteBuffer.wrap(packet).putShort(36, (short) ~sum(packet, false));
        return packet;
    }

    private static byte[] ipv6(byte[] segment) {
        byte[] packet = ByteBuffer.allocate(40 + segment.length).putInt(0x6000_0000).putShort((short) segment.length)
                .putShort((short) 0x0640).putLong(0x2001_0db8L << 32).putLong(1).putLong(0x2001_0db9L << 32).putLong(2)
                .put(segment).array();
        ByteBuffer.wrap(packet).putShort(56, (short) ~sum(packet, true));
        return packet;
    }

    private static int sum(byte[] packet, boolean six) {
        int header = six ? 40 : 20;
        long at = Memory.map(4096);
        try {
            Memory.fromArray(packet, 0, at, packet.length);
            return Checksum.net16(Checksum.fold(Checksum.sum(at + header, packet.length - header)
                    + Checksum.pseudoHeader(at, six, 6, packet.length - header)));
        } finally {
            Memory.unmap(at);
        }
    }

    private byte[] clamped(byte[] packet, int mtuBytes) {
        Memory.fromArray(packet, 0, memory, packet.length);
        if (packet[0] >>> 4 == 6) {
            MssClamp.ipv6(memory, packet.length, mtuBytes);
        } else {
            MssClamp.ipv4(memory, 20, packet.length, mtuBytes);
        }
        return Memory.toArray(memory, packet.length);
    }

    // Wherever it stands, at odd offsets too, and in a SYN with data
    @ParameterizedTest
    @CsvSource({"6,020405b4", "8,0101020405b40100", "7,01020405b4000000", "8,0402020405b40103", "7,020405b401010101",
            "6,020405b4aabbccdd"})
    void mssIsLoweredWhereverItStands(int headerWords, String options) {
        String lower = options.replace("05b4", "0550");
        for (int flags : new int[]{SYN, SYN_ACK}) {
            byte[] packet = clamped(ipv4(0x4000, segment(flags, headerWords, options)), 1400);
            assertThat(packet).isEqualTo(ipv4(0x4000, segment(flags, headerWords, lower)));
            byte[] six = clamped(ipv6(segment(flags, headerWords, options)), 1420);
            assertThat(six).isEqualTo(ipv6(segment(flags, headerWords, lower)));
        }
    }

    // Options that lie, end before it, or are none
    @ParameterizedTest
    @CsvSource({"6,020505b4", "6,020305b4", "6,00000000", "7,0000020405b40000", "7,0800020405b40000",
            "7,0801020405b40000", "7,08ff020405b40000", "5,020405b4", "4,020405b4", "6,01010102"})
    void optionsThatLieAreLeftAlone(int headerWords, String options) {
        byte[] packet = ipv4(0x4000, segment(SYN, headerWords, options));
        assertThat(clamped(packet, 1000)).isEqualTo(packet);
    }

    @Test
    void headersThatAreNotWholeAreLeftAlone() {
        for (int bytes = 0; bytes < 24; bytes++) {
            byte[] cut = java.util.Arrays.copyOf(segment(SYN, 15, "020405b4"), bytes);
            byte[] packet = java.util.Arrays.copyOf(ipv4(0x4000, segment(SYN, 15, "020405b4")), 20 + bytes);
            System.arraycopy(cut, 0, packet, 20, bytes);
            assertThat(clamped(packet, 1000)).isEqualTo(packet);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10, 0x18, 0x04, 0x11})
    void onlySegmentsThatOpenAreChanged(int flags) {
        byte[] packet = ipv4(0x4000, segment(flags, 6, "020405b4"));
        assertThat(clamped(packet, 1000)).isEqualTo(packet);
    }

    @Test
    void fragmentsBehindTheFirstAndSmallerValuesAreLeftAlone() {
        byte[] fragment = ipv4(0x0003, segment(SYN, 6, "020405b4"));
        assertThat(clamped(fragment, 1000)).isEqualTo(fragment);
        byte[] small = ipv4(0x4000, segment(SYN, 6, "02040218"));
        assertThat(clamped(small, 1000)).isEqualTo(small);
    }
}

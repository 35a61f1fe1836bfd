package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    private final long memory = Memory.map(70_000);

    @AfterEach
    void free() { Memory.unmap(memory); }

    // RFC 1071 section 3: the example's sum is DDF2
    @Test
    void theExampleOfTheRfc() {
        Memory.fromArray(HexFormat.of().parseHex("0001f203f4f5f6f7"), 0, memory, 8);
        assertThat(Checksum.fold(Checksum.sum(memory, 8))).isEqualTo(Checksum.net16(0xDDF2));
        assertThat(Checksum.finish(Checksum.sum(memory, 8))).isEqualTo(Checksum.net16(0x220D));
    }

    @Test
    void everyLengthAndAlignmentGivesWhatWordsGive() {
        Random random = new Random(31);
        System.out.println("seed 31");
        for (int length = 0; length < 300; length++) {
            byte[] octets = new byte[length];
            random.nextBytes(octets);
            long at = memory + random.nextInt(8);
            Memory.fromArray(octets, 0, at, length);
            assertThat(Checksum.fold(Checksum.sum(at, length))).as("length %d", length)
                    .isEqualTo(Checksum.net16(TestPacket.sum(octets, 0, length, 0)));
        }
    }

    @Test
    void theLargestSumDoesNotOverflow() {
        Memory.fill(memory, 65_535, 0xFF);
        assertThat(Checksum.fold(Checksum.sum(memory, 65_534))).isEqualTo(0xFFFF);
    }

    // RFC 1624 section 3, also where the old sum was wrong: it stays wrong by as much
    @Test
    void aReplacedWordChangesTheChecksumAsACompleteOneWould() {
        Random random = new Random(32);
        System.out.println("seed 32");
        for (int i = 0; i < 1000; i++) {
            byte[] packet = TestPacket.of(i % 2 == 0, i % 3 != 0).build();
            Memory.fromArray(packet, 0, memory, packet.length);
            int network = i % 2 == 0 ? 40 : 20;
            long field = memory + network + (i % 3 != 0 ? 16 : 6);
            long word = memory + network + 2;
            int before = Memory.getShort(word);
            Memory.putShort(word, random.nextInt(65_536));
            Checksum.replaceShort(field, before, Memory.getShort(word));
            int bytes = packet.length - network;
            assertThat(Checksum.fold(Checksum.sum(memory + network, bytes)
                    + Checksum.pseudoHeader(memory, i % 2 == 0, i % 3 != 0 ? 6 : 17, bytes))).isEqualTo(0xFFFF);
        }
    }
}

package org.lnsd.l2tp.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** RFC 2661 section 3.1. */
class HeaderTest {
    private static ByteBuf hex(String text) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text.replace(" ", "")));
    }

    @Test
    void readsAControlHeader() {
        ControlHeader header = ControlHeader.read(hex("c802 000e 1234 5678 0001 0002 ffff"));
        assertThat(header).isEqualTo(new ControlHeader(14, 0x1234, 0x5678, 1, 2));
        assertThat(header.isZeroLengthBody()).isFalse();
        assertThat(ControlHeader.read(hex("c802 000c 1234 0000 0001 0002")).isZeroLengthBody()).isTrue();
        // Reserved bits are ignored, and so is what stands behind the Length.
        assertThat(ControlHeader.read(hex("f8f2 000c 1234 0000 0001 0002 55")).isMalformed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c8", "c802 000c 1234 0000 0001 00", "8802 000c 1234 0000 0001 0002",
            "c002 000c 1234 0000 0001 0002", "c803 000c 1234 0000 0001 0002", "c802 000b 1234 0000 0001 0002",
            "c802 000d 1234 0000 0001 0002", "ca02 000c 1234 0000 0001 0002", "c902 000c 1234 0000 0001 0002",
            "4802 000c 1234 0000 0001 0002"})
    void refusesAMalformedControlHeader(String octets) {
        assertThat(ControlHeader.read(hex(octets)).isMalformed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0002 0001 0002 aa, 6", "4002 0009 0001 0002 aa, 8", "0802 0001 0002 0003 0004 aa, 10",
            "0202 0001 0002 0003 000000 aa, 11", "4a02 0012 0001 0002 0003 0004 0001 00 aabbcc, 15",
            "4002 000a 0001 0002 aa, -1", "4002 0007 0001 0002 aa, -1", "0003 0001 0002 aa, -1", "0002 0001, -1",
            "0202 0001 0002 00, -1", "0202 0001 0002 0009 aa, -1"})
    void findsThePayloadOfData(String octets, int offset) {
        ByteBuf message = hex(octets);
        assertThat(L2tpDataHeader.payloadOffset(message, 0, message.readableBytes())).isEqualTo(offset);
    }

    @Test
    void writesDataHeaders() {
        ByteBuf plain = Unpooled.buffer();
        L2tpDataHeader.write(plain, 7, 9);
        assertThat(L2tpDataHeader.payloadOffset(plain, 0, 6)).isEqualTo(6);
        assertThat(L2tpDataHeader.sessionId(plain, 0, L2tpDataHeader.flags(plain, 0))).isEqualTo(9);
        ByteBuf sequenced = Unpooled.buffer();
        L2tpDataHeader.writeSequenced(sequenced, 7, 9, 65_535, 0);
        int flags = L2tpDataHeader.flags(sequenced, 0);
        assertThat(L2tpDataHeader.tunnelId(sequenced, 0, flags)).isEqualTo(7);
        assertThat(L2tpDataHeader.ns(sequenced, 0, flags)).isEqualTo(65_535);
        assertThat(L2tpDataHeader.isControl(flags)).isFalse();
        assertThat(L2tpDataHeader.payloadOffset(sequenced, 0, 10)).isEqualTo(10);
    }

    @Test
    void neverReadsBeyondTheMessage() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 100_000; run++) {
            byte[] octets = new byte[random.nextInt(20)];
            random.nextBytes(octets);
            ByteBuf message = Unpooled.wrappedBuffer(octets);
            assertThat(L2tpDataHeader.payloadOffset(message, 0, octets.length)).as("seed " + seed)
                    .isBetween(-1, octets.length);
            assertThat(ControlHeader.read(message).lengthBytes()).as("seed " + seed).isLessThanOrEqualTo(octets.length);
        }
    }
}

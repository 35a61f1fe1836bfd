package org.lnsd.l2tp.message;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any octets can be told in words, at a length in proportion. Fuzzes with JAZZER_FUZZ=1. */
class ControlTextFuzzTest {
    private static final int FIXED_CHARACTERS = 200;
    private static final int CHARACTERS_PER_OCTET = 16;

    @FuzzTest(maxDuration = "1h")
    void words(byte[] octets) {
        ByteBuf message = Unpooled.wrappedBuffer(octets);
        ControlText.isAboutTunnel(message);
        String text = ControlText.of(message);
        if (text.length() > FIXED_CHARACTERS + CHARACTERS_PER_OCTET * octets.length
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalStateException(octets.length + " octets became: " + text);
        }
    }
}

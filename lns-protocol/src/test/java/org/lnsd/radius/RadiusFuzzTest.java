package org.lnsd.radius;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;

/** Any octets become a RADIUS packet or what is wrong with them (RFC 2865 section 3). Fuzzes with JAZZER_FUZZ=1. */
class RadiusFuzzTest {
    private static final byte[] SECRET = {1, 2, 3, 4};

    @FuzzTest(maxDuration = "1h")
    void packet(byte[] octets) {
        if (!(RadiusDecoder.decode(Unpooled
                .wrappedBuffer(octets)) instanceof RadiusDecoded.Packet(RadiusPacket packet, int lengthBytes))) {
            return;
        }
        if (lengthBytes > octets.length) {
            throw new IllegalStateException(lengthBytes + " of " + octets.length + " octets");
        }
        new RadiusCrypto().checkMessageAuthenticator(Unpooled.wrappedBuffer(octets), 0, lengthBytes, new byte[16],
                SECRET);
        RadiusMutationTest.readAll(packet);
    }
}

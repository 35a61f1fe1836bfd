package org.lnsd.radius;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lnsd.fuzz.Mutations;

/** The RADIUS decoder and the views of attributes with damaged legal packets: a packet or what is wrong with it, nothing else. */
class RadiusMutationTest {
    private static final String AUTHENTICATOR = "00112233445566778899aabbccddeeff";
    private static final byte[] SECRET = {1, 2, 3, 4};
    private final RadiusCrypto crypto = new RadiusCrypto();

    @Test
    void packets() {
        List<byte[]> packets = Stream.of(
                packet(2, "0806c6336401" + "1b0400000e10" + "5012" + "00".repeat(16) + "1904aabb"),
                packet(2, "1a0c00000009010661626364" + "1a1000000dE9010a" + "6162636465666768" + "6112004020010db8"
                        + "0001000000000000" + "00000000"),
                packet(40, "2c0a30303030303031" + "38" + "01066162" + "3706" + "5f000000"),
                packet(11, "4f060102000650120000" + "00".repeat(14)), packet(5, "")).map(HexFormat.of()::parseHex)
                .toList();
        byte[] authenticator = HexFormat.of().parseHex(AUTHENTICATOR);
        Mutations.run("RADIUS", packets, 1_024, 128, input -> {
            RadiusDecoded decoded = RadiusDecoder.decode(Unpooled.wrappedBuffer(input));
            if (!(decoded instanceof RadiusDecoded.Packet(RadiusPacket packet, int lengthBytes))) {
                return true;
            }
            crypto.checkMessageAuthenticator(Unpooled.wrappedBuffer(input), 0, lengthBytes, authenticator, SECRET);
            readAll(packet);
            return false;
        });
    }

    /** Each attribute in every form that it may have. */
    static void readAll(RadiusPacket packet) {
        for (RadiusAttribute attribute : packet.attributes()) {
            attribute.asText();
            attribute.asIpv4();
            attribute.asIpv6();
            attribute.asInt();
            attribute.asLong64();
            attribute.asPrefixAddress();
        }
    }

    private static String packet(int code, String attributes) {
        return "%02x07%04x".formatted(code, 20 + attributes.length() / 2) + AUTHENTICATOR + attributes;
    }
}

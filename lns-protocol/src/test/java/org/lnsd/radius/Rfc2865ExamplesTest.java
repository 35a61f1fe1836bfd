package org.lnsd.radius;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The packets printed in RFC 2865 section 7. */
class Rfc2865ExamplesTest {
    private static final byte[] SECRET = "xyzzy5461".getBytes(US_ASCII);
    private static final String REQUEST_AUTHENTICATOR = "0f403f9473978057bd83d5cb98f4227a";
    private final RadiusCrypto crypto = new RadiusCrypto();
    private final RadiusEncoder encoder = new RadiusEncoder(crypto);

    // RFC 2865 section 7.1
    @Test
    void encodesTheAccessRequestOfSection71() throws Exception {
        byte[] authenticator = hex(REQUEST_AUTHENTICATOR);
        ByteBuf packet = Unpooled.buffer();
        encoder.begin(packet, RadiusCode.ACCESS_REQUEST, 0, authenticator);
        byte[] hidden = crypto.hidePassword("arctangent".getBytes(US_ASCII), authenticator, SECRET);
        encoder.attributes(List.of(RadiusAttribute.text(Attributes.USER_NAME, "nemo"),
                RadiusAttribute.of(Attributes.USER_PASSWORD, hidden),
                RadiusAttribute.address(Attributes.NAS_IP_ADDRESS, InetAddress.getByName("192.168.1.16")),
                RadiusAttribute.integer(Attributes.NAS_PORT, 3)));
        encoder.end(SECRET);
        assertThat(hex(packet)).isEqualTo("010000380f403f9473978057bd83d5cb98f4227a"
                + "01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003");
    }

    // RFC 2865 section 7.1
    @Test
    void acceptsTheAnswerOfSection71() {
        ByteBuf answer = Unpooled.wrappedBuffer(
                hex("0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103"));
        assertThat(RadiusDecoder.decode(answer)).isInstanceOf(RadiusDecoded.Packet.class);
        assertThat(crypto.hasDigest(answer, 0, 38, hex(REQUEST_AUTHENTICATOR), SECRET)).isTrue();
        answer.setByte(25, 2);
        assertThat(crypto.hasDigest(answer, 0, 38, hex(REQUEST_AUTHENTICATOR), SECRET)).isFalse();
    }

    // RFC 2865 section 5.2
    @Test
    void revealsThePasswordThatItHides() {
        for (int lengthBytes : new int[]{0, 1, 15, 16, 17, 127, 128}) {
            byte[] password = "x".repeat(lengthBytes).getBytes(US_ASCII);
            byte[] hidden = crypto.hidePassword(password, hex(REQUEST_AUTHENTICATOR), SECRET);
            assertThat(crypto.revealPassword(hidden, hex(REQUEST_AUTHENTICATOR), SECRET)).hasValue(password);
        }
    }

    private static byte[] hex(String digits) { return HexFormat.of().parseHex(digits); }

    private static String hex(ByteBuf buffer) {
        byte[] octets = new byte[buffer.readableBytes()];
        buffer.readBytes(octets);
        return HexFormat.of().formatHex(octets);
    }
}

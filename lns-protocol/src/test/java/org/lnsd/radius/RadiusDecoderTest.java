package org.lnsd.radius;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.lnsd.radius.RadiusCrypto.MessageAuthenticatorCheck;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The decoder is total; what it accepts can be checked, read and encoded again. */
class RadiusDecoderTest {
    private static final long SEED = 2865;
    private static final byte[] SECRET = "xyzzy".getBytes(US_ASCII);
    private final RadiusCrypto crypto = new RadiusCrypto();

    @Test
    void survivesAnyOctets() {
        Random random = new Random(SEED);
        int packets = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] octets = new byte[random.nextInt(120)];
            random.nextBytes(octets);
            if (octets.length > 20 && random.nextInt(4) != 0) {
                octets[2] = 0;
                octets[3] = (byte) (octets.length - random.nextInt(3));
                for (int at = 20; at + 2 < octets.length && random.nextInt(8) != 0; at += octets[at + 1]) {
                    octets[at] = (byte) (random.nextInt(4) == 0 ? 26 : random.nextInt(256));
                    octets[at + 1] = (byte) Math.min(octets.length - at, 2 + random.nextInt(20));
                }
            }
            packets += touchAll(Unpooled.wrappedBuffer(octets), random);
        }
        assertThat(packets).as("seed %d", SEED).isGreaterThan(1000);
    }

    private int touchAll(ByteBuf datagram, Random random) {
        if (!(RadiusDecoder.decode(datagram) instanceof RadiusDecoded.Packet(RadiusPacket packet, int lengthBytes))) {
            return 0;
        }
        byte[] authenticator = new byte[16];
        random.nextBytes(authenticator);
        assertThat(crypto.hasDigest(datagram, 0, lengthBytes, authenticator, SECRET)).isFalse();
        assertThat(crypto.checkMessageAuthenticator(datagram, 0, lengthBytes, authenticator, SECRET))
                .isNotEqualTo(MessageAuthenticatorCheck.VALID);
        for (RadiusAttribute attribute : packet.attributes()) {
            touch(attribute, authenticator);
        }
        return 1;
    }

    private void touch(RadiusAttribute attribute, byte[] authenticator) {
        assertThat(attribute.asText()).isNotNull();
        assertThat(attribute.asIpv4().isPresent()).isEqualTo(attribute.value().length == 4);
        attribute.asPrefixAddress();
        attribute.asIpv6();
        attribute.asInt();
        attribute.asLong64();
        crypto.revealPassword(attribute.value(), authenticator, SECRET);
        crypto.revealTunnelPassword(attribute.value(), authenticator, SECRET);
    }

    // RFC 3579 section 3.2
    @Test
    void signsAndChecks() {
        byte[] authenticator = new byte[16];
        new Random(SEED).nextBytes(authenticator);
        ByteBuf packet = Unpooled.buffer();
        RadiusEncoder encoder = new RadiusEncoder(crypto);
        encoder.begin(packet, RadiusCode.ACCESS_REQUEST, 7, authenticator);
        encoder.messageAuthenticator();
        encoder.attributes(List.of(RadiusAttribute.text(Attributes.USER_NAME, "alice"),
                RadiusAttribute.text(Attributes.CISCO_AVPAIR, "a=b")));
        encoder.end(SECRET);
        assertThat(packet.getUnsignedByte(20)).as("first attribute").isEqualTo((short) 80);
        int lengthBytes = packet.readableBytes();
        assertThat(crypto.checkMessageAuthenticator(packet, 0, lengthBytes, authenticator, SECRET))
                .isEqualTo(MessageAuthenticatorCheck.VALID);
        packet.setByte(lengthBytes - 1, 'c');
        assertThat(crypto.checkMessageAuthenticator(packet, 0, lengthBytes, authenticator, SECRET))
                .isEqualTo(MessageAuthenticatorCheck.INVALID);
        RadiusPacket decoded = ((RadiusDecoded.Packet) RadiusDecoder.decode(packet)).packet();
        assertThat(decoded.first(Attributes.CISCO_AVPAIR).orElseThrow().asText()).isEqualTo("a=c");
    }

    // RFC 2865 section 5.26: a vendor's attributes, several in one; another form stays opaque
    @Test
    void takesVendorAttributesApart() {
        byte[] several = {26, 14, 0, 0, 0, 9, 1, 4, 'a', 'b', 2, 4, 'c', 'd', 26, 7, 0, 0, 0, 9, 1};
        ByteBuf packet = Unpooled.buffer().writeByte(2).writeByte(0).writeShort(20 + several.length).writeZero(16)
                .writeBytes(several);
        RadiusPacket decoded = ((RadiusDecoded.Packet) RadiusDecoder.decode(packet)).packet();
        assertThat(decoded.attributes()).extracting(attribute -> attribute.type().toString()).containsExactly("26.9.1",
                "26.9.2", "26");
    }

    @Test
    void namesAttributes() throws java.io.IOException {
        Dictionary dictionary;
        try (java.io.InputStream file = Dictionary.class.getResourceAsStream("dictionary")) {
            dictionary = Dictionary.parse(new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
        assertThat(dictionary.nameOf(Attributes.FRAMED_ROUTE)).isEqualTo("Framed-Route");
        assertThat(dictionary.nameOf(Attributes.MIKROTIK_RATE_LIMIT)).isEqualTo("Mikrotik-Rate-Limit");
        assertThat(dictionary.nameOf(new AttributeType(4711, 3))).isEqualTo("Attr-26.4711.3");
    }
}

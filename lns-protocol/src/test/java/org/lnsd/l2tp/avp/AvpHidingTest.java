package org.lnsd.l2tp.avp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/** RFC 2661 sections 4.3 and 5.1.1. */
class AvpHidingTest {
    private final AvpHiding hiding = new AvpHiding(Secret.of("secret"));

    private static byte[] md5(byte[]... parts) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    // Section 4.3, done by hand: the second pad comes from the first cipher block
    @Test
    void theChainRunsOverTheCipherText() throws Exception {
        byte[] secret = "secret".getBytes(StandardCharsets.US_ASCII);
        byte[] vector = {5, 6, 7};
        byte[] value = "a called number of two blocks".getBytes(StandardCharsets.US_ASCII);
        byte[] hidden = hiding.hide(21, value, vector);
        byte[] plain = new byte[value.length + 2];
        plain[1] = (byte) value.length;
        System.arraycopy(value, 0, plain, 2, value.length);
        byte[] first = md5(new byte[]{0, 21}, secret, vector);
        byte[] second = md5(secret, Arrays.copyOf(hidden, 16));
        for (int index = 0; index < plain.length; index++) {
            int pad = index < 16 ? first[index] : second[index - 16];
            assertThat(hidden[index]).isEqualTo((byte) (plain[index] ^ pad));
        }
    }

    @Test
    void revealsWhatItHid() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int length = 0; length < 300; length++) {
            byte[] value = new byte[length];
            byte[] vector = new byte[1 + random.nextInt(30)];
            random.nextBytes(value);
            random.nextBytes(vector);
            byte[] hidden = hiding.hide(26, value, vector);
            assertThat(hiding.reveal(hidden, 0, hidden.length, 26, vector)).as("seed " + seed).isEqualTo(length);
            assertThat(Arrays.copyOfRange(hidden, 2, length + 2)).as("seed " + seed).isEqualTo(value);
        }
        assertThat(hiding.reveal(new byte[1], 0, 1, 26, new byte[1])).isEqualTo(-1);
    }

    // Section 4.3: padding behind the value is dropped
    @Test
    void paddingIsIgnored() throws Exception {
        byte[] vector = {1};
        byte[] padded = {0, 2, 0x12, 0x34, 9, 9, 9, 9};
        byte[] pad = md5(new byte[]{0, 14}, "secret".getBytes(StandardCharsets.US_ASCII), vector);
        for (int index = 0; index < padded.length; index++) {
            padded[index] ^= pad[index];
        }
        assertThat(hiding.reveal(padded, 0, padded.length, 14, vector)).isEqualTo(2);
        assertThat(padded).startsWith((byte) 0, (byte) 2, (byte) 0x12, (byte) 0x34);
    }

    // Section 5.1.1: MD5 over message type, secret and challenge
    @Test
    void answersChallenges() throws Exception {
        Octets challenge = Octets.of((byte) 1, (byte) 2);
        Octets answer = hiding.answer(2, challenge);
        assertThat(answer.toByteArray()).isEqualTo(
                md5(new byte[]{2}, "secret".getBytes(StandardCharsets.US_ASCII), new byte[]{1, 2}));
        assertThat(hiding.verify(2, challenge, answer)).isTrue();
        assertThat(hiding.verify(3, challenge, answer)).isFalse();
        assertThat(hiding.verify(2, challenge, Octets.EMPTY)).isFalse();
    }

    @Test
    void aSecretNeverShowsItself() {
        assertThat(Secret.of("secret")).hasToString("***").isEqualTo(Secret.of("secret"));
    }

    @Test
    void namesAreThoseOfTheRegistry() {
        assertThat(AvpNames.describe(0, 21)).isEqualTo("AVP 21 (Called Number)");
        assertThat(AvpNames.describe(0, 76)).isEqualTo("AVP 76 (Failover Capability)");
        assertThat(AvpNames.describe(0, 999)).isEqualTo("AVP 999");
        assertThat(AvpNames.describe(9, 12)).isEqualTo("AVP 12 of vendor 9");
    }
}

package org.lnsd.l2tp.avp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The hiding of AVP values (RFC 2661 section 4.3) and the answers to challenges (section 5.1.1): MD5 over a shared secret. */
public final class AvpHiding {
    /** MD5 digests are 16 octets. */
    public static final int DIGEST_LENGTH_BYTES = 16;

    private final MessageDigest digest = md5();
    private final Secret secret;

    public AvpHiding(Secret secret) { this.secret = secret; }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has MD5", missing);
        }
    }

    /**
     * The hidden form of a value: its length, itself and no padding, under the stream of section 4.3.
     *
     * @param attributeType 16 bits
     */
    public byte[] hide(int attributeType, byte[] value, byte[] randomVector) {
        byte[] hidden = new byte[value.length + 2];
        hidden[0] = (byte) (value.length >> 8);
        hidden[1] = (byte) value.length;
        System.arraycopy(value, 0, hidden, 2, value.length);
        applyStream(hidden, 0, hidden.length, attributeType, randomVector, true);
        return hidden;
    }

    /**
     * Reveals in place: afterwards the value stands at {@code offset + 2}.
     *
     * @return the length of the value, -1 when the hidden octets are no value under this secret
     */
    public int reveal(byte[] octets, int offset, int lengthBytes, int attributeType, byte[] randomVector) {
        if (lengthBytes < 2) {
            return -1;
        }
        applyStream(octets, offset, lengthBytes, attributeType, randomVector, false);
        int valueLength = ((octets[offset] & 0xff) << 8) | (octets[offset + 1] & 0xff);
        return valueLength <= lengthBytes - 2 ? valueLength : -1;
    }

    /** The chain runs over the cipher text: b1 = MD5(type, secret, vector), bi = MD5(secret, c(i-1)). */
    private void applyStream(byte[] octets, int offset, int lengthBytes, int attributeType, byte[] randomVector,
            boolean hiding) {
        digest.update((byte) (attributeType >> 8));
        digest.update((byte) attributeType);
        secret.update(digest);
        byte[] pad = digest.digest(randomVector);
        for (int block = 0; block < lengthBytes; block += DIGEST_LENGTH_BYTES) {
            int end = Math.min(block + DIGEST_LENGTH_BYTES, lengthBytes);
            byte[] cipher = hiding ? pad : Arrays.copyOfRange(octets, offset + block, offset + end);
            for (int index = block; index < end; index++) {
                octets[offset + index] ^= pad[index - block];
            }
            if (end < lengthBytes) {
                secret.update(digest);
                digest.update(hiding ? Arrays.copyOfRange(octets, offset + block, offset + end) : cipher);
                pad = digest.digest();
            }
        }
    }

    /**
     * The answer to a challenge (RFC 2661 section 5.1.1).
     *
     * @param messageType the number of the message that carries the answer: 2 SCCRP, 3 SCCCN
     */
    public Octets answer(int messageType, Octets challenge) {
        digest.update((byte) messageType);
        secret.update(digest);
        return Octets.of(digest.digest(challenge.toByteArray()));
    }

    /** Whether {@code response} answers {@code challenge}, in constant time. */
    public boolean verify(int messageType, Octets challenge, Octets response) {
        return MessageDigest.isEqual(answer(messageType, challenge).toByteArray(), response.toByteArray());
    }
}

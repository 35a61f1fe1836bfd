package org.lnsd.radius;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

import io.netty.buffer.ByteBuf;

/** Authenticators and hiding with MD5 (RFC 2865 sections 3 and 5.2, RFC 2868 section 3.5, RFC 3579 section 3.2). Keeps one digest: one thread at a time. */
public final class RadiusCrypto {
    private static final int BLOCK_BYTES = 64;
    private static final int DIGEST_BYTES = 16;
    private static final byte[] ZEROS = new byte[DIGEST_BYTES];

    private final MessageDigest md5;
    private final byte[] scratch = new byte[RadiusPacket.MAXIMUM_BYTES];

    /** A set of functions with a digest of its own. */
    public RadiusCrypto() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java runtime has no MD5, which RADIUS needs", missing);
        }
    }

    /**
     * MD5 of a whole packet with {@code authenticator} in the place of its own, and the secret behind it: the Response Authenticator
     * (RFC 2865 section 3), or with 16 zero octets the Request Authenticator of accounting (RFC 2866 section 3). Borrows.
     */
    public byte[] packetDigest(ByteBuf packet, int start, int lengthBytes, byte[] authenticator, byte[] secret) {
        packet.getBytes(start, scratch, 0, lengthBytes);
        md5.update(scratch, 0, 4);
        md5.update(authenticator);
        md5.update(scratch, RadiusPacket.HEADER_BYTES, lengthBytes - RadiusPacket.HEADER_BYTES);
        return md5.digest(secret);
    }

    /** 16 zero octets, the authenticator that stands in for accounting and dynamic authorisation requests. Not to be changed. */
    public static byte[] zeroAuthenticator() {
        return ZEROS;
    }

    /** Whether a packet's authenticator is the digest that {@link #packetDigest} gives. Borrows. */
    public boolean hasDigest(ByteBuf packet, int start, int lengthBytes, byte[] authenticator, byte[] secret) {
        byte[] expected = packetDigest(packet, start, lengthBytes, authenticator, secret);
        byte[] present = new byte[DIGEST_BYTES];
        packet.getBytes(start + 4, present);
        return MessageDigest.isEqual(expected, present);
    }

    /**
     * The Message-Authenticator of a packet: HMAC-MD5 with the value's own octets taken as zero (RFC 3579 section 3.2). Borrows.
     *
     * @param valueOffset where the attribute's value is, counted from {@code start}
     * @param authenticator what stands in the authenticator field: for an answer that of the request
     */
    public byte[] messageAuthenticator(ByteBuf packet, int start, int lengthBytes, int valueOffset,
            byte[] authenticator,
            byte[] secret) {
        packet.getBytes(start, scratch, 0, lengthBytes);
        System.arraycopy(authenticator, 0, scratch, 4, DIGEST_BYTES);
        Arrays.fill(scratch, valueOffset, valueOffset + DIGEST_BYTES, (byte) 0);
        return hmacMd5(secret, scratch, lengthBytes);
    }

    /** What became of checking a Message-Authenticator. */
    public enum MessageAuthenticatorCheck {
        /** There is none. */
        ABSENT,
        /** It is right. */
        VALID,
        /** It is wrong, has a wrong length, or there are several. */
        INVALID
    }

    /** Checks the Message-Authenticator of a packet whose attributes have been found well formed. Borrows. */
    public MessageAuthenticatorCheck checkMessageAuthenticator(ByteBuf packet, int start, int lengthBytes,
            byte[] authenticator, byte[] secret) {
        int found = -1;
        int at = RadiusPacket.HEADER_BYTES;
        while (at < lengthBytes) {
            int attributeBytes = packet.getUnsignedByte(start + at + 1);
            if (packet.getUnsignedByte(start + at) == Attributes.MESSAGE_AUTHENTICATOR.number()) {
                if (found >= 0 || attributeBytes != 2 + DIGEST_BYTES) {
                    return MessageAuthenticatorCheck.INVALID;
                }
                found = at + 2;
            }
            at += attributeBytes;
        }
        if (found < 0) {
            return MessageAuthenticatorCheck.ABSENT;
        }
        byte[] present = new byte[DIGEST_BYTES];
        packet.getBytes(start + found, present);
        byte[] expected = messageAuthenticator(packet, start, lengthBytes, found, authenticator, secret);
        return MessageDigest.isEqual(expected, present)
                ? MessageAuthenticatorCheck.VALID
                : MessageAuthenticatorCheck.INVALID;
    }

    /** Hides a User-Password (RFC 2865 section 5.2); what is longer than 128 octets is cut off. */
    public byte[] hidePassword(byte[] password, byte[] requestAuthenticator, byte[] secret) {
        int blocks = Math.clamp((password.length + 15) / 16, 1, 8);
        byte[] hidden = Arrays.copyOf(password, blocks * 16);
        byte[] previous = requestAuthenticator;
        for (int block = 0; block < blocks; block++) {
            md5.update(secret);
            byte[] mask = md5.digest(previous);
            for (int i = 0; i < 16; i++) {
                hidden[block * 16 + i] ^= mask[i];
            }
            previous = Arrays.copyOfRange(hidden, block * 16, block * 16 + 16);
        }
        return hidden;
    }

    /** Reveals a User-Password; trailing zero octets are padding. Empty when the length is no multiple of 16 from 16 to 128. */
    public Optional<byte[]> revealPassword(byte[] hidden, byte[] requestAuthenticator, byte[] secret) {
        if (hidden.length == 0 || hidden.length % 16 != 0 || hidden.length > 128) {
            return Optional.empty();
        }
        byte[] revealed = reveal(hidden, requestAuthenticator, secret);
        int lengthBytes = revealed.length;
        while (lengthBytes > 0 && revealed[lengthBytes - 1] == 0) {
            lengthBytes--;
        }
        return Optional.of(Arrays.copyOf(revealed, lengthBytes));
    }

    /** Reveals the string of a Tunnel-Password behind its tag: two octets of salt, then blocks (RFC 2868 section 3.5). Empty when malformed. */
    public Optional<byte[]> revealTunnelPassword(byte[] saltAndHidden, byte[] requestAuthenticator, byte[] secret) {
        int hiddenBytes = saltAndHidden.length - 2;
        if (hiddenBytes < 16 || hiddenBytes % 16 != 0) {
            return Optional.empty();
        }
        byte[] seed = Arrays.copyOf(requestAuthenticator, 18);
        System.arraycopy(saltAndHidden, 0, seed, 16, 2);
        byte[] revealed = reveal(Arrays.copyOfRange(saltAndHidden, 2, saltAndHidden.length), seed, secret);
        int lengthBytes = revealed[0] & 0xFF;
        return lengthBytes < revealed.length
                ? Optional.of(Arrays.copyOfRange(revealed, 1, 1 + lengthBytes))
                : Optional.empty();
    }

    private byte[] reveal(byte[] hidden, byte[] seed, byte[] secret) {
        byte[] revealed = hidden.clone();
        byte[] previous = seed;
        for (int at = 0; at < hidden.length; at += 16) {
            md5.update(secret);
            byte[] mask = md5.digest(previous);
            for (int i = 0; i < 16; i++) {
                revealed[at + i] ^= mask[i];
            }
            previous = Arrays.copyOfRange(hidden, at, at + 16);
        }
        return revealed;
    }

    // RFC 2104, over the reused digest: javax.crypto.Mac would look a provider up for each key.
    private byte[] hmacMd5(byte[] key, byte[] message, int lengthBytes) {
        byte[] pad = Arrays.copyOf(key.length > BLOCK_BYTES ? md5.digest(key) : key, BLOCK_BYTES);
        xor(pad, 0x36);
        md5.update(pad);
        md5.update(message, 0, lengthBytes);
        byte[] inner = md5.digest();
        xor(pad, 0x36 ^ 0x5C);
        md5.update(pad);
        return md5.digest(inner);
    }

    private static void xor(byte[] octets, int with) {
        for (int i = 0; i < octets.length; i++) {
            octets[i] ^= (byte) with;
        }
    }
}

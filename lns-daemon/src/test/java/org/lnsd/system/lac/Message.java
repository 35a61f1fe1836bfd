package org.lnsd.system.lac;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** A control message under construction; nothing is checked, so that everything wrong can be built. */
public final class Message {
    private static final int MANDATORY = 0x8000;
    private static final int HIDDEN = 0x4000;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int sessionId;
    private int flags = 0xc802;

    private Message() {}

    /** Begins with the Message Type AVP. */
    public static Message of(int type) { return new Message().u16(0, type); }

    /** Begins with nothing. */
    public static Message bare() { return new Message(); }

    /** The Session ID of the header. */
    public Message session(int id) {
        sessionId = id;
        return this;
    }

    /** Other header flags and version than T, L, S and 2. */
    public Message flags(int value) {
        flags = value;
        return this;
    }

    public Message avp(int avpFlags, int vendorId, int type, byte[] value) {
        ByteBuffer header = ByteBuffer.allocate(6);
        header.putShort((short) (avpFlags | (value.length + 6))).putShort((short) vendorId).putShort((short) type);
        body.writeBytes(header.array());
        body.writeBytes(value);
        return this;
    }

    public Message bytes(int type, byte... value) { return avp(MANDATORY, 0, type, value); }

    public Message u16(int type, int value) { return bytes(type, (byte) (value >> 8), (byte) value); }

    public Message u32(int type, long value) { return bytes(type, ByteBuffer.allocate(4).putInt((int) value).array()); }

    public Message text(int type, String value) { return bytes(type, value.getBytes(StandardCharsets.UTF_8)); }

    /** Without the M bit. */
    public Message optional(int type, byte... value) { return avp(0, 0, type, value); }

    /** An AVP that nobody knows. */
    public Message unknown(boolean mandatory) {
        return avp(mandatory ? MANDATORY : 0, 0, 1999, new byte[]{1, 2, 3});
    }

    /** Octets as they are. */
    public Message raw(int... octets) {
        for (int octet : octets) {
            body.write(octet);
        }
        return this;
    }

    /** A hidden AVP (RFC 2661 section 4.3); the Random Vector is the caller's to write. */
    public Message hidden(int type, byte[] value, String secret, byte[] vector, int paddingBytes) {
        byte[] plain = new byte[2 + value.length + paddingBytes];
        Arrays.fill(plain, (byte) 0x5a);
        plain[0] = (byte) (value.length >> 8);
        plain[1] = (byte) value.length;
        System.arraycopy(value, 0, plain, 2, value.length);
        byte[] pad = md5(new byte[]{(byte) (type >> 8), (byte) type}, secret(secret), vector);
        for (int block = 0; block < plain.length; block += 16) {
            int end = Math.min(block + 16, plain.length);
            for (int index = block; index < end; index++) {
                plain[index] ^= pad[index - block];
            }
            pad = md5(secret(secret), Arrays.copyOfRange(plain, block, end));
        }
        return avp(MANDATORY | HIDDEN, 0, type, plain);
    }

    private static byte[] secret(String secret) { return secret.getBytes(StandardCharsets.UTF_8); }

    /** MD5 over the parts. */
    static byte[] md5(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The answer to a challenge (RFC 2661 section 5.1.1). */
    public static byte[] answer(int carrier, String secret, byte[] challenge) {
        return md5(new byte[]{(byte) carrier}, secret(secret), challenge);
    }

    /** The whole message. */
    public byte[] datagram(int tunnelId, int ns, int nr) {
        ByteBuffer out = ByteBuffer.allocate(12 + body.size());
        out.putShort((short) flags).putShort((short) (12 + body.size())).putShort((short) tunnelId)
                .putShort((short) sessionId).putShort((short) ns).putShort((short) nr).put(body.toByteArray());
        return out.array();
    }
}

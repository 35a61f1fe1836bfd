package org.lnsd.system.lac;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An AVP as it stands on the wire (RFC 2661 section 4.1). */
public record RawAvp(int flags, int vendorId, int type, byte[] value) {
    public boolean mandatory() { return (flags & 0x8000) != 0; }

    public boolean hidden() { return (flags & 0x4000) != 0; }

    /** The clear form of a hidden AVP (RFC 2661 section 4.3). */
    public RawAvp reveal(String secret, byte[] vector) {
        byte[] clear = value.clone();
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        byte[] pad = Message.md5(new byte[]{(byte) (type >> 8), (byte) type}, key, vector);
        for (int block = 0; block < clear.length; block += 16) {
            int end = Math.min(block + 16, clear.length);
            for (int index = block; index < end; index++) {
                clear[index] ^= pad[index - block];
            }
            pad = Message.md5(key, Arrays.copyOfRange(value, block, end));
        }
        int length = ((clear[0] & 0xff) << 8) | (clear[1] & 0xff);
        return new RawAvp(flags, vendorId, type, Arrays.copyOfRange(clear, 2, 2 + length));
    }

    public int u16() { return ByteBuffer.wrap(value).getShort() & 0xffff; }

    public int u16(int index) { return ByteBuffer.wrap(value).getShort(index) & 0xffff; }

    public String text(int from) { return new String(value, from, value.length - from, StandardCharsets.UTF_8); }
}

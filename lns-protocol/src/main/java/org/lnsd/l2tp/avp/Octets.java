package org.lnsd.l2tp.avp;

import java.util.Arrays;
import java.util.HexFormat;

import io.netty.buffer.ByteBuf;

/** An immutable string of octets, compared by value. */
public final class Octets {
    /** No octets. */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) { this.bytes = bytes; }

    /** Copies {@code bytes}. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /** Copies {@code lengthBytes} octets at {@code offset} of {@code buffer}, which it borrows and does not advance. */
    public static Octets of(ByteBuf buffer, int offset, int lengthBytes) {
        if (lengthBytes == 0) {
            return EMPTY;
        }
        byte[] copy = new byte[lengthBytes];
        buffer.getBytes(offset, copy);
        return new Octets(copy);
    }

    public int length() { return bytes.length; }

    public boolean isEmpty() { return bytes.length == 0; }

    /** The octet at {@code index}, 0 to 255. */
    public int at(int index) { return bytes[index] & 0xff; }

    /** A copy. */
    public byte[] toByteArray() { return bytes.clone(); }

    /** Appends the octets to {@code buffer}, which it borrows. */
    public void writeTo(ByteBuf buffer) {
        buffer.writeBytes(bytes);
    }

    @Override
    public boolean equals(Object other) { return other instanceof Octets that && Arrays.equals(bytes, that.bytes); }

    @Override
    public int hashCode() { return Arrays.hashCode(bytes); }

    /** Hexadecimal. */
    @Override
    public String toString() { return HexFormat.of().formatHex(bytes); }
}

package org.lnsd.l2tp.avp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import io.netty.buffer.ByteBuf;

/** An immutable string of octets, compared by value. */
public final class Octets {
    /** No octets. */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private static final int ESCAPE_CHARACTERS = 4;

    private final byte[] bytes;

    private Octets(byte[] bytes) { this.bytes = bytes; }

    /** Copies {@code bytes}. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /** The UTF-8 octets of a text. */
    public static Octets ofText(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
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

    /** As text for people: UTF-8, and octets that are none as {@code \\xNN}. */
    public String toText() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(ESCAPE_CHARACTERS * bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        while (result.isMalformed()) {
            for (int i = 0; i < result.length(); i++) {
                out.put("\\x").put(HexFormat.of().toHexDigits(in.get()));
            }
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }

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

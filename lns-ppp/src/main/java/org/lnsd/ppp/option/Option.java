package org.lnsd.ppp.option;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** One Configuration Option: its type and its data without type and length (RFC 1661 section 6). */
public final class Option {
    /** Type and length octets. */
    public static final int HEADER_BYTES = 2;
    private static final byte[] NO_DATA = {};

    private final int type;
    private final byte[] data;

    private Option(int type, byte[] data) {
        this.type = type;
        this.data = data;
    }

    /** A flag: no data. */
    public static Option flag(int type) { return new Option(type, NO_DATA); }

    /** Two octets. */
    public static Option of16(int type, int value) {
        return new Option(type, new byte[]{(byte) (value >> 8), (byte) value});
    }

    /** Four octets. */
    public static Option of32(int type, int value) {
        return new Option(type,
                new byte[]{(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value});
    }

    /** Eight octets. */
    public static Option of64(int type, long value) {
        byte[] data = new byte[8];
        for (int index = 0; index < 8; index++) {
            data[index] = (byte) (value >>> (56 - 8 * index));
        }
        return new Option(type, data);
    }

    /** Copies the data. */
    public static Option of(int type, byte... data) { return new Option(type, data.clone()); }

    /** Borrows the buffer and reads {@code lengthBytes} of data from it. */
    static Option read(int type, ByteBuf from, int lengthBytes) {
        if (lengthBytes == 0) {
            return flag(type);
        }
        byte[] data = new byte[lengthBytes];
        from.readBytes(data);
        return new Option(type, data);
    }

    /** Returns the option's type. */
    public int type() { return type; }

    /** Returns the octets of data. */
    public int dataBytes() { return data.length; }

    /** Returns one octet of data. */
    public int octet(int index) { return data[index] & 0xff; }

    /** Returns a copy of the data. */
    public byte[] data() { return data.clone(); }

    /** Returns the first {@code bytes} octets as an unsigned number, highest first. */
    public long number(int bytes) {
        long value = 0;
        for (int index = 0; index < bytes; index++) {
            value = value << 8 | octet(index);
        }
        return value;
    }

    void write(ByteBuf to) {
        to.writeByte(type);
        to.writeByte(data.length + HEADER_BYTES);
        to.writeBytes(data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Option that && type == that.type && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() { return 31 * type + Arrays.hashCode(data); }

    @Override
    public String toString() { return type + (data.length == 0 ? "" : ":" + HexFormat.of().formatHex(data)); }
}

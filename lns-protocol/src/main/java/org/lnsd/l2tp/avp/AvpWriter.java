package org.lnsd.l2tp.avp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** Appends AVPs to octets of its own, hidden where wanted (RFC 2661 section 4.1). */
public final class AvpWriter {
    private static final int MANDATORY_BIT = 0x8000;
    private static final int HIDDEN_BIT = 0x4000;
    private static final int HEADER_LENGTH_BYTES = 6;
    /** The Length field has 10 bits. */
    private static final int MAXIMUM_VALUE_BYTES = 1023 - HEADER_LENGTH_BYTES;

    private byte[] octets = new byte[256];
    private int length;
    private @Nullable AvpHiding hiding;
    private byte[] randomVector = new byte[0];

    /** Writes a Random Vector AVP; what may be hidden after it is. */
    public void startHiding(AvpHiding with, byte[] vector) {
        writeBytes(AvpType.RANDOM_VECTOR, vector);
        hiding = with;
        randomVector = vector;
    }

    /** The octets written so far, a copy. */
    public byte[] toByteArray() { return Arrays.copyOf(octets, length); }

    /** Raw octets, for the header. */
    public void raw16(int value) {
        reserve(2);
        octets[length++] = (byte) (value >> 8);
        octets[length++] = (byte) value;
    }

    /** Overwrites 16 bits. */
    public void patch16(int offset, int value) {
        octets[offset] = (byte) (value >> 8);
        octets[offset + 1] = (byte) value;
    }

    public int length() { return length; }

    public void writeFlag(AvpType type) { start(type, 0); }

    /** The first AVP of a message, with the M bit of that message (RFC 2661 section 4.4.1). */
    public void writeMessageType(int number, boolean mandatory) {
        raw16((mandatory ? MANDATORY_BIT : 0) | HEADER_LENGTH_BYTES + 2);
        raw16(0);
        raw16(AvpType.MESSAGE_TYPE.number());
        raw16(number);
    }

    public void write16(AvpType type, int value) {
        if (hides(type)) {
            writeHidden(type, new byte[]{(byte) (value >> 8), (byte) value});
        } else {
            start(type, 2);
            raw16(value);
        }
    }

    public void write32(AvpType type, long value) {
        if (hides(type)) {
            writeHidden(type, new byte[]{(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8),
                    (byte) value});
        } else {
            start(type, 4);
            raw16((int) (value >> 16));
            raw16((int) value);
        }
    }

    /** UTF-8, cut off at the longest value that an AVP can carry. */
    public void writeText(AvpType type, String value) {
        writeBytes(type, value.getBytes(StandardCharsets.UTF_8));
    }

    public void writeOctets(AvpType type, Octets value) { writeBytes(type, value.toByteArray()); }

    /** Cut off at the longest value that an AVP can carry. */
    public void writeBytes(AvpType type, byte[] value) {
        if (hides(type)) {
            writeHidden(type, value);
        } else {
            int lengthBytes = Math.min(value.length, MAXIMUM_VALUE_BYTES);
            start(type, lengthBytes);
            append(value, lengthBytes);
        }
    }

    /** An AVP of another vendor, never hidden. */
    public void writeVendor(VendorAvp avp) {
        int lengthBytes = Math.min(avp.value().length(), MAXIMUM_VALUE_BYTES);
        raw16((avp.mandatory() ? MANDATORY_BIT : 0) | HEADER_LENGTH_BYTES + lengthBytes);
        raw16(avp.vendorId());
        raw16(avp.attributeType());
        append(avp.value().toByteArray(), lengthBytes);
    }

    private boolean hides(AvpType type) { return hiding != null && type.mayBeHidden(); }

    private void writeHidden(AvpType type, byte[] value) {
        if (hiding != null) {
            byte[] shortened = Arrays.copyOf(value, Math.min(value.length, MAXIMUM_VALUE_BYTES - 2));
            byte[] hidden = hiding.hide(type.number(), shortened, randomVector);
            startWith(type, hidden.length, HIDDEN_BIT);
            append(hidden, hidden.length);
        }
    }

    private void start(AvpType type, int valueLength) { startWith(type, valueLength, 0); }

    private void startWith(AvpType type, int valueLength, int bits) {
        raw16((type.mandatory() ? MANDATORY_BIT : 0) | bits | HEADER_LENGTH_BYTES + valueLength);
        raw16(0);
        raw16(type.number());
    }

    private void append(byte[] value, int lengthBytes) {
        reserve(lengthBytes);
        System.arraycopy(value, 0, octets, length, lengthBytes);
        length += lengthBytes;
    }

    private void reserve(int more) {
        if (length + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, length + more));
        }
    }
}

package org.lnsd.l2tp.avp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import io.netty.buffer.ByteBuf;

/**
 * The AVPs of one control message by type (RFC 2661 section 4): reads them all, reveals the hidden ones and keeps the first fault.
 * It reads on behind a fault where it can, because the answer needs the session id that may follow.
 */
public final class AvpTable {
    private static final int HEADER_LENGTH_BYTES = 6;
    private static final int MANDATORY_BIT = 0x8000;
    private static final int HIDDEN_BIT = 0x4000;
    private static final int RESERVED_MASK = 0x3c00;
    private static final int LENGTH_MASK = 0x03ff;
    private static final int MAXIMUM_VENDOR_AVPS = 64;
    private static final int MAXIMUM_SPEEDS = 128;
    private static final int TYPES = AvpType.HIGHEST_NUMBER + 1;
    /** What {@link #messageType} gives when the first AVP is no Message Type. */
    public static final int NO_MESSAGE_TYPE = -1;

    private final byte[] octets;
    private final int[] offsets = new int[TYPES];
    private final int[] lengths = new int[TYPES];
    private final @Nullable AvpHiding hiding;
    private final List<VendorAvp> vendorAvps = new ArrayList<>();
    private final List<Octets> speeds = new ArrayList<>();
    private byte @Nullable [] randomVector;
    private @Nullable AvpFault fault;
    private int messageType = NO_MESSAGE_TYPE;
    private boolean messageTypeMandatory;

    private AvpTable(byte[] octets, @Nullable AvpHiding hiding) {
        this.octets = octets;
        this.hiding = hiding;
        Arrays.fill(offsets, -1);
    }

    /**
     * Reads all AVPs; borrows {@code message}.
     *
     * @param index of the first AVP
     * @param lengthBytes of all AVPs, at most 65,535
     */
    public static AvpTable read(ByteBuf message, int index, int lengthBytes, @Nullable AvpHiding hiding) {
        byte[] octets = new byte[lengthBytes];
        message.getBytes(index, octets);
        AvpTable table = new AvpTable(octets, hiding);
        table.readAll();
        return table;
    }

    private void readAll() {
        int offset = 0;
        while (offset < octets.length) {
            int length = octets.length - offset < HEADER_LENGTH_BYTES ? 0 : at16(offset) & LENGTH_MASK;
            if (length < HEADER_LENGTH_BYTES || length > octets.length - offset) {
                fail(AvpFault.Kind.BAD_LENGTH, "AVP length " + length + " at offset " + offset + " of "
                        + octets.length);
                return;
            }
            if (offset == 0) {
                readMessageType(length);
            } else {
                readAvp(offset, length);
            }
            offset += length;
        }
    }

    private void readMessageType(int length) {
        int flags = at16(0);
        if (at16(2) != 0 || at16(4) != AvpType.MESSAGE_TYPE.number() || (flags & (RESERVED_MASK | HIDDEN_BIT)) != 0) {
            fail(AvpFault.Kind.BAD_VALUE, "the first AVP is no Message Type");
        } else if (length != HEADER_LENGTH_BYTES + 2) {
            fail(AvpFault.Kind.BAD_LENGTH, "wrong length " + (length - HEADER_LENGTH_BYTES) + " of Message Type");
        } else {
            messageType = at16(HEADER_LENGTH_BYTES);
            messageTypeMandatory = (flags & MANDATORY_BIT) != 0;
        }
    }

    private void readAvp(int offset, int length) {
        int flags = at16(offset);
        int vendorId = at16(offset + 2);
        int attributeType = at16(offset + 4);
        boolean mandatory = (flags & MANDATORY_BIT) != 0;
        AvpType type = vendorId == 0 ? AvpType.of(attributeType) : null;
        boolean known = vendorId == 0 ? type != null : VendorAttributes.isKnown(vendorId, attributeType);
        // RFC 2661 section 4.1: an AVP with a reserved bit set is an unknown one.
        if ((flags & RESERVED_MASK) != 0 || (!known && (mandatory || vendorId == 0))) {
            if (mandatory) {
                fail(AvpFault.Kind.UNKNOWN_MANDATORY, "unknown mandatory "
                        + AvpNames.describe(vendorId, attributeType));
            }
            return;
        }
        int valueOffset = offset + HEADER_LENGTH_BYTES;
        int valueLength = length - HEADER_LENGTH_BYTES;
        if ((flags & HIDDEN_BIT) != 0) {
            valueLength = reveal(valueOffset, valueLength, attributeType);
            valueOffset += 2;
        }
        if (valueLength < 0 || (type != null && !type.acceptsLength(valueLength))) {
            if (mandatory) {
                fail(valueLength < 0 ? AvpFault.Kind.BAD_VALUE : AvpFault.Kind.BAD_LENGTH,
                        (valueLength < 0 ? "hidden value unreadable in " : "wrong length " + valueLength + " of ")
                                + AvpNames.describe(vendorId, attributeType));
            }
            return;
        }
        keep(type, vendorId, attributeType, mandatory, valueOffset, valueLength);
    }

    private int reveal(int valueOffset, int valueLength, int attributeType) {
        if (hiding == null || randomVector == null) {
            return -1;
        }
        return hiding.reveal(octets, valueOffset, valueLength, attributeType, randomVector);
    }

    private void keep(@Nullable AvpType type, int vendorId, int attributeType, boolean mandatory, int valueOffset,
            int valueLength) {
        if (type == null) {
            if (vendorAvps.size() < MAXIMUM_VENDOR_AVPS) {
                vendorAvps.add(new VendorAvp(vendorId, attributeType, mandatory, octetsAt(valueOffset, valueLength)));
            }
        } else if (type == AvpType.RANDOM_VECTOR) {
            randomVector = Arrays.copyOfRange(octets, valueOffset, valueOffset + valueLength);
        } else if (type == AvpType.CONNECT_SPEED_UPDATE) {
            if (speeds.size() < MAXIMUM_SPEEDS) {
                speeds.add(octetsAt(valueOffset, valueLength));
            }
        } else if (offsets[type.number()] < 0 && type != AvpType.MESSAGE_TYPE) {
            offsets[type.number()] = valueOffset;
            lengths[type.number()] = valueLength;
        }
    }

    /** Keeps a fault unless there was one before. */
    public void fail(AvpFault.Kind kind, String text) {
        if (fault == null) {
            fault = new AvpFault(kind, text);
        }
    }

    /** The first fault, null: none. */
    public @Nullable AvpFault fault() { return fault; }

    /** The Message Type, {@link #NO_MESSAGE_TYPE} without one. */
    public int messageType() { return messageType; }

    /** The M bit of the Message Type (RFC 2661 section 4.4.1). */
    public boolean messageTypeMandatory() {
        return messageTypeMandatory;
    }

    public boolean has(AvpType type) { return offsets[type.number()] >= 0; }

    /** The length of a value that {@link #has} said to be there. */
    public int length(AvpType type) {
        return lengths[type.number()];
    }

    /** The 16 bits at {@code index} of the value, 0 when the AVP is absent. */
    public int get16(AvpType type, int index) {
        int offset = offsets[type.number()];
        return offset < 0 ? 0 : at16(offset + index);
    }

    /** The first 16 bits of the value, 0 when the AVP is absent. */
    public int get16(AvpType type) {
        return get16(type, 0);
    }

    /** The octet at {@code index} of the value. */
    public int get8(AvpType type, int index) {
        return octets[offsets[type.number()] + index] & 0xff;
    }

    /** The 32 bits at {@code index} of the value, unsigned, 0 when the AVP is absent. */
    public long get32(AvpType type, int index) {
        return ((long) get16(type, index) << 16) | get16(type, index + 2);
    }

    public OptionalInt optional16(AvpType type) {
        return has(type) ? OptionalInt.of(get16(type)) : OptionalInt.empty();
    }

    public OptionalInt optionalInt(AvpType type) {
        return has(type) ? OptionalInt.of((int) get32(type, 0)) : OptionalInt.empty();
    }

    public OptionalLong optional32(AvpType type) {
        return has(type) ? OptionalLong.of(get32(type, 0)) : OptionalLong.empty();
    }

    /** The text from {@code index} on, empty when there is none. */
    public String text(AvpType type, int index) {
        int offset = offsets[type.number()];
        int length = lengths[type.number()] - index;
        return offset < 0 || length <= 0 ? "" : new String(octets, offset + index, length, StandardCharsets.UTF_8);
    }

    public Optional<String> optionalText(AvpType type) {
        return has(type) ? Optional.of(text(type, 0)) : Optional.empty();
    }

    /** The value, empty when the AVP is absent. */
    public Octets octets(AvpType type) {
        return has(type) ? octetsAt(offsets[type.number()], lengths[type.number()]) : Octets.EMPTY;
    }

    public Optional<Octets> optionalOctets(AvpType type) {
        return has(type) ? Optional.of(octets(type)) : Optional.empty();
    }

    /** The AVPs of other vendors, in order, at most 64. */
    public List<VendorAvp> vendorAvps() { return vendorAvps; }

    /** The values of all Connect Speed Update AVPs (RFC 5515), at most 128. */
    public List<Octets> speeds() {
        return speeds;
    }

    private Octets octetsAt(int offset, int length) {
        return length == 0 ? Octets.EMPTY : Octets.of(Arrays.copyOfRange(octets, offset, offset + length));
    }

    private int at16(int offset) { return ((octets[offset] & 0xff) << 8) | (octets[offset + 1] & 0xff); }
}

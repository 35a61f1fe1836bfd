package org.lnsd.l2tp.header;

import io.netty.buffer.ByteBuf;

/** The L2TP header (RFC 2661 section 3.1) as functions over a buffer, without allocation; for data messages. */
public final class L2tpDataHeader {
    /** Bit T: a control message. */
    public static final int TYPE_BIT = 0x8000;
    /** Bit L: the Length field is present. */
    public static final int LENGTH_BIT = 0x4000;
    /** Bit S: Ns and Nr are present. */
    public static final int SEQUENCE_BIT = 0x0800;
    /** Bit O: the Offset Size field is present. */
    public static final int OFFSET_BIT = 0x0200;
    /** Bit P: the message should be preferred. */
    public static final int PRIORITY_BIT = 0x0100;
    /** The version field. */
    public static final int VERSION_MASK = 0x000f;
    /** Reserved bits, sent 0 and ignored on reception. */
    public static final int RESERVED_MASK = 0x34f0;
    /** The version of L2TP. */
    public static final int VERSION = 2;
    /** Length of the header with no optional field. */
    public static final int MINIMUM_LENGTH_BYTES = 6;
    /** Length of the header with Ns and Nr. */
    public static final int SEQUENCED_LENGTH_BYTES = 10;

    /** {@link #payloadOffset} of a message that is no valid data message. */
    public static final int INVALID = -1;

    private L2tpDataHeader() {}

    /** The first 16 bits; the caller has made sure of {@link #MINIMUM_LENGTH_BYTES} octets. */
    public static int flags(ByteBuf message, int index) {
        return message.getUnsignedShort(index);
    }

    /** Whether the message is one for the control connection. */
    public static boolean isControl(int flags) {
        return (flags & TYPE_BIT) != 0;
    }

    public static int tunnelId(ByteBuf message, int index, int flags) {
        return message.getUnsignedShort(index + idOffset(flags));
    }

    public static int sessionId(ByteBuf message, int index, int flags) {
        return message.getUnsignedShort(index + idOffset(flags) + 2);
    }

    /** Only with {@link #SEQUENCE_BIT}. */
    public static int ns(ByteBuf message, int index, int flags) {
        return message.getUnsignedShort(index + idOffset(flags) + 4);
    }

    private static int idOffset(int flags) { return (flags & LENGTH_BIT) != 0 ? 4 : 2; }

    /**
     * The octets from {@code index} to the payload, or {@link #INVALID} when the version is not 2 or a length does not fit into {@code lengthBytes}.
     * Reads nothing beyond {@code lengthBytes}.
     */
    public static int payloadOffset(ByteBuf message, int index, int lengthBytes) {
        if (lengthBytes < MINIMUM_LENGTH_BYTES) {
            return INVALID;
        }
        int flags = flags(message, index);
        int offset = idOffset(flags) + 4 + ((flags & SEQUENCE_BIT) != 0 ? 4 : 0);
        if ((flags & VERSION_MASK) != VERSION || offset > lengthBytes) {
            return INVALID;
        }
        if ((flags & OFFSET_BIT) != 0) {
            if (offset + 2 > lengthBytes) {
                return INVALID;
            }
            offset += 2 + message.getUnsignedShort(index + offset);
        }
        return offset <= messageLength(message, index, flags, lengthBytes) ? offset : INVALID;
    }

    /** The octets of the whole message: the Length field where there is one, -1 when it exceeds the datagram. */
    public static int messageLength(ByteBuf message, int index, int flags, int lengthBytes) {
        if ((flags & LENGTH_BIT) == 0) {
            return lengthBytes;
        }
        int length = message.getUnsignedShort(index + 2);
        return length <= lengthBytes ? length : INVALID;
    }

    /** Appends the 6 octets of a plain header; borrows {@code out}. */
    public static void write(ByteBuf out, int peerTunnelId, int peerSessionId) {
        out.writeShort(VERSION);
        out.writeShort(peerTunnelId);
        out.writeShort(peerSessionId);
    }

    /** Appends the 10 octets of a header with sequence numbers (RFC 2661 section 5.4: Nr is not used in data); borrows {@code out}. */
    public static void writeSequenced(ByteBuf out, int peerTunnelId, int peerSessionId, int ns, int nr) {
        out.writeShort(SEQUENCE_BIT | VERSION);
        out.writeShort(peerTunnelId);
        out.writeShort(peerSessionId);
        out.writeShort(ns);
        out.writeShort(nr);
    }
}

package org.lnsd.l2tp.header;

import io.netty.buffer.ByteBuf;

/**
 * The header of a control message (RFC 2661 section 3.1): T, L and S set, O and P clear, version 2, twelve octets.
 *
 * @param lengthBytes of the whole message, at least {@link #LENGTH_BYTES}
 */
public record ControlHeader(int lengthBytes, int tunnelId, int sessionId, int ns, int nr) {
    /** Length of the header. */
    public static final int LENGTH_BYTES = 12;
    /** Flags and version of every control message that we send. */
    public static final int CONTROL_FLAGS = L2tpDataHeader.TYPE_BIT | L2tpDataHeader.LENGTH_BIT
            | L2tpDataHeader.SEQUENCE_BIT | L2tpDataHeader.VERSION;
    /** Where the Length field stands. */
    public static final int LENGTH_OFFSET = 2;
    /** Where Ns stands. */
    public static final int NS_OFFSET = 8;
    /** Where Nr stands. */
    public static final int NR_OFFSET = 10;

    private static final int CHECKED_FLAGS = CONTROL_FLAGS | L2tpDataHeader.OFFSET_BIT | L2tpDataHeader.PRIORITY_BIT
            | L2tpDataHeader.VERSION_MASK;
    private static final ControlHeader MALFORMED = new ControlHeader(0, 0, 0, 0, 0);

    /**
     * Reads the header at the reader index of {@code datagram}, which it borrows and does not advance.
     *
     * @return a header that {@link #isMalformed} when the datagram must be discarded
     */
    public static ControlHeader read(ByteBuf datagram) {
        int index = datagram.readerIndex();
        int readableBytes = datagram.readableBytes();
        if (readableBytes < LENGTH_BYTES
                || (datagram.getUnsignedShort(index) & CHECKED_FLAGS) != CONTROL_FLAGS) {
            return MALFORMED;
        }
        int lengthBytes = datagram.getUnsignedShort(index + LENGTH_OFFSET);
        if (lengthBytes < LENGTH_BYTES || lengthBytes > readableBytes) {
            return MALFORMED;
        }
        return new ControlHeader(lengthBytes, datagram.getUnsignedShort(index + 4),
                datagram.getUnsignedShort(index + 6), datagram.getUnsignedShort(index + NS_OFFSET),
                datagram.getUnsignedShort(index + NR_OFFSET));
    }

    public boolean isMalformed() { return lengthBytes == 0; }

    /** A Zero-Length Body message: an acknowledgement only (RFC 2661 section 5.8). */
    public boolean isZeroLengthBody() {
        return lengthBytes == LENGTH_BYTES;
    }
}

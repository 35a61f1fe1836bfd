package org.lnsd.ppp.frame;

import io.netty.buffer.ByteBuf;

/** Reads and writes address, control and protocol fields (RFC 1661 section 2, RFC 1662 section 3.1). */
public final class FrameHeader {
    /** All-Stations address and Unnumbered Information. */
    public static final int ADDRESS_CONTROL = 0xff03;
    /** {@link #readProtocol} found no protocol field. */
    public static final int MALFORMED = -1;

    private FrameHeader() {}

    /**
     * Borrows the frame and moves its reader index to the information field. Address and control may be there or not, the
     * protocol field may have one octet or two, whatever was agreed: a receiver that takes both cannot lose a peer
     * (RFC 1661 section 6.5 and 6.6). A number that breaks the rules of section 2, with an even low octet, is returned as it
     * is: it counts as a protocol that nobody knows.
     *
     * @return the protocol, or {@link #MALFORMED}
     */
    public static int readProtocol(ByteBuf frame) {
        if (frame.readableBytes() >= 2 && frame.getUnsignedShort(frame.readerIndex()) == ADDRESS_CONTROL) {
            frame.skipBytes(2);
        }
        if (!frame.isReadable()) {
            return MALFORMED;
        }
        int first = frame.readUnsignedByte();
        if ((first & 1) != 0) {
            return first;
        }
        if (!frame.isReadable()) {
            return MALFORMED;
        }
        return first << 8 | frame.readUnsignedByte();
    }

    /** Writes the header of a control frame; the protocol field always has two octets. */
    public static void write(ByteBuf frame, int protocol, boolean addressControl) {
        if (addressControl) {
            frame.writeShort(ADDRESS_CONTROL);
        }
        frame.writeShort(protocol);
    }
}

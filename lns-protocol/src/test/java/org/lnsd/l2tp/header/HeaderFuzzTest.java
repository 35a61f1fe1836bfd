package org.lnsd.l2tp.header;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Both headers of RFC 2661 section 3.1 of any octets: what is said to be valid lies within the datagram. Fuzzes with JAZZER_FUZZ=1. */
class HeaderFuzzTest {
    @FuzzTest(maxDuration = "1h")
    void control(byte[] octets) {
        ByteBuf datagram = Unpooled.wrappedBuffer(octets);
        ControlHeader header = ControlHeader.read(datagram);
        boolean within = header.lengthBytes() >= ControlHeader.LENGTH_BYTES && header.lengthBytes() <= octets.length;
        if (header.isMalformed() == within || datagram.readerIndex() != 0) {
            throw new IllegalStateException(header.toString());
        }
    }

    /** The message stands behind two octets and before two that are not its own. */
    @FuzzTest(maxDuration = "1h")
    void data(byte[] octets) {
        ByteBuf datagram = Unpooled.buffer().writeShort(0).writeBytes(octets).writeShort(0xffff);
        int offset = L2tpDataHeader.payloadOffset(datagram, 2, octets.length);
        if (offset == L2tpDataHeader.INVALID) {
            return;
        }
        int flags = L2tpDataHeader.flags(datagram, 2);
        int lengthBytes = L2tpDataHeader.messageLength(datagram, 2, flags, octets.length);
        if (offset < L2tpDataHeader.MINIMUM_LENGTH_BYTES || offset > lengthBytes || lengthBytes > octets.length) {
            throw new IllegalStateException("payload at " + offset + " of " + lengthBytes);
        }
        L2tpDataHeader.tunnelId(datagram, 2, flags);
        L2tpDataHeader.sessionId(datagram, 2, flags);
        if ((flags & L2tpDataHeader.SEQUENCE_BIT) != 0) {
            L2tpDataHeader.ns(datagram, 2, flags);
        }
    }
}

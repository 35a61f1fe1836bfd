package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;

/** Writes L2TP data header and PPP framing in front of a packet (RFC 2661 section 3.1, RFC 1661 section 6.5 and 6.6). */
final class L2tpDataHeader {
    /** The longest that is written, in bytes. */
    static final int MAXIMUM_BYTES = 14;

    private static final int VERSION = 2;
    private static final int S_BIT = 0x0800;

    private L2tpDataHeader() {}

    /** Length before an IP packet, in bytes. */
    static int lengthBytes(int rowFlags) {
        return lengthBeforeFrame(rowFlags) + ((rowFlags & Rows.ADDRESS_CONTROL) != 0 ? 2 : 0)
                + ((rowFlags & Rows.PROTOCOL_COMPRESSED) != 0 ? 1 : 2);
    }

    /** Length before a whole PPP frame, in bytes. */
    static int lengthBeforeFrame(int rowFlags) {
        return (rowFlags & Rows.SEQUENCING) != 0 ? 10 : 6;
    }

    /** Writes the header before an IP packet, from {@code at} on. */
    static void write(long at, Rows rows, int row, int rowFlags, boolean ipv6) {
        long next = writeBeforeFrame(at, rows, row, rowFlags);
        if ((rowFlags & Rows.ADDRESS_CONTROL) != 0) {
            Memory.putShortBe(next, 0xFF03);
            next += 2;
        }
        int protocol = ipv6 ? 0x57 : 0x21;
        if ((rowFlags & Rows.PROTOCOL_COMPRESSED) != 0) {
            Memory.putByte(next, protocol);
        } else {
            Memory.putShortBe(next, protocol);
        }
    }

    /** Writes the L2TP header alone and returns where it ends. */
    static long writeBeforeFrame(long at, Rows rows, int row, int rowFlags) {
        boolean sequencing = (rowFlags & Rows.SEQUENCING) != 0;
        Memory.putShortBe(at, sequencing ? S_BIT | VERSION : VERSION);
        Memory.putInt(at + 2, rows.peerIds(row));
        if (sequencing) {
            Memory.putShortBe(at + 6, rows.nextNs(row));
            Memory.putShortBe(at + 8, 0); // Nr is reserved in data messages
        }
        return at + lengthBeforeFrame(rowFlags);
    }
}

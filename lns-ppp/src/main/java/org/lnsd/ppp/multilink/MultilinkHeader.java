package org.lnsd.ppp.multilink;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The multilink header behind the protocol field (RFC 1990 section 3): 4 octets with 24 bit sequence numbers, 2 octets
 * with 12 bit ones.
 *
 * @param begin the fragment begins a packet
 * @param end the fragment ends a packet
 * @param sequence 24 or 12 bits
 */
public record MultilinkHeader(boolean begin, boolean end, int sequence) {
    private static final int BEGIN = 0x80;
    private static final int END = 0x40;

    /** How wide sequence numbers are. */
    public enum Format {
        LONG(24, 4), SHORT(12, 2);

        private final int bits;
        private final int headerBytes;

        Format(int bits, int headerBytes) {
            this.bits = bits;
            this.headerBytes = headerBytes;
        }

        /** Returns the octets of the header. */
        public int headerBytes() { return headerBytes; }

        /** Returns the number of different sequence numbers. */
        public int modulus() { return 1 << bits; }

        /** Returns {@code sequence - reference} as the shortest way round, so that later ones are positive. */
        public int distance(int sequence, int reference) {
            int shift = Integer.SIZE - bits;
            return (sequence - reference) << shift >> shift;
        }
    }

    /**
     * Borrows a fragment and moves its reader index behind the header.
     *
     * @return the header, or null if the fragment is too short; reserved bits are ignored
     */
    public static @Nullable MultilinkHeader read(ByteBuf fragment, Format format) {
        if (fragment.readableBytes() < format.headerBytes) {
            return null;
        }
        int flags = fragment.getUnsignedByte(fragment.readerIndex());
        int sequence = format == Format.LONG ? fragment.readInt() & 0xff_ffff : fragment.readUnsignedShort() & 0xfff;
        return new MultilinkHeader((flags & BEGIN) != 0, (flags & END) != 0, sequence);
    }

    /** Borrows the buffer and appends the header. */
    public void write(ByteBuf to, Format format) {
        int flags = (begin ? BEGIN : 0) | (end ? END : 0);
        if (format == Format.LONG) {
            to.writeInt(flags << 24 | (sequence & 0xff_ffff));
        } else {
            to.writeShort(flags << 8 | (sequence & 0xfff));
        }
    }
}

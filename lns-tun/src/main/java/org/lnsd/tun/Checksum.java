package org.lnsd.tun;

import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071) over native memory. Sums are kept in the machine's byte order and folded once, so the
 * results are stored with {@link Memory#putShort}.
 */
public final class Checksum {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Checksum() {}

    /** The unfolded sum of a range; the range must begin at an even offset of what is summed. */
    public static long sum(long address, int lengthBytes) {
        long sum = Memory.sumInts(address, lengthBytes);
        int done = lengthBytes & ~3;
        if ((lengthBytes & 2) != 0) {
            sum += Memory.getShort(address + done);
            done += 2;
        }
        if ((lengthBytes & 1) != 0) {
            int last = Memory.getByte(address + done);
            sum += LITTLE ? last : last << 8;
        }
        return sum;
    }

    /** Folds to 16 bits. */
    public static int fold(long sum) {
        long folded = (sum & 0xFFFF_FFFFL) + (sum >>> 32);
        folded = (folded & 0xFFFF_FFFFL) + (folded >>> 32);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        return (int) folded;
    }

    /** Folds and complements: the value of a checksum field. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xFFFF;
    }

    /** A 16-bit number of network meaning as the sum's order wants it. */
    public static int net16(int value) {
        return LITTLE ? ((value & 0xFF) << 8) | ((value >>> 8) & 0xFF) : value & 0xFFFF;
    }

    /** The pseudo-header's sum: addresses of the IP packet, protocol, length of the transport header and payload. */
    public static long pseudoHeader(long packet, boolean ipv6, int protocol, int transportLengthBytes) {
        long addresses = ipv6 ? Memory.sumInts(packet + 8, 32) : Memory.sumInts(packet + 12, 8);
        return addresses + net16(protocol) + net16(transportLengthBytes);
    }

    /** Changes a checksum field for one 16-bit word that changed (RFC 1624); a wrong checksum stays wrong. */
    public static void replaceShort(long checksumField, int oldShort, int newShort) {
        long sum = (long) (~Memory.getShort(checksumField) & 0xFFFF) + (~oldShort & 0xFFFF) + (newShort & 0xFFFF);
        Memory.putShort(checksumField, finish(sum));
    }
}

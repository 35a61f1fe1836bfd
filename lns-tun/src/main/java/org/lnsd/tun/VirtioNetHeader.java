package org.lnsd.tun;

/** The ten bytes before each packet of a TUN device that was opened with IFF_VNET_HDR; machine byte order. */
public final class VirtioNetHeader {
    /** Its length in bytes. */
    public static final int LENGTH = 10;
    static final int FLAG_NEEDS_CSUM = 1;
    static final int GSO_NONE = 0;
    static final int GSO_TCPV4 = 1;
    static final int GSO_TCPV6 = 4;
    static final int GSO_UDP_L4 = 5;
    static final int GSO_ECN = 0x80;

    private VirtioNetHeader() {}

    static int flags(long header) { return Memory.getByte(header); }

    static int gsoType(long header) { return Memory.getByte(header + 1); }

    static int headerLength(long header) { return Memory.getShort(header + 2); }

    static int gsoSize(long header) { return Memory.getShort(header + 4); }

    static int checksumStart(long header) { return Memory.getShort(header + 6); }

    static int checksumOffset(long header) { return Memory.getShort(header + 8); }

    /** Of a packet that is complete and no train. */
    public static void clear(long header) {
        Memory.putLong(header, 0);
        Memory.putShort(header + 8, 0);
    }

    static void write(long header, int gsoType, int headerLength, int gsoSize, int checksumStart, int checksumOffset) {
        Memory.putByte(header, FLAG_NEEDS_CSUM);
        Memory.putByte(header + 1, gsoType);
        Memory.putShort(header + 2, headerLength);
        Memory.putShort(header + 4, gsoSize);
        Memory.putShort(header + 6, checksumStart);
        Memory.putShort(header + 8, checksumOffset);
    }
}

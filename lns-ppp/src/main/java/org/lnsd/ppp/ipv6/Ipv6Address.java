package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;

/**
 * An IPv6 address as two 64-bit halves in network order (RFC 4291).
 *
 * @param high the first 64 bits
 * @param low the interface identifier
 */
public record Ipv6Address(long high, long low) {
    /** The unspecified address, {@code ::}. */
    public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);
    /** All nodes on the link, {@code ff02::1}. */
    public static final Ipv6Address ALL_NODES = new Ipv6Address(0xff02L << 48, 1);
    /** All routers on the link, {@code ff02::2}. */
    public static final Ipv6Address ALL_ROUTERS = new Ipv6Address(0xff02L << 48, 2);
    /** All DHCPv6 relay agents and servers, {@code ff02::1:2} (RFC 8415 section 7.1). */
    public static final Ipv6Address ALL_DHCP_SERVERS = new Ipv6Address(0xff02L << 48, 0x10002);
    /** Octets of an address on the wire. */
    public static final int LENGTH_BYTES = 16;

    private static final long LINK_LOCAL = 0xfe80L << 48;
    private static final long SOLICITED_NODE_LOW = 0x1_ff00_0000L;

    /** The link-local address with this interface identifier (RFC 4291 section 2.5.6). */
    public static Ipv6Address linkLocal(long interfaceId) {
        return new Ipv6Address(LINK_LOCAL, interfaceId);
    }

    /** Reads 16 octets at an absolute index; the caller has checked that they are there. */
    public static Ipv6Address get(ByteBuf buffer, int index) {
        return new Ipv6Address(buffer.getLong(index), buffer.getLong(index + 8));
    }

    /** The address in these 16 octets. */
    public static Ipv6Address of(byte[] octets) {
        if (octets.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("IPv6 address of " + octets.length + " octets, expected 16");
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 8; i++) {
            high = high << 8 | octets[i] & 0xff;
            low = low << 8 | octets[i + 8] & 0xff;
        }
        return new Ipv6Address(high, low);
    }

    /** Appends the 16 octets. */
    public void write(ByteBuf buffer) { buffer.writeLong(high).writeLong(low); }

    /** The 16 octets in network order. */
    public byte[] octets() {
        byte[] octets = new byte[LENGTH_BYTES];
        for (int i = 0; i < 8; i++) {
            octets[i] = (byte) (high >>> 56 - 8 * i);
            octets[i + 8] = (byte) (low >>> 56 - 8 * i);
        }
        return octets;
    }

    /** Whether this is a multicast address, {@code ff00::/8}. */
    public boolean isMulticast() {
        return high >>> 56 == 0xff;
    }

    /** Whether this is a link-local unicast address, {@code fe80::/10}. */
    public boolean isLinkLocal() {
        return high >>> 54 == 0xfe80 >>> 6;
    }

    /** Whether this is the unspecified address. */
    public boolean isUnspecified() { return (high | low) == 0; }

    /** The solicited-node multicast address of this address (RFC 4291 section 2.7.1). */
    public Ipv6Address solicitedNode() {
        return new Ipv6Address(0xff02L << 48, SOLICITED_NODE_LOW | low & 0xff_ffff);
    }

    /** The text form of RFC 5952: lower case, the longest run of zero groups shortened. */
    @Override
    public String toString() {
        int[] groups = new int[8];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (high >>> 48 - 16 * i) & 0xffff;
            groups[i + 4] = (int) (low >>> 48 - 16 * i) & 0xffff;
        }
        int runStart = -1;
        int runLength = 1; // RFC 5952 section 4.2.2: one group alone is not shortened
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
        }
        return format(groups, runStart, runLength);
    }

    private static String format(int[] groups, int runStart, int runLength) {
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8;) {
            if (i == runStart) {
                text.append("::");
                i += runLength;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i++]));
        }
        return text.toString();
    }
}

package org.lnsd.daemon.filter;

import java.nio.ByteBuffer;
import org.lnsd.daemon.net.IpPrefix;

/**
 * Addresses of a rule: those that equal {@code (high, low)} where the mask has ones. An IPv4 address stands in the last 32 bits of {@code low}.
 *
 * @param family 0: any address of either family, 4 or 6
 */
record AddressMatch(int family, long high, long low, long maskHigh, long maskLow) {
    static final AddressMatch ANY = new AddressMatch(0, 0, 0, 0, 0);
    private static final long IPV4_BITS = 0xffff_ffffL;

    static AddressMatch of(IpPrefix prefix) {
        byte[] octets = prefix.address().getAddress();
        if (prefix.isIpv4()) {
            long mask = prefix.length() == 0 ? 0 : IPV4_BITS << (32 - prefix.length()) & IPV4_BITS;
            return new AddressMatch(4, 0, ByteBuffer.wrap(octets).getInt() & mask, 0, mask);
        }
        int length = prefix.length();
        long maskHigh = length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
        long maskLow = length <= 64 ? 0 : -1L << (128 - length);
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        return new AddressMatch(6, buffer.getLong(), buffer.getLong(), maskHigh, maskLow);
    }

    /** The form of access lists with a wildcard: its one bits are not compared. */
    static AddressMatch wildcard(int address, int wildcard) {
        long mask = ~wildcard & IPV4_BITS;
        return new AddressMatch(4, 0, address & mask, 0, mask);
    }

    boolean isAny() { return family == 0; }

    boolean matches(long otherHigh, long otherLow) {
        return (otherHigh & maskHigh) == high && (otherLow & maskLow) == low;
    }

    /** Whether the mask is not a row of ones followed by zeros, so that a range cannot stand for it. */
    boolean isScattered() {
        return family == 4 && leadingOnes() != Long.bitCount(maskLow);
    }

    /** First address of the range given by the leading ones of the mask, IPv4. */
    long firstIpv4() {
        return low & prefixMask();
    }

    /** Last address of that range. */
    long lastIpv4() { return firstIpv4() | ~prefixMask() & IPV4_BITS; }

    private long prefixMask() { return leadingOnes() == 0 ? 0 : IPV4_BITS << (32 - leadingOnes()) & IPV4_BITS; }

    private int leadingOnes() { return Long.numberOfLeadingZeros(~(maskLow << 32)); }
}

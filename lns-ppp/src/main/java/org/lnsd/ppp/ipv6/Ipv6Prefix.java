package org.lnsd.ppp.ipv6;

/**
 * An IPv6 prefix; bits beyond the length are cleared.
 *
 * @param address the first address of the prefix
 * @param length the number of leading bits, 0 to 128
 */
public record Ipv6Prefix(Ipv6Address address, int length) {
    /** Clears what lies beyond the prefix. */
    public Ipv6Prefix {
        if (length < 0 || length > 128) {
            throw new IllegalArgumentException("prefix length " + length + ", expected 0 to 128");
        }
        address = new Ipv6Address(address.high() & highMask(length), address.low() & lowMask(length));
    }

    /** Whether the address lies in this prefix. */
    public boolean contains(Ipv6Address other) {
        return (other.high() & highMask(length)) == address.high() && (other.low() & lowMask(length)) == address.low();
    }

    private static long highMask(int length) { return length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length); }

    private static long lowMask(int length) { return length <= 64 ? 0 : -1L << (128 - length); }

    @Override
    public String toString() { return address + "/" + length; }
}

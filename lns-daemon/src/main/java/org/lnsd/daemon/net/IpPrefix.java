package org.lnsd.daemon.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An IPv4 or IPv6 prefix. The bits behind the length are zero.
 *
 * @param address the first address of the prefix
 * @param length the prefix length in bits, 0 to 32 or 0 to 128
 */
public record IpPrefix(InetAddress address, int length) {

    /** Checks the length and that no bit behind it is set. */
    public IpPrefix {
        int bits = address.getAddress().length * 8;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException(
                    "prefix length " + length + " of " + IpAddresses.format(address) + ", 0 to " + bits + " expected");
        }
        if (!masked(address, length).equals(address)) {
            throw new IllegalArgumentException(
                    "prefix " + IpAddresses.format(address) + "/" + length + " has bits set behind its length, "
                            + IpAddresses.format(masked(address, length)) + "/" + length + " expected");
        }
    }

    /** The prefix of the given length that holds the address. */
    public static IpPrefix of(InetAddress address, int length) {
        return new IpPrefix(masked(address, length), length);
    }

    /** The address alone, as /32 or /128. */
    public static IpPrefix ofHost(InetAddress address) {
        return new IpPrefix(address, address.getAddress().length * 8);
    }

    /**
     * Parses {@code ADDRESS/LENGTH} or {@code ADDRESS}.
     *
     * @throws IllegalArgumentException saying what is wrong with the text
     */
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> address = IpAddresses.parse(literal);
        if (address.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no prefix, an IPv4 or IPv6 ADDRESS/LENGTH expected");
        }
        if (slash < 0) {
            return ofHost(address.get());
        }
        String length = text.substring(slash + 1);
        if (length.isEmpty() || length.length() > 3 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("\"" + text + "\" has no prefix length, ADDRESS/LENGTH expected");
        }
        return new IpPrefix(address.get(), Integer.parseInt(length));
    }

    /** Whether this is an IPv4 prefix. */
    public boolean isIpv4() { return address instanceof Inet4Address; }

    /** Whether the address (of the same family) lies in this prefix. */
    public boolean contains(InetAddress other) {
        return sameBits(address.getAddress(), other.getAddress(), length);
    }

    /** Whether the other prefix lies in this one or is equal to it. */
    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    /** Whether the two have an address in common. */
    public boolean overlaps(IpPrefix other) {
        return contains(other) || other.contains(this);
    }

    @Override
    public String toString() { return IpAddresses.format(address) + "/" + length; }

    private static boolean sameBits(byte[] one, byte[] two, int lengthBits) {
        if (one.length != two.length) {
            return false;
        }
        int whole = lengthBits / 8;
        for (int i = 0; i < whole; i++) {
            if (one[i] != two[i]) {
                return false;
            }
        }
        int rest = lengthBits % 8;
        return rest == 0 || ((one[whole] ^ two[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
    }

    private static InetAddress masked(InetAddress address, int lengthBits) {
        byte[] octets = address.getAddress();
        for (int i = 0; i < octets.length; i++) {
            int keep = Math.clamp(lengthBits - 8L * i, 0, 8);
            octets[i] &= (byte) (0xFF << (8 - keep));
        }
        return IpAddresses.ofBytes(octets);
    }
}

package org.lnsd.daemon.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Address literals as text and back. Names are never looked up. */
public final class IpAddresses {

    private IpAddresses() {}

    /** The address that the literal names, or empty when it is no IPv4 dotted quad and no IPv6 literal. */
    public static Optional<InetAddress> parse(String literal) {
        boolean v6 = literal.indexOf(':') >= 0;
        if (v6 ? literal.indexOf('%') >= 0 : !isDottedQuad(literal)) {
            return Optional.empty();
        }
        try {
            return Optional.of(v6 ? Inet6Address.ofLiteral(literal) : Inet4Address.ofLiteral(literal));
        } catch (IllegalArgumentException notALiteral) {
            return Optional.empty();
        }
    }

    /** The IPv4 address that the literal names, or empty. */
    public static Optional<Inet4Address> parseIpv4(String literal) {
        return parse(literal).filter(Inet4Address.class::isInstance).map(Inet4Address.class::cast);
    }

    /** The address of 4 or 16 octets; an IPv4-mapped IPv6 address stays what it is in its 16 octets only as text, as the JDK has it. */
    public static InetAddress ofBytes(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException("address of " + octets.length + " octets, 4 or 16 expected",
                    wrongLength);
        }
    }

    /** The IPv4 address whose 32 bits are given. */
    public static Inet4Address ofInt(int bits) {
        return (Inet4Address) ofBytes(
                new byte[]{(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
    }

    /** The 32 bits of an IPv4 address. */
    public static int toInt(Inet4Address address) {
        byte[] octets = address.getAddress();
        return ((octets[0] & 0xFF) << 24) | ((octets[1] & 0xFF) << 16) | ((octets[2] & 0xFF) << 8) | (octets[3] & 0xFF);
    }

    /** The address as RFC 5952 prints it (IPv4: dotted quad). */
    public static String format(InetAddress address) {
        return address instanceof Inet6Address v6 ? formatIpv6(v6.getAddress()) : address.getHostAddress();
    }

    /** Address and port, an IPv6 address in brackets. */
    public static String format(InetSocketAddress socketAddress) {
        InetAddress address = socketAddress.getAddress();
        String host = address == null ? socketAddress.getHostString() : format(address);
        return host.indexOf(':') >= 0
                ? "[" + host + "]:" + socketAddress.getPort()
                : host + ":" + socketAddress.getPort();
    }

    private static boolean isDottedQuad(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean octal = part.length() > 1 && part.charAt(0) == '0'; // to some readers, decimal to others
            if (part.isEmpty() || octal || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')
                    || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    // RFC 5952 section 4: lower case, no leading zeros, the longest run of two or more zero groups is "::", the first of equals.
    private static String formatIpv6(byte[] octets) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((octets[2 * i] & 0xFF) << 8) | (octets[2 * i + 1] & 0xFF);
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8;) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
            i = end + 1;
        }
        StringBuilder text = new StringBuilder(40);
        for (int i = 0; i < 8;) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i++]));
        }
        return text.toString();
    }
}

package org.lnsd.system.subscriber;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.lnsd.daemon.net.IpAddresses;

/** Octets by hand. */
public final class Octets {
    private Octets() {}

    /** Joins: an Integer is one octet, a Short two, a Long four, a String its ASCII, an array itself. */
    public static byte[] of(Object... parts) {
        var out = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case Integer one -> out.write(one);
                case Short two -> out.writeBytes(u16(two));
                case Long four -> out.writeBytes(u32(four));
                case String text -> out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
                case byte[] octets -> out.writeBytes(octets);
                default -> throw new IllegalArgumentException(part.getClass().toString());
            }
        }
        return out.toByteArray();
    }

    public static byte[] u16(int value) { return new byte[]{(byte) (value >> 8), (byte) value}; }

    public static byte[] u32(long value) {
        return new byte[]{(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    public static byte[] hex(String digits) { return HexFormat.of().parseHex(digits.replace(" ", "")); }

    public static String hex(byte[] octets) { return HexFormat.of().formatHex(octets); }

    public static int u8(byte[] octets, int at) { return octets[at] & 0xff; }

    public static int u16(byte[] octets, int at) { return u8(octets, at) << 8 | u8(octets, at + 1); }

    public static long u32(byte[] octets, int at) { return (long) u16(octets, at) << 16 | u16(octets, at + 2); }

    /** A dotted IPv4 address as four octets. */
    public static byte[] ipv4(String dotted) {
        byte[] octets = new byte[4];
        String[] parts = dotted.split("\\.", -1);
        for (int i = 0; i < 4; i++) {
            octets[i] = (byte) Integer.parseInt(parts[i]);
        }
        return octets;
    }

    /** The sixteen octets of an IPv6 literal. */
    public static byte[] ipv6(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }

    /** An IPv6 address in the shortest form. */
    public static String ipv6(byte[] octets, int at) {
        try {
            return IpAddresses.format(InetAddress.getByAddress(Arrays.copyOfRange(octets, at, at + 16)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static String ipv4(byte[] octets, int at) {
        return u8(octets, at) + "." + u8(octets, at + 1) + "." + u8(octets, at + 2) + "." + u8(octets, at + 3);
    }

    public static byte[] digest(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

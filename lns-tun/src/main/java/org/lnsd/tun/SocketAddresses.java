package org.lnsd.tun;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** {@code sockaddr_in} and {@code sockaddr_in6} in native memory. */
public final class SocketAddresses {
    /** Room for either form, in bytes. */
    public static final int MAXIMUM_LENGTH = 28;

    private SocketAddresses() {}

    /** Writes the address and returns its length in bytes. */
    public static int write(long to, InetSocketAddress address) {
        boolean v6 = address.getAddress() instanceof Inet6Address;
        Memory.putShort(to, v6 ? Linux.AF_INET6 : Linux.AF_INET);
        Memory.putShortBe(to + 2, address.getPort());
        byte[] octets = address.getAddress().getAddress();
        if (v6) {
            Memory.putInt(to + 4, 0);
            Memory.fromArray(octets, 0, to + 8, 16);
            Memory.putInt(to + 24, ((Inet6Address) address.getAddress()).getScopeId());
            return 28;
        }
        Memory.fromArray(octets, 0, to + 4, 4);
        Memory.putLong(to + 8, 0);
        return 16;
    }

    /** Reads an address. */
    public static InetSocketAddress read(long from) {
        int port = Memory.getShortBe(from + 2);
        if (Memory.getShort(from) == Linux.AF_INET6) {
            return new InetSocketAddress(ipv6(from + 8, Memory.getInt(from + 24)), port);
        }
        return new InetSocketAddress(address(Memory.toArray(from + 4, 4)), port);
    }

    /** An IPv6 address in network order; the scope is kept for link-local ones only. */
    static InetAddress ipv6(long from, int scopeId) {
        byte[] octets = Memory.toArray(from, 16);
        boolean linkLocal = octets[0] == (byte) 0xFE && (octets[1] & 0xC0) == 0x80;
        try {
            return linkLocal && scopeId != 0 ? Inet6Address.getByAddress(null, octets, scopeId) : address(octets);
        } catch (UnknownHostException notSixteenOctets) {
            throw new IllegalStateException(notSixteenOctets);
        }
    }

    /** The address of 4 or 16 octets. */
    public static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /**
     * Writes the control message that makes a datagram leave from the given local address (IP_PKTINFO).
     *
     * @return its length in bytes, aligned
     */
    public static int writePacketInfo(long to, InetAddress local) {
        byte[] octets = local.getAddress();
        if (local instanceof Inet4Address) {
            writeControlHeader(to, 16 + 12, Linux.IPPROTO_IP, Linux.IP_PKTINFO);
            Memory.putInt(to + 16, 0);
            Memory.fromArray(octets, 0, to + 20, 4);
            Memory.putInt(to + 24, 0);
            Memory.putInt(to + 28, 0);
            return 32;
        }
        writeControlHeader(to, 16 + 20, Linux.IPPROTO_IPV6, Linux.IPV6_PKTINFO);
        Memory.fromArray(octets, 0, to + 16, 16);
        Memory.putInt(to + 32, ((Inet6Address) local).getScopeId());
        Memory.putInt(to + 36, 0);
        return 40;
    }

    static void writeControlHeader(long to, int lengthBytes, int level, int type) {
        Memory.putLong(to, lengthBytes);
        Memory.putInt(to + 8, level);
        Memory.putInt(to + 12, type);
    }
}

package org.lnsd.daemon.filter;

import org.lnsd.tun.Memory;

/**
 * The fields of an IP packet that rules look at; one instance a thread, filled anew for each packet. An IPv4 address stands in the last 32 bits of the
 * low half.
 */
public final class PacketFields {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;
    private static final int FRAGMENT = 44;
    private static final int MAXIMUM_EXTENSIONS = 8;

    private int family;
    private int protocol;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;
    private int tcpFlags;
    private int icmpType;
    private boolean laterFragment;

    /**
     * Reads a packet whose IP header was checked before: version, header length and total length lie within it.
     *
     * @return false: what rules need cannot be read (a transport header cut short, a chain of extension headers too long or lying); such a packet is
     *         not permitted by any list
     */
    public boolean read(long packet, int lengthBytes) {
        sourcePort = -1;
        destinationPort = -1;
        tcpFlags = 0;
        icmpType = -1;
        laterFragment = false;
        family = Memory.getByte(packet) >>> 4;
        return family == 4 ? readIpv4(packet, lengthBytes) : readIpv6(packet, lengthBytes);
    }

    private boolean readIpv4(long packet, int lengthBytes) {
        protocol = Memory.getByte(packet + 9);
        sourceHigh = 0;
        destinationHigh = 0;
        sourceLow = Memory.getIntBe(packet + 12) & 0xffff_ffffL;
        destinationLow = Memory.getIntBe(packet + 16) & 0xffff_ffffL;
        int headerBytes = (Memory.getByte(packet) & 0x0f) * 4;
        int fragmentOffset = Memory.getShortBe(packet + 6) & 0x1fff;
        return readFragmentOrTransport(fragmentOffset, packet + headerBytes, lengthBytes - headerBytes);
    }

    private boolean readIpv6(long packet, int lengthBytes) {
        sourceHigh = Memory.getLongBe(packet + 8);
        sourceLow = Memory.getLongBe(packet + 16);
        destinationHigh = Memory.getLongBe(packet + 24);
        destinationLow = Memory.getLongBe(packet + 32);
        int next = Memory.getByte(packet + 6);
        int at = 40;
        int fragmentOffset = 0;
        for (int extensions = 0; isExtension(next); extensions++) {
            if (extensions == MAXIMUM_EXTENSIONS || at + 8 > lengthBytes) {
                return false;
            }
            int here = next;
            next = Memory.getByte(packet + at);
            if (here == FRAGMENT) {
                fragmentOffset = Memory.getShortBe(packet + at + 2) >>> 3;
                at += 8;
                if (fragmentOffset != 0) {
                    break; // what follows is the middle of something
                }
            } else {
                at += here == 51
                        ? (Memory.getByte(packet + at + 1) + 2) * 4
                        : (Memory.getByte(packet + at + 1) + 1) * 8;
            }
        }
        if (at > lengthBytes) {
            return false;
        }
        protocol = next;
        return readFragmentOrTransport(fragmentOffset, packet + at, lengthBytes - at);
    }

    // Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, shim6 (RFC 8200 section 4.1, RFC 7045)
    private static boolean isExtension(int header) {
        return switch (header) {
            case 0, 43, FRAGMENT, 51, 60, 135, 139, 140 -> true;
            default -> false;
        };
    }

    private boolean readFragmentOrTransport(int fragmentOffset, long transport, int lengthBytes) {
        if (fragmentOffset == 0) {
            return readTransport(transport, lengthBytes);
        }
        laterFragment = true;
        // RFC 1858 section 3.1: a fragment that begins 8 octets into a TCP header could overwrite its flags
        return protocol != TCP || fragmentOffset != 1;
    }

    private boolean readTransport(long transport, int lengthBytes) {
        switch (protocol) {
            case TCP -> {
                if (lengthBytes < 14) {
                    return false;
                }
                readPorts(transport);
                tcpFlags = Memory.getByte(transport + 13);
            }
            case UDP -> {
                if (lengthBytes < 8) {
                    return false;
                }
                readPorts(transport);
            }
            case ICMP, ICMPV6 -> {
                if (lengthBytes < 4) {
                    return false;
                }
                icmpType = Memory.getByte(transport);
            }
            default -> {
                // nothing that a rule could look at
            }
        }
        return true;
    }

    private void readPorts(long transport) {
        sourcePort = Memory.getShortBe(transport);
        destinationPort = Memory.getShortBe(transport + 2);
    }

    int family() { return family; }

    int protocol() { return protocol; }

    long sourceHigh() { return sourceHigh; }

    long sourceLow() { return sourceLow; }

    long destinationHigh() { return destinationHigh; }

    long destinationLow() { return destinationLow; }

    int sourcePort() { return sourcePort; }

    int destinationPort() { return destinationPort; }

    int tcpFlags() { return tcpFlags; }

    int icmpType() { return icmpType; }

    boolean laterFragment() { return laterFragment; }
}

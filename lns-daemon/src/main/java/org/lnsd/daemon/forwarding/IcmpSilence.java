package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;

/** Packets about which a router must not send an ICMP error (RFC 1812 section 4.3.2.7, RFC 4443 section 2.4 e). */
final class IcmpSilence {
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int ICMPV6_REDIRECT = 137;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MAXIMUM_HEADERS = 8;

    private IcmpSilence() {}

    /** About an ICMP error, a fragment other than the first, or where source or destination are not of one host. */
    static boolean ofIpv4(long packet, int lengthBytes) {
        int header = (Memory.getByte(packet) & 0x0F) * 4;
        int source = Memory.getByte(packet + 12);
        boolean hosts = source != 0 && source != 127 && source < 224 && Memory.getByte(packet + 16) < 224;
        boolean first = (Memory.getShortBe(packet + 6) & 0x1FFF) == 0;
        boolean error = Memory.getByte(packet + 9) == ICMP
                && (lengthBytes <= header || !isQuestion(Memory.getByte(packet + header)));
        return !hosts || !first || error;
    }

    // Echo, Timestamp and their replies.
    private static boolean isQuestion(int icmpType) {
        return icmpType == 0 || icmpType == 8 || icmpType == 13 || icmpType == 14;
    }

    /** About an ICMPv6 error or redirect, from nobody or from a group; to a group unless its size is what is wrong (Packet Too Big). */
    static boolean ofIpv6(long packet, int lengthBytes, boolean tooBig) {
        long sourceHigh = Memory.getLongBe(packet + 8);
        boolean nobody = sourceHigh == 0 && Memory.getLongBe(packet + 16) >>> 1 == 0; // :: and ::1
        boolean group = Memory.getByte(packet + 8) == 0xFF || !tooBig && Memory.getByte(packet + 24) == 0xFF;
        return nobody || group || isIpv6Error(packet, lengthBytes);
    }

    // Behind whatever extension headers (RFC 8200 section 4); a fragment other than the first does not tell, and errors are too short to have one.
    private static boolean isIpv6Error(long packet, int lengthBytes) {
        long end = packet + lengthBytes;
        long at = packet + 40;
        int next = Memory.getByte(packet + 6);
        for (int headers = 0; headers < MAXIMUM_HEADERS; headers++) {
            if (next == ICMPV6) {
                return at >= end || Memory.getByte(at) < 128 || Memory.getByte(at) == ICMPV6_REDIRECT;
            }
            if (!isExtension(next)) {
                return false;
            }
            if (at + 8 > end) {
                return true;
            }
            if (next == FRAGMENT && (Memory.getShortBe(at + 2) & 0xFFF8) != 0) {
                return false;
            }
            int bytes = switch (next) {
                case FRAGMENT -> 8;
                case AUTHENTICATION -> (Memory.getByte(at + 1) + 2) * 4;
                default -> (Memory.getByte(at + 1) + 1) * 8;
            };
            next = Memory.getByte(at);
            at += bytes;
        }
        return true;
    }

    private static boolean isExtension(int header) {
        return switch (header) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }
}

package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;

/** Tells flows apart by addresses, protocol and ports, for fairness only. */
final class FlowHash {
    private static final int TCP = 6;
    private static final int UDP = 17;

    private FlowHash() {}

    /** A number that is the same for all packets of a flow; the IP header must be whole. */
    static int of(long packet, int lengthBytes, boolean ipv6) {
        return ipv6 ? ipv6(packet, lengthBytes) : ipv4(packet, lengthBytes);
    }

    private static int ipv4(long packet, int lengthBytes) {
        int header = (Memory.getByte(packet) & 0x0F) * 4;
        int protocol = Memory.getByte(packet + 9);
        boolean fragment = (Memory.getShortBe(packet + 6) & 0x3FFF) != 0;
        int hash = mix(Memory.getInt(packet + 12), Memory.getInt(packet + 16)) + protocol;
        return fragment ? hash : mix(hash, ports(packet, lengthBytes, header, protocol));
    }

    private static int ipv6(long packet, int lengthBytes) {
        long addresses = Memory.getLong(packet + 8) * 31 + Memory.getLong(packet + 16);
        addresses = (addresses * 31 + Memory.getLong(packet + 24)) * 31 + Memory.getLong(packet + 32);
        int protocol = Memory.getByte(packet + 6);
        return mix((int) (addresses ^ addresses >>> 32) + protocol, ports(packet, lengthBytes, 40, protocol));
    }

    private static int ports(long packet, int lengthBytes, int header, int protocol) {
        return (protocol == TCP || protocol == UDP) && lengthBytes >= header + 4 ? Memory.getInt(packet + header) : 0;
    }

    private static int mix(int one, int other) {
        return one * 0x85EB_CA6B + Integer.rotateLeft(other, 13) * 0xC2B2_AE35;
    }
}

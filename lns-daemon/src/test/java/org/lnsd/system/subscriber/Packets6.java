package org.lnsd.system.subscriber;

/** IPv6 packets by hand. */
public final class Packets6 {
    public static final int UDP = 17;
    public static final int ICMPV6 = 58;

    private Packets6() {}

    public static byte[] ipv6(int nextHeader, int hopLimit, String source, String destination, byte[] payload) {
        return Octets.of(Octets.u32(0x6000_0000L), Octets.u16(payload.length), nextHeader, hopLimit,
                Octets.ipv6(source), Octets.ipv6(destination), payload);
    }

    /** RFC 8200 section 8.1. */
    public static int checksum(int nextHeader, byte[] source, byte[] destination, byte[] payload) {
        return Packets.checksum(Octets.of(source, destination, Octets.u32(payload.length), Octets.u32(nextHeader),
                payload));
    }

    /** An ICMPv6 message; the checksum is right. */
    public static byte[] icmp(int type, int code, int hopLimit, String source, String destination, byte[] body) {
        byte[] message = Octets.of(type, code, Octets.u16(0), body);
        int sum = checksum(ICMPV6, Octets.ipv6(source), Octets.ipv6(destination), message);
        message[2] = (byte) (sum >> 8);
        message[3] = (byte) sum;
        return ipv6(ICMPV6, hopLimit, source, destination, message);
    }

    /** A UDP packet; the checksum is right. */
    public static byte[] udp(String source, int sourcePort, String destination, int port, byte[] payload) {
        byte[] udp = Octets.of(Octets.u16(sourcePort), Octets.u16(port), Octets.u16(8 + payload.length), Octets.u16(0),
                payload);
        int sum = checksum(UDP, Octets.ipv6(source), Octets.ipv6(destination), udp);
        udp[6] = (byte) (sum >> 8);
        udp[7] = (byte) sum;
        return ipv6(UDP, 64, source, destination, udp);
    }

    /** An echo request. */
    public static byte[] ping(String source, String destination, int hopLimit, byte[] payload) {
        return icmp(128, 0, hopLimit, source, destination, Octets.of(Octets.u16(99), Octets.u16(1), payload));
    }
}

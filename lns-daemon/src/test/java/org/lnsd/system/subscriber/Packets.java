package org.lnsd.system.subscriber;

/** IP packets by hand. */
public final class Packets {
    private Packets() {}

    /** RFC 1071. */
    public static int checksum(byte[] octets) {
        long sum = 0;
        for (int i = 0; i < octets.length; i += 2) {
            sum += (octets[i] & 0xff) << 8 | (i + 1 < octets.length ? octets[i + 1] & 0xff : 0);
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) ~sum & 0xffff;
    }

    public static byte[] ipv4(int protocol, String source, String destination, int ttl, byte[] payload) {
        byte[] header = Octets.of(0x45, 0, Octets.u16(20 + payload.length), Octets.u16(7), Octets.u16(0x4000), ttl,
                protocol, Octets.u16(0), Octets.ipv4(source), Octets.ipv4(destination));
        int sum = checksum(header);
        header[10] = (byte) (sum >> 8);
        header[11] = (byte) sum;
        return Octets.of(header, payload);
    }

    /** UDP without checksum. */
    public static byte[] udp(String source, int sourcePort, String destination, int port, byte[] payload) {
        return ipv4(17, source, destination, 64, Octets.of(Octets.u16(sourcePort), Octets.u16(port),
                Octets.u16(8 + payload.length), Octets.u16(0), payload));
    }

    /** An ICMP echo request. */
    public static byte[] ping(String source, String destination, int ttl, int sequence, byte[] payload) {
        byte[] icmp = Octets.of(8, 0, Octets.u16(0), Octets.u16(99), Octets.u16(sequence), payload);
        int sum = checksum(icmp);
        icmp[2] = (byte) (sum >> 8);
        icmp[3] = (byte) sum;
        return ipv4(1, source, destination, ttl, icmp);
    }

    /** A TCP SYN with an MSS option; the checksum is right. */
    public static byte[] syn(String source, int sourcePort, String destination, int port, int mss) {
        byte[] tcp = Octets.of(Octets.u16(sourcePort), Octets.u16(port), Octets.u32(1), Octets.u32(0), 0x60, 0x02,
                Octets.u16(64000), Octets.u16(0), Octets.u16(0), 2, 4, Octets.u16(mss));
        int sum = checksum(Octets.of(Octets.ipv4(source), Octets.ipv4(destination), 0, 6, Octets.u16(tcp.length), tcp));
        tcp[16] = (byte) (sum >> 8);
        tcp[17] = (byte) sum;
        return ipv4(6, source, destination, 64, tcp);
    }
}

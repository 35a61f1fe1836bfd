package org.lnsd.tun;

/**
 * Cuts a super-packet from the device into the packets that the kernel would have made of it, and finishes checksums that
 * the kernel left open. The payload is never copied: each packet is a header, written where the caller wants it, and a
 * slice of the super-packet.
 */
public final class Splitter {
    /** Longest network and transport header together that is cut, in bytes. */
    public static final int MAXIMUM_HEADER = 120;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int FIN_PSH = 0x09;
    private static final int CWR = 0x80;

    private long packet;
    private boolean ipv6;
    private boolean tcp;
    private int transport;
    private int headerBytes;
    private int payloadBytes;
    private int segmentBytes;
    private int count;

    /**
     * Takes a packet with its virtio-net header. One that is not a super-packet is made complete in place, and counts as one.
     *
     * @return false if the headers contradict each other or the length
     */
    public boolean begin(long virtioNetHeader, long ipPacket, int lengthBytes) {
        packet = ipPacket;
        ipv6 = Memory.getByte(ipPacket) >>> 4 == 6;
        int gsoType = VirtioNetHeader.gsoType(virtioNetHeader) & ~VirtioNetHeader.GSO_ECN;
        if (gsoType == VirtioNetHeader.GSO_NONE) {
            count = 1;
            headerBytes = 0;
            payloadBytes = lengthBytes;
            segmentBytes = lengthBytes;
            return (VirtioNetHeader.flags(virtioNetHeader) & VirtioNetHeader.FLAG_NEEDS_CSUM) == 0
                    || completeChecksum(virtioNetHeader, lengthBytes);
        }
        segmentBytes = VirtioNetHeader.gsoSize(virtioNetHeader);
        transport = VirtioNetHeader.checksumStart(virtioNetHeader);
        tcp = gsoType == VirtioNetHeader.GSO_TCPV4 || gsoType == VirtioNetHeader.GSO_TCPV6;
        if (segmentBytes == 0 || (!tcp && gsoType != VirtioNetHeader.GSO_UDP_L4) || !headersFit(gsoType, lengthBytes)) {
            return false;
        }
        payloadBytes = lengthBytes - headerBytes;
        count = (payloadBytes + segmentBytes - 1) / segmentBytes;
        return true;
    }

    private boolean headersFit(int gsoType, int lengthBytes) {
        int networkHeader = ipv6 ? 40 : (Memory.getByte(packet) & 0x0F) * 4;
        int smallest = tcp ? 20 : 8;
        if (lengthBytes < 20 || transport < networkHeader || (!ipv6 && transport != networkHeader)
                || transport + smallest > lengthBytes
                || (gsoType == VirtioNetHeader.GSO_TCPV4 && ipv6) || (gsoType == VirtioNetHeader.GSO_TCPV6 && !ipv6)) {
            return false;
        }
        headerBytes = transport + (tcp ? (Memory.getByte(packet + transport + 12) >>> 4) * 4 : 8);
        return headerBytes >= transport + smallest && headerBytes <= MAXIMUM_HEADER && headerBytes < lengthBytes;
    }

    private boolean completeChecksum(long virtioNetHeader, int lengthBytes) {
        int start = VirtioNetHeader.checksumStart(virtioNetHeader);
        int field = start + VirtioNetHeader.checksumOffset(virtioNetHeader);
        if (field + 2 > lengthBytes) {
            return false;
        }
        int checksum = Checksum.finish(Checksum.sum(packet + start, lengthBytes - start));
        boolean udp = VirtioNetHeader.checksumOffset(virtioNetHeader) == 6;
        Memory.putShort(packet + field, checksum == 0 && udp ? 0xFFFF : checksum);
        return true;
    }

    /** Into how many packets it is cut; at least 1. */
    public int count() { return count; }

    /** Length of the headers that {@link #writeHeader} writes; 0 for a packet that is not cut. */
    public int headerBytes() {
        return headerBytes;
    }

    /** Length of the largest packet in bytes. */
    public int largestPacketBytes() {
        return headerBytes + Math.min(segmentBytes, payloadBytes);
    }

    /** Where packet {@code index}'s payload lies (the whole packet if it is not cut). */
    public long payloadAddress(int index) {
        return packet + headerBytes + (long) index * segmentBytes;
    }

    /** How long it is in bytes. */
    public int payloadBytes(int index) {
        return Math.min(segmentBytes, payloadBytes - index * segmentBytes);
    }

    /** Writes packet {@code index}'s network and transport header, checksums included. */
    public void writeHeader(int index, long to) {
        Memory.copy(packet, to, headerBytes);
        int payload = payloadBytes(index);
        int packetBytes = headerBytes + payload;
        if (ipv6) {
            Memory.putShortBe(to + 4, packetBytes - 40);
        } else {
            Memory.putShortBe(to + 2, packetBytes);
            Memory.putShortBe(to + 4, Memory.getShortBe(packet + 4) + index);
            Memory.putShort(to + 10, 0);
            Memory.putShort(to + 10, Checksum.finish(Checksum.sum(to, transport)));
        }
        long segment = to + transport;
        int transportBytes = packetBytes - transport;
        if (tcp) {
            Memory.putIntBe(segment + 4, Memory.getIntBe(packet + transport + 4) + index * segmentBytes);
            int flags = Memory.getByte(segment + 13);
            flags = index == count - 1 ? flags : flags & ~FIN_PSH;
            Memory.putByte(segment + 13, index == 0 ? flags : flags & ~CWR);
        } else {
            Memory.putShortBe(segment + 4, transportBytes);
        }
        long checksumField = segment + (tcp ? 16 : 6);
        Memory.putShort(checksumField, 0);
        int checksum = Checksum.finish(Checksum.pseudoHeader(to, ipv6, tcp ? TCP : UDP, transportBytes)
                + Checksum.sum(segment, headerBytes - transport) + Checksum.sum(payloadAddress(index), payload));
        Memory.putShort(checksumField, checksum == 0 && !tcp ? 0xFFFF : checksum);
    }
}

package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Fields of a whole IPv6 packet (RFC 8200 section 3) and the making of ICMPv6 and UDP packets with their checksums (section 8.1). Offsets are
 * relative to the reader index of the packet.
 */
public final class Ipv6Packet {
    /** Octets of the fixed header. */
    public static final int HEADER_BYTES = 40;
    /** Next Header value of UDP. */
    public static final int UDP = 17;
    /** Next Header value of ICMPv6. */
    public static final int ICMPV6 = 58;
    /** Octets of the UDP header. */
    static final int UDP_HEADER_BYTES = 8;

    private Ipv6Packet() {}

    /** Whether the packet has a whole header of version 6 and a payload length that lies within it. Borrows. */
    public static boolean isWhole(ByteBuf packet) {
        int start = packet.readerIndex();
        return packet.readableBytes() >= HEADER_BYTES && packet.getByte(start) >>> 4 == 6
                && payloadLength(packet) <= packet.readableBytes() - HEADER_BYTES;
    }

    /** Whether anything stands between the header and the upper layer (RFC 8200 section 4), or there is none. Borrows a whole packet. */
    public static boolean hasExtensionHeaders(ByteBuf packet) {
        return ExtensionHeaders.isOne(nextHeader(packet));
    }

    static int payloadLength(ByteBuf packet) { return packet.getUnsignedShort(packet.readerIndex() + 4); }

    static int nextHeader(ByteBuf packet) { return packet.getUnsignedByte(packet.readerIndex() + 6); }

    static int hopLimit(ByteBuf packet) { return packet.getUnsignedByte(packet.readerIndex() + 7); }

    static Ipv6Address source(ByteBuf packet) { return Ipv6Address.get(packet, packet.readerIndex() + 8); }

    static Ipv6Address destination(ByteBuf packet) { return Ipv6Address.get(packet, packet.readerIndex() + 24); }

    /** A view of the payload as long as the header says; not retained. */
    static ByteBuf payload(ByteBuf packet) {
        return packet.slice(packet.readerIndex() + HEADER_BYTES, payloadLength(packet));
    }

    /** Whether the upper-layer checksum, pseudo header included, is right. */
    static boolean checksumHolds(ByteBuf packet) {
        int length = payloadLength(packet);
        return checksum(packet, packet.readerIndex(), length, nextHeader(packet)) == 0;
    }

    /**
     * A new packet with its header written and the writer at the start of the payload. Returns owned.
     *
     * @param hopLimit 255 where neighbour discovery asks for it
     */
    static ByteBuf begin(ByteBufAllocator allocator, int nextHeader, int hopLimit, Ipv6Address source,
            Ipv6Address destination) {
        ByteBuf packet = allocator.buffer(256);
        packet.writeInt(6 << 28).writeShort(0).writeByte(nextHeader).writeByte(hopLimit);
        source.write(packet);
        destination.write(packet);
        return packet;
    }

    /**
     * Sets the payload length and the checksum of a packet of {@link #begin}. Borrows.
     *
     * @param checksumOffset offset of the checksum field in the payload
     */
    static void finish(ByteBuf packet, int checksumOffset) {
        int start = packet.readerIndex();
        int length = packet.readableBytes() - HEADER_BYTES;
        packet.setShort(start + 4, length);
        packet.setShort(start + HEADER_BYTES + checksumOffset, 0);
        int nextHeader = nextHeader(packet);
        int sum = checksum(packet, start, length, nextHeader);
        packet.setShort(start + HEADER_BYTES + checksumOffset, sum == 0 && nextHeader == UDP ? 0xffff : sum);
    }

    /** Makes a UDP packet of a payload that is written by the caller after this call; end it with {@link #finishUdp}. Returns owned. */
    static ByteBuf beginUdp(ByteBufAllocator allocator, Ipv6Address source, int sourcePort, Ipv6Address destination,
            int destinationPort) {
        ByteBuf packet = begin(allocator, UDP, 64, source, destination);
        return packet.writeShort(sourcePort).writeShort(destinationPort).writeInt(0);
    }

    static void finishUdp(ByteBuf packet) {
        packet.setShort(packet.readerIndex() + HEADER_BYTES + 4, packet.readableBytes() - HEADER_BYTES);
        finish(packet, 6);
    }

    private static int checksum(ByteBuf packet, int start, int length, int nextHeader) {
        long sum = (long) length + nextHeader;
        for (int i = start + 8; i < start + HEADER_BYTES; i += 2) {
            sum += packet.getUnsignedShort(i);
        }
        int payload = start + HEADER_BYTES;
        for (int i = payload; i + 1 < payload + length; i += 2) {
            sum += packet.getUnsignedShort(i);
        }
        if ((length & 1) != 0) {
            sum += packet.getUnsignedByte(payload + length - 1) << 8;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) ~sum & 0xffff;
    }
}

package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/** Codec of the neighbour discovery messages that a point-to-point link needs (RFC 4861 section 4) and their validation (sections 6.1 and 7.1). */
final class NeighborDiscovery {
    static final int ECHO_REQUEST = 128;
    static final int ECHO_REPLY = 129;
    static final int ROUTER_SOLICITATION = 133;
    static final int ROUTER_ADVERTISEMENT = 134;
    static final int NEIGHBOR_SOLICITATION = 135;
    static final int NEIGHBOR_ADVERTISEMENT = 136;
    static final int REDIRECT = 137;
    static final int OPTION_SOURCE_LINK_LAYER_ADDRESS = 1;
    static final int OPTION_PREFIX_INFORMATION = 3;
    static final int OPTION_MTU = 5;
    static final int OPTION_RDNSS = 25;
    static final int OPTION_DNSSL = 31;
    static final int RA_HEADER_BYTES = 16;
    static final int HOP_LIMIT = 255;
    private static final int ICMP_CHECKSUM_OFFSET = 2;

    private NeighborDiscovery() {}

    /** Whether a message of this type is of neighbour discovery (RFC 4861 section 4). */
    static boolean isOne(int icmpType) {
        return icmpType >= ROUTER_SOLICITATION && icmpType <= REDIRECT;
    }

    /** RFC 4861 sections 6.1.1, 6.1.2, 7.1.1, 7.1.2: hop limit 255, code 0, at least the fixed part, options that fill the rest exactly. */
    static boolean isValid(ByteBuf packet, ByteBuf message, int fixedBytes) {
        return Ipv6Packet.hopLimit(packet) == HOP_LIMIT && message.getByte(1) == 0
                && message.readableBytes() >= fixedBytes
                && optionsFill(message, fixedBytes);
    }

    private static boolean optionsFill(ByteBuf message, int fixedBytes) {
        int at = fixedBytes;
        while (at < message.readableBytes()) {
            int remaining = message.readableBytes() - at;
            int length = remaining < 2 ? 0 : message.getUnsignedByte(at + 1) * 8;
            if (length == 0 || length > remaining) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Whether an option of this type is there, after {@link #isValid}. */
    static boolean hasOption(ByteBuf message, int fixedBytes, int type) {
        for (int at = fixedBytes; at < message.readableBytes(); at += message.getUnsignedByte(at + 1) * 8) {
            if (message.getUnsignedByte(at) == type) {
                return true;
            }
        }
        return false;
    }

    /** A router advertisement (RFC 4861 section 4.2). Returns owned. */
    static ByteBuf routerAdvertisement(ByteBufAllocator allocator, RouterSettings settings,
            List<AdvertisedPrefix> deprecated, List<Ipv6Address> formerDnsServers, boolean ceasing,
            Ipv6Address destination) {
        ByteBuf packet = Ipv6Packet.begin(allocator, Ipv6Packet.ICMPV6, HOP_LIMIT, settings.linkLocal(), destination);
        int flags = (settings.managed() ? 0x80 : 0) | (settings.otherConfiguration() ? 0x40 : 0);
        packet.writeByte(ROUTER_ADVERTISEMENT).writeByte(0).writeShort(0).writeByte(settings.hopLimit())
                .writeByte(flags)
                .writeShort(ceasing ? 0 : settings.routerLifetimeSeconds()).writeInt(0).writeInt(0);
        for (AdvertisedPrefix prefix : settings.prefixes()) {
            writePrefix(packet, ceasing ? prefix.deprecated() : prefix);
        }
        for (AdvertisedPrefix prefix : deprecated) {
            writePrefix(packet, prefix);
        }
        if (settings.mtuBytes() > 0) {
            packet.writeByte(OPTION_MTU).writeByte(1).writeShort(0).writeInt(settings.mtuBytes());
        }
        long resolverSeconds = ceasing ? 0 : settings.resolverSeconds();
        writeDnsServers(packet, settings.dnsServers(), resolverSeconds);
        writeDnsServers(packet, formerDnsServers, 0);
        writeSearchDomains(packet, settings.searchDomains(), resolverSeconds);
        Ipv6Packet.finish(packet, ICMP_CHECKSUM_OFFSET);
        return packet;
    }

    private static void writePrefix(ByteBuf packet, AdvertisedPrefix prefix) {
        int flags = (prefix.onLink() ? 0x80 : 0) | (prefix.autonomous() ? 0x40 : 0);
        packet.writeByte(OPTION_PREFIX_INFORMATION).writeByte(4).writeByte(prefix.prefix().length()).writeByte(flags)
                .writeInt((int) prefix.validSeconds()).writeInt((int) prefix.preferredSeconds()).writeInt(0);
        prefix.prefix().address().write(packet);
    }

    private static void writeDnsServers(ByteBuf packet, List<Ipv6Address> servers, long seconds) {
        if (!servers.isEmpty()) {
            packet.writeByte(OPTION_RDNSS).writeByte(1 + 2 * servers.size()).writeShort(0).writeInt((int) seconds);
            servers.forEach(server -> server.write(packet));
        }
    }

    private static void writeSearchDomains(ByteBuf packet, List<String> domains, long seconds) {
        if (!domains.isEmpty()) {
            int start = packet.writerIndex();
            packet.writeByte(OPTION_DNSSL).writeByte(0).writeShort(0).writeInt((int) seconds);
            for (String domain : domains) {
                DomainName.write(packet, domain);
            }
            packet.writeZero(-(packet.writerIndex() - start) & 7);
            packet.setByte(start + 1, (packet.writerIndex() - start) / 8);
        }
    }

    /** A router solicitation without options (RFC 4861 section 4.1). Returns owned. */
    static ByteBuf routerSolicitation(ByteBufAllocator allocator, Ipv6Address source) {
        ByteBuf packet = Ipv6Packet.begin(allocator, Ipv6Packet.ICMPV6, HOP_LIMIT, source, Ipv6Address.ALL_ROUTERS);
        packet.writeByte(ROUTER_SOLICITATION).writeByte(0).writeShort(0).writeInt(0);
        Ipv6Packet.finish(packet, ICMP_CHECKSUM_OFFSET);
        return packet;
    }

    /** A neighbour advertisement of our own address, router and override flags set (RFC 4861 section 7.2.4). Returns owned. */
    static ByteBuf neighborAdvertisement(ByteBufAllocator allocator, Ipv6Address target, Ipv6Address solicitor) {
        boolean anonymous = solicitor.isUnspecified();
        ByteBuf packet = Ipv6Packet.begin(allocator, Ipv6Packet.ICMPV6, HOP_LIMIT, target,
                anonymous ? Ipv6Address.ALL_NODES : solicitor);
        int flags = anonymous ? 0xa0 : 0xe0;
        packet.writeByte(NEIGHBOR_ADVERTISEMENT).writeByte(0).writeShort(0).writeInt(flags << 24);
        target.write(packet);
        Ipv6Packet.finish(packet, ICMP_CHECKSUM_OFFSET);
        return packet;
    }

    /** The reply to an echo request (RFC 4443 section 4.2). Returns owned. */
    static ByteBuf echoReply(ByteBufAllocator allocator, ByteBuf request, Ipv6Address ourAddress) {
        ByteBuf packet = Ipv6Packet.begin(allocator, Ipv6Packet.ICMPV6, 64, ourAddress, Ipv6Packet.source(request));
        ByteBuf message = Ipv6Packet.payload(request);
        packet.writeByte(ECHO_REPLY).writeByte(0).writeShort(0).writeBytes(message, 4, message.readableBytes() - 4);
        Ipv6Packet.finish(packet, ICMP_CHECKSUM_OFFSET);
        return packet;
    }
}

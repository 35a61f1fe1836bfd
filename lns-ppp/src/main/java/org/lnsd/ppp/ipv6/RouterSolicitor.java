package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of router discovery on a point-to-point link (RFC 4861 section 6.3, RFC 8106): solicits until an advertisement comes and tells what
 * each one says.
 */
public final class RouterSolicitor {
    /** MAX_RTR_SOLICITATIONS. */
    private static final int MAXIMUM_SOLICITATIONS = 3;
    /** RTR_SOLICITATION_INTERVAL. */
    private static final long INTERVAL_NS = 4_000_000_000L;
    private static final int MAXIMUM_OPTIONS = 32;

    private final Ipv6Address linkLocal;
    private final ByteBufAllocator allocator;
    private final Deque<ByteBuf> transmit = new ArrayDeque<>(1);
    private final Deque<Advertisement> events = new ArrayDeque<>(1);
    private int sent;
    private long deadlineNs = Long.MAX_VALUE;

    /**
     * What a router advertised.
     *
     * @param router the router's link-local address
     * @param routerLifetimeSeconds 0: not a default router
     * @param mtuBytes 0: no MTU option
     */
    public record Advertisement(Ipv6Address router, int routerLifetimeSeconds, boolean managed,
            boolean otherConfiguration, int mtuBytes,
            List<AdvertisedPrefix> prefixes, List<Ipv6Address> dnsServers, List<String> searchDomains) {
        /** Copies. */
        public Advertisement {
            prefixes = List.copyOf(prefixes);
            dnsServers = List.copyOf(dnsServers);
            searchDomains = List.copyOf(searchDomains);
        }
    }

    /** A host with this address on the link. */
    public RouterSolicitor(Ipv6Address linkLocal, ByteBufAllocator allocator) {
        this.linkLocal = linkLocal;
        this.allocator = allocator;
    }

    /** The link is up: solicits at once, up to three times. */
    public void start(long nowNs) {
        sent = 0;
        solicit(nowNs);
    }

    private void solicit(long nowNs) {
        transmit.add(NeighborDiscovery.routerSolicitation(allocator, linkLocal));
        deadlineNs = ++sent < MAXIMUM_SOLICITATIONS ? nowNs + INTERVAL_NS : Long.MAX_VALUE;
    }

    /** A deadline has come. */
    public void onTimeout(long nowNs) {
        if (deadlineNs != Long.MAX_VALUE && deadlineNs - nowNs <= 0) {
            solicit(nowNs);
        }
    }

    /** A packet from the router; what is no valid advertisement (RFC 4861 section 6.1.2) is ignored. Borrows. */
    public void onPacket(ByteBuf packet) {
        if (!Ipv6Packet.isWhole(packet) || Ipv6Packet.nextHeader(packet) != Ipv6Packet.ICMPV6
                || Ipv6Packet.payloadLength(packet) < NeighborDiscovery.RA_HEADER_BYTES
                || !Ipv6Packet.source(packet).isLinkLocal()
                || !Ipv6Packet.checksumHolds(packet)) {
            return;
        }
        ByteBuf message = Ipv6Packet.payload(packet);
        if (message.getUnsignedByte(0) == NeighborDiscovery.ROUTER_ADVERTISEMENT
                && NeighborDiscovery.isValid(packet, message, NeighborDiscovery.RA_HEADER_BYTES)) {
            deadlineNs = Long.MAX_VALUE;
            events.add(read(Ipv6Packet.source(packet), message));
        }
    }

    private static Advertisement read(Ipv6Address router, ByteBuf message) {
        List<AdvertisedPrefix> prefixes = new ArrayList<>(1);
        List<Ipv6Address> dnsServers = new ArrayList<>(2);
        List<String> domains = new ArrayList<>(1);
        int mtuBytes = 0;
        int at = NeighborDiscovery.RA_HEADER_BYTES;
        for (int count = 0; at < message.readableBytes() && count < MAXIMUM_OPTIONS; count++) {
            int length = message.getUnsignedByte(at + 1) * 8;
            ByteBuf option = message.slice(at, length);
            switch (option.getUnsignedByte(0)) {
                case NeighborDiscovery.OPTION_PREFIX_INFORMATION -> addPrefix(option, prefixes);
                case NeighborDiscovery.OPTION_MTU -> mtuBytes = option.getInt(4);
                case NeighborDiscovery.OPTION_RDNSS -> addDnsServers(option, dnsServers);
                case NeighborDiscovery.OPTION_DNSSL -> addDomains(option.skipBytes(8), domains);
                default -> {
                    // not for us
                }
            }
            at += length;
        }
        int flags = message.getUnsignedByte(5);
        return new Advertisement(router, message.getUnsignedShort(6), (flags & 0x80) != 0, (flags & 0x40) != 0,
                mtuBytes, prefixes, dnsServers,
                domains);
    }

    private static void addPrefix(ByteBuf option, List<AdvertisedPrefix> prefixes) {
        int length = option.readableBytes() == 32 ? option.getUnsignedByte(2) : 255;
        long valid = length <= 128 ? option.getUnsignedInt(4) : 0;
        long preferred = length <= 128 ? option.getUnsignedInt(8) : 1;
        if (preferred <= valid) { // RFC 4862 section 5.5.3 c
            int flags = option.getUnsignedByte(3);
            prefixes.add(new AdvertisedPrefix(new Ipv6Prefix(Ipv6Address.get(option, 16), length), preferred, valid,
                    (flags & 0x80) != 0,
                    (flags & 0x40) != 0));
        }
    }

    /** RFC 8106 section 5.1: those with a lifetime of 0 are no more. */
    private static void addDnsServers(ByteBuf option, List<Ipv6Address> dnsServers) {
        int end = option.readableBytes() < 8 || option.getInt(4) == 0 ? 0 : option.readableBytes();
        for (int at = 8; at + Ipv6Address.LENGTH_BYTES <= end; at += Ipv6Address.LENGTH_BYTES) {
            dnsServers.add(Ipv6Address.get(option, at));
        }
    }

    private static void addDomains(ByteBuf names, List<String> domains) {
        while (names.isReadable()) {
            String name = DomainName.read(names);
            if (name == null) {
                return;
            }
            if (!name.isEmpty()) {
                domains.add(name);
            }
        }
    }

    /** When {@link #onTimeout} is due; {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        return deadlineNs;
    }

    /** The next whole IPv6 packet to the router, or {@code null}. Returns owned. */
    public @Nullable ByteBuf pollTransmit() {
        return transmit.poll();
    }

    /** The next advertisement that came, or {@code null}. */
    public @Nullable Advertisement pollEvent() {
        return events.poll();
    }
}

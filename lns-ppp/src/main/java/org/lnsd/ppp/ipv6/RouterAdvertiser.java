package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The router's half of neighbour discovery on one point-to-point link (RFC 4861 section 6.2 and 7.2, RFC 8106): advertises the link's prefixes,
 * answers solicitations and echo requests to our link-local address, and deprecates a prefix that goes.
 *
 * <p>Call order: {@link #start}, then {@link #onPacket} and {@link #onTimeout} as they come, {@link #pollTransmit} until it is empty after each call.
 */
public final class RouterAdvertiser {
    /** MAX_INITIAL_RTR_ADVERTISEMENTS and the number of advertisements after a change (RFC 4861 section 6.2.4). */
    private static final int INITIAL_ADVERTISEMENTS = 3;
    /** MAX_INITIAL_RTR_ADVERT_INTERVAL. */
    private static final long INITIAL_INTERVAL_NS = 16_000_000_000L;
    /** MIN_DELAY_BETWEEN_RAS. */
    private static final long MINIMUM_DELAY_NS = 3_000_000_000L;
    /** MAX_RA_DELAY_TIME. */
    private static final int MAXIMUM_ANSWER_DELAY_NS = 500_000_000;
    /** A host may keep a prefix that was taken away for two hours (RFC 4862 section 5.5.3), so long it is told. */
    private static final long DEPRECATION_NS = 7_200_000_000_000L;
    private static final int MAXIMUM_DEPRECATED = 8;
    private static final int MAXIMUM_QUEUED = 16;
    /** Hop-by-hop, routing, fragment, ESP, AH, none, destination options (RFC 8200 section 4). */
    private static final Set<Integer> EXTENSION_HEADERS = Set.of(0, 43, 44, 50, 51, 59, 60);

    private final RandomGenerator random;
    private final ByteBufAllocator allocator;
    private final TokenBucket answers = new TokenBucket(10, 20);
    private final Deque<ByteBuf> transmit = new ArrayDeque<>(2);
    private final List<Withdrawn> deprecated = new ArrayList<>(0);
    private RouterSettings settings;
    private boolean running;
    private int rapidRemaining;
    private long nextAdvertisementNs = Long.MAX_VALUE;
    private long lastMulticastNs;
    private boolean multicastSent;
    private long answerNs = Long.MAX_VALUE;
    private Ipv6Address answerTo = Ipv6Address.UNSPECIFIED;
    private long dropped;

    private record Withdrawn(AdvertisedPrefix prefix, long untilNs) {}

    /** A machine that has not started. */
    public RouterAdvertiser(RouterSettings settings, RandomGenerator random, ByteBufAllocator allocator) {
        this.settings = settings;
        this.random = random;
        this.allocator = allocator;
    }

    /** The link is up: advertises at once. */
    public void start(long nowNs) {
        running = true;
        rapidRemaining = INITIAL_ADVERTISEMENTS;
        advertise(Ipv6Address.ALL_NODES, nowNs);
    }

    /** New settings: advertised at once; a prefix that they no longer have is deprecated (RFC 4861 section 6.2.4, RFC 4862 section 5.5.3). */
    public void update(RouterSettings changed, long nowNs) {
        for (AdvertisedPrefix old : settings.prefixes()) {
            boolean kept = changed.prefixes().stream().anyMatch(p -> p.prefix().equals(old.prefix()));
            if (!kept && deprecated.size() < MAXIMUM_DEPRECATED) {
                deprecated.add(new Withdrawn(old.deprecated(), nowNs + DEPRECATION_NS));
            }
        }
        deprecated.removeIf(d -> changed.prefixes().stream().anyMatch(p -> p.prefix().equals(d.prefix().prefix())));
        settings = changed;
        if (running) {
            rapidRemaining = INITIAL_ADVERTISEMENTS;
            advertise(Ipv6Address.ALL_NODES, nowNs);
        }
    }

    /** We cease to be a router: router lifetime 0 and every prefix deprecated (RFC 4861 section 6.2.5). */
    public void stop(long nowNs) {
        if (running) {
            running = false;
            nextAdvertisementNs = Long.MAX_VALUE;
            answerNs = Long.MAX_VALUE;
            offer(NeighborDiscovery.routerAdvertisement(allocator, settings, deprecatedPrefixes(nowNs), true,
                    Ipv6Address.ALL_NODES));
        }
    }

    /** An ICMPv6 packet of the subscriber to the link. Borrows; what is not valid is dropped and counted. */
    public void onPacket(ByteBuf packet, long nowNs) {
        if (!running || !accept(packet, nowNs)) {
            dropped++;
        }
    }

    private boolean accept(ByteBuf packet, long nowNs) {
        if (!Ipv6Packet.isWhole(packet) || Ipv6Packet.nextHeader(packet) != Ipv6Packet.ICMPV6
                || Ipv6Packet.payloadLength(packet) < 8
                || !Ipv6Packet.checksumHolds(packet)) {
            return false;
        }
        ByteBuf message = Ipv6Packet.payload(packet);
        return switch (message.getUnsignedByte(0)) {
            case NeighborDiscovery.ROUTER_SOLICITATION -> onRouterSolicitation(packet, message, nowNs);
            case NeighborDiscovery.NEIGHBOR_SOLICITATION -> onNeighborSolicitation(packet, message, nowNs);
            case NeighborDiscovery.ECHO_REQUEST -> onEchoRequest(packet, nowNs);
            case NeighborDiscovery.ROUTER_ADVERTISEMENT, NeighborDiscovery.REDIRECT -> false; // we are the router
            default -> true; // multicast listener reports and the like: not for us
        };
    }

    private boolean onRouterSolicitation(ByteBuf packet, ByteBuf message, long nowNs) {
        Ipv6Address source = Ipv6Packet.source(packet);
        if (!isValidSolicitation(packet, message, 8) || source.isMulticast()) {
            return false;
        }
        if (source.isUnspecified() || !answerTo.isUnspecified() && !answerTo.equals(source)) {
            advertiseToAllSoon(nowNs);
        } else if (answerNs == Long.MAX_VALUE) { // an answer that waits serves both
            answerTo = source;
            answerNs = nowNs + random.nextInt(MAXIMUM_ANSWER_DELAY_NS);
        }
        return true;
    }

    private void advertiseToAllSoon(long nowNs) {
        long soonNs = nowNs + random.nextInt(MAXIMUM_ANSWER_DELAY_NS);
        if (multicastSent) {
            soonNs = later(soonNs, lastMulticastNs + MINIMUM_DELAY_NS);
        }
        if (nextAdvertisementNs == Long.MAX_VALUE || soonNs - nextAdvertisementNs < 0) {
            nextAdvertisementNs = soonNs;
        }
    }

    /** RFC 4861 sections 6.1.1 and 7.1.1: who has no address yet cannot have a link-layer address for it. */
    private static boolean isValidSolicitation(ByteBuf packet, ByteBuf message, int fixedBytes) {
        return NeighborDiscovery.isValid(packet, message, fixedBytes)
                && !(Ipv6Packet.source(packet).isUnspecified() && NeighborDiscovery.hasOption(message, fixedBytes,
                        NeighborDiscovery.OPTION_SOURCE_LINK_LAYER_ADDRESS));
    }

    private boolean onNeighborSolicitation(ByteBuf packet, ByteBuf message, long nowNs) {
        Ipv6Address source = Ipv6Packet.source(packet);
        if (!isValidSolicitation(packet, message, 24) || source.isMulticast()) {
            return false;
        }
        Ipv6Address target = Ipv6Address.get(message, 8);
        boolean detection = source.isUnspecified() && !Ipv6Packet.destination(packet).equals(target.solicitedNode());
        if (detection || !target.equals(settings.linkLocal()) || !answers.take(nowNs)) {
            return false;
        }
        offer(NeighborDiscovery.neighborAdvertisement(allocator, target, source));
        return true;
    }

    /**
     * Any other packet to the link. What is sent to our address alone is answered by an error (RFC 4443 sections 2.4 and 3), at a bounded rate; extension
     * headers and what is sent to groups are not for us. Borrows.
     */
    public void onOther(ByteBuf packet, long nowNs) {
        Ipv6Address source = Ipv6Packet.source(packet);
        if (!running || source.isUnspecified() || source.isMulticast()
                || !Ipv6Packet.destination(packet).equals(settings.linkLocal())) {
            return;
        }
        int nextHeader = Ipv6Packet.nextHeader(packet);
        if (!EXTENSION_HEADERS.contains(nextHeader) && answers.take(nowNs)) {
            offer(nextHeader == Ipv6Packet.UDP
                    ? IcmpErrors.portUnreachable(allocator, settings.linkLocal(), packet)
                    : IcmpErrors.unrecognizedNextHeader(allocator, settings.linkLocal(), packet));
        }
    }

    private boolean onEchoRequest(ByteBuf packet, long nowNs) {
        Ipv6Address destination = Ipv6Packet.destination(packet);
        boolean ours = destination.equals(settings.linkLocal()) || destination.equals(Ipv6Address.ALL_NODES)
                || destination.equals(Ipv6Address.ALL_ROUTERS);
        Ipv6Address source = Ipv6Packet.source(packet);
        if (!ours || source.isMulticast() || source.isUnspecified() || !answers.take(nowNs)) {
            return false;
        }
        offer(NeighborDiscovery.echoReply(allocator, packet, settings.linkLocal()));
        return true;
    }

    /** A deadline has come. */
    public void onTimeout(long nowNs) {
        if (answerNs != Long.MAX_VALUE && answerNs - nowNs <= 0) {
            Ipv6Address to = answerTo;
            answerNs = Long.MAX_VALUE;
            answerTo = Ipv6Address.UNSPECIFIED;
            advertise(to, nowNs);
        }
        if (nextAdvertisementNs != Long.MAX_VALUE && nextAdvertisementNs - nowNs <= 0) {
            advertise(Ipv6Address.ALL_NODES, nowNs);
        }
    }

    private void advertise(Ipv6Address destination, long nowNs) {
        offer(NeighborDiscovery.routerAdvertisement(allocator, settings, deprecatedPrefixes(nowNs), false,
                destination));
        if (!destination.isMulticast()) {
            return; // RFC 4861 section 6.2.6: a unicast answer does not move the timer
        }
        lastMulticastNs = nowNs;
        multicastSent = true;
        long interval = settings.minimumIntervalNs()
                + (settings.maximumIntervalNs() == settings.minimumIntervalNs()
                        ? 0
                        : random.nextLong(settings.maximumIntervalNs() - settings.minimumIntervalNs()));
        if (rapidRemaining > 0 && --rapidRemaining > 0) {
            interval = Math.min(interval, INITIAL_INTERVAL_NS);
        }
        nextAdvertisementNs = nowNs + interval;
    }

    private List<AdvertisedPrefix> deprecatedPrefixes(long nowNs) {
        deprecated.removeIf(d -> d.untilNs() - nowNs <= 0);
        return deprecated.stream().map(Withdrawn::prefix).toList();
    }

    private void offer(ByteBuf packet) {
        if (transmit.size() >= MAXIMUM_QUEUED) {
            packet.release();
            dropped++;
        } else {
            transmit.add(packet);
        }
    }

    /** When {@link #onTimeout} is due; {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        if (answerNs == Long.MAX_VALUE) {
            return nextAdvertisementNs;
        }
        return nextAdvertisementNs == Long.MAX_VALUE || answerNs - nextAdvertisementNs < 0
                ? answerNs
                : nextAdvertisementNs;
    }

    private static long later(long oneNs, long otherNs) { return oneNs - otherNs > 0 ? oneNs : otherNs; }

    /** The next whole IPv6 packet to the subscriber, or {@code null}. Returns owned. */
    public @Nullable ByteBuf pollTransmit() {
        return transmit.poll();
    }

    /** Packets that were invalid, not for us or over the rate. */
    public long dropped() { return dropped; }

    /** Releases what was not polled. */
    public void close() {
        running = false;
        nextAdvertisementNs = Long.MAX_VALUE;
        answerNs = Long.MAX_VALUE;
        transmit.forEach(ByteBuf::release);
        transmit.clear();
    }
}

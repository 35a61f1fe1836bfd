package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.Deque;
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
    private static final int MAXIMUM_QUEUED = 16;
    private static final int MINIMUM_MTU_BYTES = 1280;
    private static final int NEXT_HEADER_OFFSET = 6;

    private final RandomGenerator random;
    private final ByteBufAllocator allocator;
    private final TokenBucket answers = new TokenBucket(10, 20);
    private final Deque<ByteBuf> transmit = new ArrayDeque<>(2);
    private Withdrawals withdrawals = Withdrawals.NONE;
    /** Few lines ever need it. */
    private @Nullable LinkInput input;
    private RouterSettings settings;
    private boolean running;
    private int rapidRemaining;
    private long nextAdvertisementNs = Long.MAX_VALUE;
    private long lastMulticastNs;
    private boolean multicastSent;
    private long answerNs = Long.MAX_VALUE;
    private Ipv6Address answerTo = Ipv6Address.UNSPECIFIED;
    private long dropped;

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

    /**
     * New settings: advertised as soon as the last advertisement is three seconds old (RFC 4861 section 6.2.6); a prefix or name server that they no longer
     * have is told with lifetime 0 (section 6.2.4, RFC 4862 section 5.5.3, RFC 8106 section 5.1).
     */
    public void update(RouterSettings changed, long nowNs) {
        withdrawals = withdrawals.note(settings, changed, nowNs);
        settings = changed;
        if (!running) {
            return;
        }
        rapidRemaining = INITIAL_ADVERTISEMENTS;
        long earliestNs = lastMulticastNs + MINIMUM_DELAY_NS;
        if (multicastSent && nowNs - earliestNs < 0) {
            nextAdvertisementNs = earliestNs;
        } else {
            advertise(Ipv6Address.ALL_NODES, nowNs);
        }
    }

    /** We cease to be a router: router lifetime 0 and every prefix deprecated (RFC 4861 section 6.2.5). */
    public void stop(long nowNs) {
        if (running) {
            running = false;
            nextAdvertisementNs = Long.MAX_VALUE;
            answerNs = Long.MAX_VALUE;
            offer(NeighborDiscovery.routerAdvertisement(allocator, settings, withdrawals.prefixes(nowNs),
                    withdrawals.dnsServers(nowNs), true, Ipv6Address.ALL_NODES));
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
     * Takes the extension headers off a packet to the link (RFC 8200 section 4). What they forbid is answered by an error where it may be, at a bounded rate.
     * Borrows; returns owned, {@code null} when there is nothing (more) to be done with it.
     */
    public @Nullable ByteBuf open(ByteBuf packet, long nowNs) {
        if (!running) {
            return null;
        }
        LinkInput reader = input == null ? new LinkInput(allocator) : input;
        input = reader;
        LinkInput.Result result = reader.read(packet, nowNs);
        dropped += result == LinkInput.Nothing.DROPPED || result instanceof LinkInput.Refused ? 1 : 0;
        if (result instanceof LinkInput.Refused refused && mayTell(packet, refused.evenToGroups())
                && !ExtensionHeaders.isIcmpError(packet) && answers.take(nowNs)) {
            offer(IcmpErrors.parameterProblem(allocator, settings.linkLocal(), packet, refused.code(),
                    refused.pointer()));
        }
        return result instanceof LinkInput.Opened opened ? opened.packet() : null;
    }

    /** RFC 4443 section 2.4 e: errors are told to one node, about what was sent to one. */
    private boolean mayTell(ByteBuf packet, boolean evenToGroups) {
        Ipv6Address source = Ipv6Packet.source(packet);
        return running && !source.isUnspecified() && !source.isMulticast()
                && (evenToGroups || !Ipv6Packet.destination(packet).isMulticast());
    }

    /**
     * Whether a packet of the link is to another node than us: it goes nowhere. Its sender is told, at a bounded rate, that nobody else has a link-local address
     * here, or that its own one does not lead beyond the link (RFC 4443 section 3.1, RFC 4291 section 2.5.6). Borrows.
     */
    public boolean isForAnother(ByteBuf packet, long nowNs) {
        Ipv6Address destination = Ipv6Packet.destination(packet);
        if (destination.isMulticast() || isOurs(destination)) {
            return false;
        }
        if (mayTell(packet, false) && !ExtensionHeaders.isIcmpError(packet) && answers.take(nowNs)) {
            offer(IcmpErrors.unreachable(allocator, settings.linkLocal(), packet,
                    destination.isLinkLocal() ? IcmpErrors.ADDRESS_UNREACHABLE : IcmpErrors.BEYOND_SCOPE));
        }
        return true;
    }

    /**
     * Any other packet to the link. What is sent to our address alone is answered by an error (RFC 4443 sections 2.4 and 3), at a bounded rate; what is sent to
     * groups is not for us. Borrows.
     */
    public void onOther(ByteBuf packet, long nowNs) {
        if (mayTell(packet, false) && answers.take(nowNs)) {
            offer(Ipv6Packet.nextHeader(packet) == Ipv6Packet.UDP
                    ? IcmpErrors.unreachable(allocator, settings.linkLocal(), packet, IcmpErrors.PORT_UNREACHABLE)
                    : IcmpErrors.parameterProblem(allocator, settings.linkLocal(), packet,
                            IcmpErrors.UNRECOGNIZED_NEXT_HEADER, NEXT_HEADER_OFFSET));
        }
    }

    /** Our link-local address, or the subnet-router anycast address of the link's prefix (RFC 4291 section 2.6.1). */
    private boolean isOurs(Ipv6Address address) {
        return address.equals(settings.linkLocal())
                || settings.prefixes().stream().anyMatch(prefix -> prefix.prefix().address().equals(address));
    }

    private boolean onEchoRequest(ByteBuf packet, long nowNs) {
        Ipv6Address destination = Ipv6Packet.destination(packet);
        boolean ours = isOurs(destination) || destination.equals(Ipv6Address.ALL_NODES)
                || destination.equals(Ipv6Address.ALL_ROUTERS);
        Ipv6Address source = Ipv6Packet.source(packet);
        if (!ours || source.isMulticast() || source.isUnspecified() || !answers.take(nowNs)) {
            return false;
        }
        ByteBuf reply = NeighborDiscovery.echoReply(allocator, packet, settings.linkLocal());
        int mtuBytes = Math.max(MINIMUM_MTU_BYTES, settings.mtuBytes());
        if (reply.readableBytes() <= mtuBytes) {
            offer(reply);
        } else {
            Fragments.cut(allocator, reply, mtuBytes, random.nextInt()).forEach(this::offer);
            reply.release();
        }
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
        offer(NeighborDiscovery.routerAdvertisement(allocator, settings, withdrawals.prefixes(nowNs),
                withdrawals.dnsServers(nowNs), false, destination));
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

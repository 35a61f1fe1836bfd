package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.ipv6.Dhcp6Option.Association;
import org.lnsd.ppp.ipv6.Dhcp6Option.Duid;
import org.lnsd.ppp.ipv6.Dhcp6Option.Lease;
import org.lnsd.ppp.ipv6.Dhcp6Option.Status;

/**
 * The DHCPv6 server of one point-to-point link (RFC 8415 section 18.3): prefix delegation, addresses and configuration.
 *
 * <p>Call order: {@link #onPacket}, {@link #onTimeout} and {@link #update} as they come; after each {@link #pollTransmit} and {@link #pollEvent} until empty.
 */
public final class Dhcp6Server {
    /** The port of servers and relay agents (RFC 8415 section 7.2). */
    public static final int SERVER_PORT = 547;
    /** The port of clients. */
    public static final int CLIENT_PORT = 546;
    private static final int MAXIMUM_ASSOCIATIONS = 16;
    private static final int MAXIMUM_QUEUED = 16;
    private static final int BEST_PREFERENCE = 255;
    /** What every link carries without fragments (RFC 8415 section 18.3.9, RFC 8200 section 5). */
    private static final int MAXIMUM_PACKET_BYTES = 1280;
    private static final long SECOND_NS = 1_000_000_000L;

    private final ByteBufAllocator allocator;
    private final Dhcp6Bindings bindings = new Dhcp6Bindings();
    private final TokenBucket rate = new TokenBucket(20, 40);
    private final Deque<ByteBuf> transmit = new ArrayDeque<>(1);
    private final Deque<Dhcp6Event> events = new ArrayDeque<>(1);
    private Dhcp6Settings settings;
    private Duid serverDuid;
    private long dropped;

    /** A server without bindings. */
    public Dhcp6Server(Dhcp6Settings settings, ByteBufAllocator allocator) {
        this.settings = settings;
        this.serverDuid = new Duid(settings.serverDuid());
        this.allocator = allocator;
    }

    /** New settings: a lease that they no longer have ends at once; the client learns it with lifetime 0 when it renews. */
    public void update(Dhcp6Settings changed) {
        settings = changed;
        serverDuid = new Duid(changed.serverDuid());
        bindings.retain(changed, events);
    }

    /** Whether a whole IPv6 packet is UDP to the port of servers. Borrows. */
    public static boolean isForServers(ByteBuf packet) {
        return Ipv6Packet.nextHeader(packet) == Ipv6Packet.UDP
                && Ipv6Packet.payloadLength(packet) >= Ipv6Packet.UDP_HEADER_BYTES
                && Ipv6Packet.payload(packet).getUnsignedShort(2) == SERVER_PORT;
    }

    /** A UDP packet to port 547 on the link. Borrows; what is malformed, not valid by RFC 8415 section 16 or over the rate is dropped and counted. */
    public void onPacket(ByteBuf packet, long nowNs) {
        bindings.expire(nowNs, events);
        if (!accept(packet, nowNs)) {
            dropped++;
        }
    }

    private boolean accept(ByteBuf packet, long nowNs) {
        if (!Ipv6Packet.isWhole(packet) || Ipv6Packet.nextHeader(packet) != Ipv6Packet.UDP
                || Ipv6Packet.payloadLength(packet) < Ipv6Packet.UDP_HEADER_BYTES
                || !Ipv6Packet.checksumHolds(packet)) {
            return false;
        }
        ByteBuf udp = Ipv6Packet.payload(packet);
        Ipv6Address destination = Ipv6Packet.destination(packet);
        Ipv6Address client = Ipv6Packet.source(packet);
        boolean multicast = destination.equals(Ipv6Address.ALL_DHCP_SERVERS);
        if (udp.getUnsignedShort(2) != SERVER_PORT || udp.getUnsignedShort(4) != udp.readableBytes()
                || !(multicast ? client.isLinkLocal() : isUnicastToUs(client, destination)) || !rate.take(nowNs)) {
            return false;
        }
        Dhcp6Message message = Dhcp6Codec.decode(udp.skipBytes(Ipv6Packet.UDP_HEADER_BYTES));
        if (message == null || !isValid(message)) {
            return false;
        }
        Dhcp6Message answer = multicast ? answer(message, nowNs) : answerUnicast(message);
        if (answer == null) {
            return false;
        }
        send(answer, client);
        return true;
    }

    private boolean isUnicastToUs(Ipv6Address client, Ipv6Address destination) {
        return destination.equals(settings.linkLocal()) && !client.isUnspecified() && !client.isMulticast();
    }

    /** RFC 8415 sections 16.2 to 16.12: which identifiers a message must and must not have. */
    private boolean isValid(Dhcp6Message message) {
        boolean client = message.clientId().isPresent();
        Optional<Duid> server = message.serverId();
        boolean ours = server.isPresent() && server.get().equals(serverDuid);
        return message.associations().size() <= MAXIMUM_ASSOCIATIONS && switch (message.type()) {
            case Dhcp6Message.SOLICIT, Dhcp6Message.CONFIRM, Dhcp6Message.REBIND -> client && server.isEmpty();
            case Dhcp6Message.REQUEST, Dhcp6Message.RENEW, Dhcp6Message.RELEASE, Dhcp6Message.DECLINE -> client && ours;
            case Dhcp6Message.INFORMATION_REQUEST -> (server.isEmpty() || ours) && message.associations().isEmpty()
                    && !message.has(Dhcp6Option.TemporaryAssociation.class);
            default -> false;
        };
    }

    /** RFC 8415 section 18.4: we gave no Server Unicast option. */
    private @Nullable Dhcp6Message answerUnicast(Dhcp6Message message) {
        return switch (message.type()) {
            case Dhcp6Message.REQUEST, Dhcp6Message.RENEW, Dhcp6Message.RELEASE, Dhcp6Message.DECLINE ->
                reply(message, List.of(new Status(Status.USE_MULTICAST, "use the multicast address")));
            default -> null;
        };
    }

    private @Nullable Dhcp6Message answer(Dhcp6Message message, long nowNs) {
        return switch (message.type()) {
            case Dhcp6Message.SOLICIT -> onSolicit(message, nowNs);
            case Dhcp6Message.REQUEST -> reply(message, configuration(message, assign(message, true, nowNs)));
            case Dhcp6Message.RENEW, Dhcp6Message.REBIND -> onRenew(message, nowNs);
            case Dhcp6Message.CONFIRM -> onConfirm(message);
            case Dhcp6Message.RELEASE -> onGiveBack(message, Dhcp6Event.Cause.RELEASED);
            case Dhcp6Message.DECLINE -> onGiveBack(message, Dhcp6Event.Cause.DECLINED);
            default -> onInformationRequest(message);
        };
    }

    /** Section 18.3.1. A Solicit that asks for no association gets no answer. */
    private @Nullable Dhcp6Message onSolicit(Dhcp6Message message, long nowNs) {
        if (message.associations().isEmpty() && !message.has(Dhcp6Option.TemporaryAssociation.class)) {
            return null;
        }
        List<Dhcp6Option> options = assign(message, false, nowNs);
        if (settings.rapidCommit() && message.has(Dhcp6Option.RapidCommit.class) && options.stream()
                .anyMatch(option -> option instanceof Association given && !given.leases().isEmpty())) {
            options = assign(message, true, nowNs);
            options.add(new Dhcp6Option.RapidCommit());
            return reply(message, configuration(message, options));
        }
        options.add(new Dhcp6Option.Preference(BEST_PREFERENCE));
        return message(Dhcp6Message.ADVERTISE, message, configuration(message, options));
    }

    /** Sections 18.3.1 and 18.3.2: a lease for each association, or the status that says why not. */
    private List<Dhcp6Option> assign(Dhcp6Message message, boolean commit, long nowNs) {
        List<Dhcp6Option> options = new ArrayList<>();
        Set<Ipv6Prefix> claimed = new HashSet<>(2);
        for (Association asked : message.associations()) {
            boolean elsewhere = message.type() == Dhcp6Message.REQUEST && !asked.delegation()
                    && asked.leases().stream().anyMatch(lease -> isOfAnotherLink(lease.prefix()));
            options.add(elsewhere
                    ? without(asked, List.of(), Status.NOT_ON_LINK, "not an address of this link")
                    : assign(message, asked, commit, claimed, nowNs));
        }
        for (Dhcp6Option option : message.options()) {
            if (option instanceof Dhcp6Option.TemporaryAssociation temporary) {
                options.add(new Dhcp6Option.TemporaryAssociation(temporary.iaid(),
                        Optional.of(new Status(Status.NO_ADDRS_AVAIL, "no temporary addresses"))));
            }
        }
        return options;
    }

    private boolean isOfAnotherLink(Ipv6Prefix address) {
        return !address.address().isUnspecified() && !settings.isOnLink(address);
    }

    private static Association without(Association asked, List<Lease> ended, int code, String why) {
        return new Association(asked.delegation(), asked.iaid(), 0, 0, ended, Optional.of(new Status(code, why)));
    }

    private Association assign(Dhcp6Message message, Association asked, boolean commit, Set<Ipv6Prefix> claimed,
            long nowNs) {
        Duid client = message.clientId().orElseThrow();
        Ipv6Prefix prefix = bindings.choose(client, asked, settings.leases(asked.delegation()), claimed, nowNs);
        if (prefix == null) {
            return asked.delegation()
                    ? without(asked, List.of(), Status.NO_PREFIX_AVAIL, "no prefix available")
                    : without(asked, List.of(), Status.NO_ADDRS_AVAIL, "no address available");
        }
        claimed.add(prefix);
        if (commit) {
            bindings.grant(client, asked, prefix, nowNs + rebindSeconds() * SECOND_NS,
                    nowNs + settings.validSeconds() * SECOND_NS, events);
        }
        return new Association(asked.delegation(), asked.iaid(), settings.preferredSeconds() / 2, rebindSeconds(),
                List.of(new Lease(prefix, settings.preferredSeconds(), settings.validSeconds())), Optional.empty());
    }

    /** T2 (section 14.2): four fifths of the preferred lifetime. */
    private long rebindSeconds() {
        return settings.preferredSeconds() * 4 / 5;
    }

    /**
     * Sections 18.3.4 and 18.3.5. A client that we do not know (we restarted) but that has a lease of this link keeps it; what it is not to have
     * comes back with lifetime 0 beside what it has now. Who is unknown and names nothing, or only what another one has, is told NoBinding.
     */
    private Dhcp6Message onRenew(Dhcp6Message message, long nowNs) {
        List<Dhcp6Option> options = new ArrayList<>();
        Set<Ipv6Prefix> claimed = new HashSet<>(2);
        for (Association asked : message.associations()) {
            options.add(renew(message, asked, claimed, nowNs));
        }
        return reply(message, configuration(message, options));
    }

    private Association renew(Dhcp6Message message, Association asked, Set<Ipv6Prefix> claimed, long nowNs) {
        boolean known = message.clientId().map(client -> bindings.find(client, asked)).isPresent();
        if (!known && asked.leases().isEmpty()) {
            return without(asked, List.of(), Status.NO_BINDING, "no binding for this association");
        }
        Association given = assign(message, asked, true, claimed, nowNs);
        List<Lease> leases = new ArrayList<>();
        asked.leases().stream().map(Lease::prefix)
                .filter(prefix -> !prefix.address().isUnspecified()
                        && given.leases().stream().noneMatch(lease -> lease.prefix().equals(prefix)))
                .forEach(prefix -> leases.add(new Lease(prefix, 0, 0)));
        if (given.leases().isEmpty() && !known) {
            return without(asked, leases, Status.NO_BINDING, "no binding for this association");
        }
        leases.addAll(given.leases());
        return new Association(given.delegation(), given.iaid(), given.t1Seconds(), given.t2Seconds(), leases,
                given.status());
    }

    /** Section 18.3.3: whether the addresses are of this link, not whether they are the client's. */
    private @Nullable Dhcp6Message onConfirm(Dhcp6Message message) {
        List<Lease> leases = message.associations().stream().filter(a -> !a.delegation())
                .flatMap(a -> a.leases().stream()).toList();
        if (leases.isEmpty()) {
            return null;
        }
        boolean onLink = leases.stream().allMatch(lease -> settings.isOnLink(lease.prefix()));
        return reply(message, List.of(onLink
                ? new Status(Status.SUCCESS, "all addresses are on this link")
                : new Status(Status.NOT_ON_LINK, "not an address of this link")));
    }

    /** Sections 18.3.7 and 18.3.8. */
    private Dhcp6Message onGiveBack(Dhcp6Message message, Dhcp6Event.Cause cause) {
        Duid client = message.clientId().orElseThrow();
        List<Dhcp6Option> options = new ArrayList<>();
        for (Association association : message.associations()) {
            Dhcp6Bindings.Binding binding = bindings.find(client, association);
            if (binding == null) {
                options.add(without(association, List.of(), Status.NO_BINDING, "no binding for this association"));
            } else if (association.leases().stream().anyMatch(lease -> lease.prefix().equals(binding.prefix))) {
                bindings.end(binding, binding.delegation ? Dhcp6Event.Cause.RELEASED : cause, events);
            }
        }
        options.add(new Status(Status.SUCCESS, cause == Dhcp6Event.Cause.RELEASED ? "released" : "declined"));
        return reply(message, options);
    }

    /** Section 18.3.6. */
    private Dhcp6Message onInformationRequest(Dhcp6Message message) {
        List<Dhcp6Option> options = new ArrayList<>();
        if (message.has(Dhcp6Option.OptionRequest.class)
                && message.requests(Dhcp6Option.INFORMATION_REFRESH_TIME)) { // only who asks gets it: section 21.23
            options.add(new Dhcp6Option.InformationRefreshTime(Math.max(600, settings.preferredSeconds())));
        }
        return reply(message, configuration(message, options));
    }

    private List<Dhcp6Option> configuration(Dhcp6Message message, List<Dhcp6Option> options) {
        if (!settings.dnsServers().isEmpty() && message.requests(Dhcp6Option.DNS_SERVERS)) {
            options.add(new Dhcp6Option.DnsServers(settings.dnsServers()));
        }
        if (!settings.searchDomains().isEmpty() && message.requests(Dhcp6Option.DOMAIN_LIST)) {
            options.add(new Dhcp6Option.DomainList(settings.searchDomains()));
        }
        return options;
    }

    private Dhcp6Message reply(Dhcp6Message request, List<Dhcp6Option> options) {
        return message(Dhcp6Message.REPLY, request, options);
    }

    private Dhcp6Message message(int type, Dhcp6Message request, List<Dhcp6Option> options) {
        List<Dhcp6Option> all = new ArrayList<>(options.size() + 2);
        all.add(new Dhcp6Option.ServerId(serverDuid));
        request.clientId().ifPresent(duid -> all.add(new Dhcp6Option.ClientId(duid)));
        all.addAll(options);
        return new Dhcp6Message(type, request.transactionId(), all);
    }

    private void send(Dhcp6Message message, Ipv6Address client) {
        if (transmit.size() >= MAXIMUM_QUEUED) {
            dropped++;
            return;
        }
        ByteBuf packet = Ipv6Packet.beginUdp(allocator, settings.linkLocal(), SERVER_PORT, client, CLIENT_PORT);
        Dhcp6Codec.encode(message, packet);
        if (packet.readableBytes() > MAXIMUM_PACKET_BYTES) { // it listed dozens of leases that are not its own
            packet.release();
            dropped++;
            return;
        }
        Ipv6Packet.finishUdp(packet);
        transmit.add(packet);
    }

    /** A deadline has come: leases that were not renewed end. */
    public void onTimeout(long nowNs) {
        bindings.expire(nowNs, events);
    }

    /** When {@link #onTimeout} is due; {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        return bindings.nextExpiryNs();
    }

    /** The next whole IPv6 packet to the subscriber, or {@code null}. Returns owned. */
    public @Nullable ByteBuf pollTransmit() {
        return transmit.poll();
    }

    /** The next event, or {@code null}. */
    public @Nullable Dhcp6Event pollEvent() { return events.poll(); }

    /** Packets that were malformed, not valid or over the rate. */
    public long dropped() { return dropped; }

    /** Releases what was not polled. */
    public void close() {
        transmit.forEach(ByteBuf::release);
        transmit.clear();
    }
}

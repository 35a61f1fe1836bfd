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
    private static final int MAXIMUM_ASSOCIATIONS = 8;
    private static final int MAXIMUM_QUEUED = 16;
    private static final int BEST_PREFERENCE = 255;

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
                || !client.isLinkLocal()
                || !multicast && !destination.equals(settings.linkLocal()) || !rate.take(nowNs)) {
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

    /** RFC 8415 sections 16.2 to 16.12: which identifiers a message must and must not have. */
    private boolean isValid(Dhcp6Message message) {
        boolean client = message.clientId().isPresent();
        Optional<Duid> server = message.serverId();
        boolean ours = server.isPresent() && server.get().equals(serverDuid);
        return message.associations().size() <= MAXIMUM_ASSOCIATIONS && switch (message.type()) {
            case Dhcp6Message.SOLICIT, Dhcp6Message.CONFIRM, Dhcp6Message.REBIND -> client && server.isEmpty();
            case Dhcp6Message.REQUEST, Dhcp6Message.RENEW, Dhcp6Message.RELEASE, Dhcp6Message.DECLINE -> client && ours;
            case Dhcp6Message.INFORMATION_REQUEST -> (server.isEmpty() || ours) && message.associations().isEmpty();
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
        boolean rapid = settings.rapidCommit() && message.has(Dhcp6Option.RapidCommit.class);
        List<Dhcp6Option> options = assign(message, rapid, nowNs);
        if (rapid) {
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
        for (Association association : message.associations()) {
            options.add(assign(message, association, commit, claimed, List.of(), nowNs));
        }
        if (message.has(Dhcp6Option.TemporaryAssociation.class) && message.associations().isEmpty()) {
            options.add(new Status(Status.NO_ADDRS_AVAIL, "no temporary addresses"));
        }
        return options;
    }

    private Association assign(Dhcp6Message message, Association asked, boolean commit, Set<Ipv6Prefix> claimed,
            List<Lease> ended,
            long nowNs) {
        Duid client = message.clientId().orElseThrow();
        Ipv6Prefix prefix = bindings.choose(client, asked, settings.leases(asked.delegation()), claimed, message);
        if (prefix == null) {
            int code = asked.delegation() ? Status.NO_PREFIX_AVAIL : Status.NO_ADDRS_AVAIL;
            Optional<Status> status = Optional
                    .of(new Status(code, asked.delegation() ? "no prefix available" : "no address available"));
            return new Association(asked.delegation(), asked.iaid(), 0, 0, ended, status);
        }
        claimed.add(prefix);
        if (commit) {
            bindings.grant(client, asked, prefix, nowNs + settings.validSeconds() * 1_000_000_000L, events);
        }
        List<Lease> leases = new ArrayList<>(ended);
        leases.add(new Lease(prefix, settings.preferredSeconds(), settings.validSeconds()));
        return new Association(asked.delegation(), asked.iaid(), settings.preferredSeconds() / 2,
                settings.preferredSeconds() * 4 / 5, leases,
                Optional.empty());
    }

    /**
     * Sections 18.3.4 and 18.3.5. A client that we do not know (we restarted) but that has a lease of this link keeps it; what is not of this link
     * comes back with lifetime 0 beside what it has now; an association that names nothing and is unknown is NoBinding.
     */
    private Dhcp6Message onRenew(Dhcp6Message message, long nowNs) {
        Duid client = message.clientId().orElseThrow();
        List<Dhcp6Option> options = new ArrayList<>();
        Set<Ipv6Prefix> claimed = new HashSet<>(2);
        for (Association asked : message.associations()) {
            if (bindings.find(client, asked) == null && asked.leases().isEmpty()) {
                options.add(new Association(asked.delegation(), asked.iaid(), 0, 0, List.of(),
                        Optional.of(new Status(Status.NO_BINDING, "no binding for this association"))));
                continue;
            }
            List<Ipv6Prefix> offered = settings.leases(asked.delegation());
            List<Lease> ended = asked.leases().stream().filter(lease -> !offered.contains(lease.prefix()))
                    .map(lease -> new Lease(lease.prefix(), 0, 0)).toList();
            options.add(assign(message, asked, true, claimed, ended, nowNs));
        }
        return reply(message, configuration(message, options));
    }

    /** Section 18.3.3. */
    private @Nullable Dhcp6Message onConfirm(Dhcp6Message message) {
        List<Lease> leases = message.associations().stream().filter(a -> !a.delegation())
                .flatMap(a -> a.leases().stream()).toList();
        if (leases.isEmpty()) {
            return null;
        }
        boolean onLink = leases.stream().allMatch(lease -> settings.leases(false).contains(lease.prefix()));
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
                options.add(new Association(association.delegation(), association.iaid(), 0, 0, List.of(),
                        Optional.of(new Status(Status.NO_BINDING, "no binding for this association"))));
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
        if (message.requests(Dhcp6Option.INFORMATION_REFRESH_TIME)) {
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

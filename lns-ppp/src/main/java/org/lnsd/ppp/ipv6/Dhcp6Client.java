package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.ipv6.Dhcp6Option.Association;
import org.lnsd.ppp.ipv6.Dhcp6Option.Duid;
import org.lnsd.ppp.ipv6.Dhcp6Option.Lease;

/** The client's half of DHCPv6 on one link (RFC 8415 section 18.2): one IA_PD, one IA_NA, or both; obtains, renews, rebinds and releases. */
public final class Dhcp6Client {
    /** SOL_TIMEOUT, REQ_TIMEOUT and REL_TIMEOUT. */
    private static final long INITIAL_TIMEOUT_NS = 1_000_000_000L;
    private static final long RENEW_TIMEOUT_NS = 10_000_000_000L;
    private static final long MAXIMUM_TIMEOUT_NS = 600_000_000_000L;
    /** REQ_MAX_RC and REL_MAX_RC. */
    private static final int MAXIMUM_RETRIES = 10;
    private static final int IAID_PD = 1;
    private static final int IAID_NA = 2;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Ipv6Address linkLocal;
    private final Duid duid;
    private final boolean wantPrefix;
    private final boolean wantAddress;
    private final boolean rapidCommit;
    private final RandomGenerator random;
    private final ByteBufAllocator allocator;
    private final Deque<ByteBuf> transmit = new ArrayDeque<>(1);
    private final Deque<Event> events = new ArrayDeque<>(1);
    private State state = State.IDLE;
    private int transactionId;
    private int retries;
    private long timeoutNs;
    private long deadlineNs = Long.MAX_VALUE;
    private long renewNs;
    private long rebindNs;
    private long expiryNs;
    private @Nullable Duid server;
    private List<Lease> prefixes = List.of();
    private List<Lease> addresses = List.of();

    private enum State { IDLE, SOLICITING, REQUESTING, BOUND, RENEWING, REBINDING, RELEASING }

    /** What the client tells its shell. */
    public sealed interface Event {
        /** Leases were obtained or renewed. */
        record Bound(List<Ipv6Prefix> delegated, List<Ipv6Address> addresses,
                List<Ipv6Address> dnsServers) implements Event {}

        /** Nothing is held any more: refused, expired or released. */
        record Unbound(String why) implements Event {}
    }

    /** @param clientDuid our DUID, 3 to 130 octets */
    public Dhcp6Client(Ipv6Address linkLocal, byte[] clientDuid, boolean wantPrefix, boolean wantAddress,
            boolean rapidCommit,
            RandomGenerator random,
            ByteBufAllocator allocator) {
        this.linkLocal = linkLocal;
        this.duid = new Duid(clientDuid);
        this.wantPrefix = wantPrefix;
        this.wantAddress = wantAddress;
        this.rapidCommit = rapidCommit;
        this.random = random;
        this.allocator = allocator;
    }

    /** Solicits. */
    public void start(long nowNs) { begin(State.SOLICITING, INITIAL_TIMEOUT_NS, nowNs); }

    /** Renews before its time. */
    public void renew(long nowNs) {
        if (state == State.BOUND) {
            begin(State.RENEWING, RENEW_TIMEOUT_NS, nowNs);
        }
    }

    /** Gives everything back. */
    public void release(long nowNs) {
        if (state == State.BOUND || state == State.RENEWING || state == State.REBINDING) {
            begin(State.RELEASING, INITIAL_TIMEOUT_NS, nowNs);
        }
    }

    private void begin(State next, long initialTimeoutNs, long nowNs) {
        state = next;
        retries = 0;
        timeoutNs = initialTimeoutNs;
        transactionId = random.nextInt(1 << 24);
        transmit(nowNs);
    }

    private void transmit(long nowNs) {
        int type = switch (state) {
            case SOLICITING -> Dhcp6Message.SOLICIT;
            case REQUESTING -> Dhcp6Message.REQUEST;
            case RENEWING -> Dhcp6Message.RENEW;
            case REBINDING -> Dhcp6Message.REBIND;
            default -> Dhcp6Message.RELEASE;
        };
        List<Dhcp6Option> options = new ArrayList<>();
        options.add(new Dhcp6Option.ClientId(duid));
        Duid known = server;
        if (known != null && state != State.SOLICITING && state != State.REBINDING) {
            options.add(new Dhcp6Option.ServerId(known));
        }
        if (rapidCommit && state == State.SOLICITING) {
            options.add(new Dhcp6Option.RapidCommit());
        }
        if (wantPrefix) {
            options.add(new Association(true, IAID_PD, 0, 0, prefixes, Optional.empty()));
        }
        if (wantAddress) {
            options.add(new Association(false, IAID_NA, 0, 0, addresses, Optional.empty()));
        }
        options.add(new Dhcp6Option.OptionRequest(List.of(Dhcp6Option.DNS_SERVERS, Dhcp6Option.DOMAIN_LIST)));
        ByteBuf packet = Ipv6Packet.beginUdp(allocator, linkLocal, Dhcp6Server.CLIENT_PORT,
                Ipv6Address.ALL_DHCP_SERVERS, Dhcp6Server.SERVER_PORT);
        Dhcp6Codec.encode(new Dhcp6Message(type, transactionId, options), packet);
        Ipv6Packet.finishUdp(packet);
        transmit.add(packet);
        deadlineNs = nowNs + timeoutNs + (long) (timeoutNs * (random.nextDouble() - 0.5) / 5); // RAND of section 15
        timeoutNs = Math.min(2 * timeoutNs, MAXIMUM_TIMEOUT_NS);
    }

    /** A deadline has come. */
    public void onTimeout(long nowNs) {
        if (deadlineNs == Long.MAX_VALUE || deadlineNs - nowNs > 0) {
            return;
        }
        switch (state) {
            case BOUND -> begin(State.RENEWING, RENEW_TIMEOUT_NS, nowNs);
            case RENEWING -> retryUntil(rebindNs, State.REBINDING, nowNs);
            case REBINDING -> retryUntil(expiryNs, State.IDLE, nowNs);
            case REQUESTING -> {
                if (++retries >= MAXIMUM_RETRIES) {
                    begin(State.SOLICITING, INITIAL_TIMEOUT_NS, nowNs);
                } else {
                    transmit(nowNs);
                }
            }
            case RELEASING -> {
                if (++retries >= MAXIMUM_RETRIES) {
                    forget("release was not answered");
                } else {
                    transmit(nowNs);
                }
            }
            default -> transmit(nowNs);
        }
    }

    private void retryUntil(long limitNs, State next, long nowNs) {
        if (limitNs - nowNs > 0) {
            transmit(nowNs);
            deadlineNs = Math.min(deadlineNs - nowNs, limitNs - nowNs) + nowNs;
        } else if (next == State.IDLE) {
            forget("leases expired");
            start(nowNs);
        } else {
            begin(next, RENEW_TIMEOUT_NS, nowNs);
        }
    }

    private void forget(String why) {
        state = State.IDLE;
        deadlineNs = Long.MAX_VALUE;
        prefixes = List.of();
        addresses = List.of();
        events.add(new Event.Unbound(why));
    }

    /** A UDP packet to port 546 from the link; what does not answer our question is ignored. Borrows. */
    public void onPacket(ByteBuf packet, long nowNs) {
        if (!Ipv6Packet.isWhole(packet) || Ipv6Packet.nextHeader(packet) != Ipv6Packet.UDP
                || Ipv6Packet.payloadLength(packet) < Ipv6Packet.UDP_HEADER_BYTES
                || !Ipv6Packet.checksumHolds(packet)) {
            return;
        }
        ByteBuf udp = Ipv6Packet.payload(packet);
        if (udp.getUnsignedShort(2) != Dhcp6Server.CLIENT_PORT) {
            return;
        }
        Dhcp6Message message = Dhcp6Codec.decode(udp.skipBytes(Ipv6Packet.UDP_HEADER_BYTES));
        if (message == null || message.transactionId() != transactionId || message.serverId().isEmpty()
                || !message.clientId().equals(Optional.of(duid))) {
            return;
        }
        if (message.type() == Dhcp6Message.ADVERTISE && state == State.SOLICITING) {
            onAdvertise(message, nowNs);
        } else if (message.type() == Dhcp6Message.REPLY) {
            onReply(message, nowNs);
        }
    }

    private void onAdvertise(Dhcp6Message message, long nowNs) {
        if (message.associations().stream().anyMatch(a -> !a.leases().isEmpty())) {
            server = message.serverId().orElseThrow();
            keep(message);
            begin(State.REQUESTING, INITIAL_TIMEOUT_NS, nowNs);
        }
    }

    private void onReply(Dhcp6Message message, long nowNs) {
        switch (state) {
            case SOLICITING -> {
                if (rapidCommit && message.has(Dhcp6Option.RapidCommit.class)) {
                    bind(message, nowNs);
                }
            }
            case REQUESTING, RENEWING, REBINDING -> bind(message, nowNs);
            case RELEASING -> forget("released");
            default -> {
                // nothing was asked
            }
        }
    }

    private void bind(Dhcp6Message message, long nowNs) {
        server = message.serverId().orElseThrow();
        keep(message);
        List<Association> held = message.associations().stream()
                .filter(a -> a.leases().stream().anyMatch(l -> l.validSeconds() > 0)).toList();
        if (held.isEmpty()) {
            forget("server has no lease for us");
            return;
        }
        Association first = held.getFirst();
        long valid = first.leases().stream().mapToLong(Lease::validSeconds).max().orElseThrow();
        renewNs = nowNs + Math.max(1, first.t1Seconds()) * SECOND_NS;
        rebindNs = nowNs + Math.max(1, first.t2Seconds()) * SECOND_NS;
        expiryNs = nowNs + valid * SECOND_NS;
        state = State.BOUND;
        deadlineNs = renewNs;
        List<Ipv6Address> dns = message.first(Dhcp6Option.DnsServers.class).map(Dhcp6Option.DnsServers::servers)
                .orElse(List.of());
        events.add(new Event.Bound(prefixes.stream().map(Lease::prefix).toList(),
                addresses.stream().map(l -> l.prefix().address()).toList(), dns));
    }

    private void keep(Dhcp6Message message) {
        prefixes = held(message, true);
        addresses = held(message, false);
    }

    private static List<Lease> held(Dhcp6Message message, boolean delegation) {
        return message.associations().stream().filter(a -> a.delegation() == delegation)
                .flatMap(a -> a.leases().stream())
                .filter(lease -> lease.validSeconds() > 0).toList();
    }

    /** When {@link #onTimeout} is due; {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        return deadlineNs;
    }

    /** The next whole IPv6 packet to the server, or {@code null}. Returns owned. */
    public @Nullable ByteBuf pollTransmit() {
        return transmit.poll();
    }

    /** The next event, or {@code null}. */
    public @Nullable Event pollEvent() { return events.poll(); }
}

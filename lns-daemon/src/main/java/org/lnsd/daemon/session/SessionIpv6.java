package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.net.IpPrefix;

/** A session's IPv6: whether its IPv6CP is up, what its link offers then, and what is leased on it. Changed by the loop, shown to anybody. */
final class SessionIpv6 {

    private final SessionCounts counts;
    private LinkServices services = LinkServices.NONE;
    private volatile OptionalLong peerInterfaceId = OptionalLong.empty();
    private volatile List<IpPrefix> leased = List.of();
    private volatile long dropped;

    SessionIpv6(SessionCounts counts) { this.counts = counts; }

    /** The subscriber's interface identifier; empty: IPv6CP is not up. */
    OptionalLong peerInterfaceId() {
        return peerInterfaceId;
    }

    boolean isUp() { return peerInterfaceId.isPresent(); }

    /** Delegated prefixes and addresses that are leased now. */
    List<IpPrefix> leased() { return leased; }

    /** Packets to the link that were malformed, invalid or over the rate. */
    long dropped() { return dropped; }

    /** IPv6CP has come up; takes the services over. */
    void up(long peer, LinkServices started) {
        services.close();
        services = started;
        leased = List.of();
        peerInterfaceId = OptionalLong.of(peer);
    }

    void down() {
        close();
        peerInterfaceId = OptionalLong.empty();
        leased = List.of();
    }

    /** Nothing is advertised or leased any more; what was up is still told. */
    void close() {
        services.close();
        services = LinkServices.NONE;
    }

    /** Takes what the session was granted anew. */
    void update(SessionSettings settings, SessionGrant grant, long nowNs) {
        services.update(settings, grant, nowNs);
        followLeases();
    }

    /** Borrows an IPv6 packet of the subscriber's that is for the link. */
    void onPacket(ByteBuf ipv6Packet, long nowNs) {
        long before = services.dropped();
        services.onPacket(ipv6Packet, nowNs);
        if (services.dropped() != before) {
            long now = dropped + services.dropped() - before; // this thread alone writes
            dropped = now;
            counts.count("ipv6-link-packet-dropped");
        }
    }

    void onTimeout(long nowNs) {
        if (services.nextDeadlineNs() <= nowNs) {
            services.onTimeout(nowNs);
        }
    }

    long nextDeadlineNs() { return services.nextDeadlineNs(); }

    /** The next packet to the subscriber, or null. Returns owned. */
    @Nullable
    ByteBuf pollTransmit() { return services.pollTransmit(); }

    /** Takes over what the services lease now; whether that is something else than before. */
    boolean followLeases() {
        List<IpPrefix> present = services.leased();
        boolean changed = !present.equals(leased);
        leased = List.copyOf(present);
        return changed;
    }

    /** What is to be routed to the subscriber: a lease as long as it is valid, unless what the link has anyhow covers it. */
    List<IpPrefix> networks(AssignedAddresses addresses) {
        List<IpPrefix> networks = new ArrayList<>(addresses.ipv6Prefixes());
        networks.addAll(addresses.ipv6Routes());
        for (IpPrefix prefix : leased) {
            if (networks.stream().noneMatch(network -> network.contains(prefix))) {
                networks.add(prefix);
            }
        }
        return networks;
    }
}

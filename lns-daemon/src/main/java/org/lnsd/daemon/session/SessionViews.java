package org.lnsd.daemon.session;

import java.net.Inet4Address;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.lnsd.daemon.control.FamilyTraffic;
import org.lnsd.daemon.control.Ipv6LinkView;
import org.lnsd.daemon.control.SessionFacts;
import org.lnsd.daemon.control.SessionView;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.ppp.link.LinkView;

/** Shows a session to operators. Reads from any thread; a value may be a moment old. */
public final class SessionViews {

    private SessionViews() {}

    /** What a session is chosen by, read from it when asked. */
    public record Facts(Session session) implements SessionFacts {
        @Override
        public String id() { return session.id(); }

        @Override
        public int tunnelId() { return session.control().path().localTunnelId(); }

        @Override
        public String user() { return session.user(); }

        @Override
        public String state() { return session.state().label(); }

        @Override
        public Optional<Inet4Address> ipv4() { return addresses(session).ipv4(); }

        @Override
        public String peer() { return session.control().peer().name(); }

        @Override
        public String callingNumber() { return session.record().callingNumber(); }
    }

    private static AssignedAddresses addresses(Session session) {
        SessionGrant grant = session.networkPart().grant();
        return grant == null ? AssignedAddresses.NONE : grant.addresses();
    }

    /** Returns the view of a session. */
    public static SessionView of(Session session, long nowNs, long bitsPerSecondIn, long bitsPerSecondOut) {
        SessionRecord record = session.record();
        CallControl control = session.control();
        SessionNetworks networks = session.networkPart();
        SessionGrant grant = networks.grant();
        AssignedAddresses addresses = addresses(session);
        LinkView link = session.linkView();
        SessionCounters counters = session.accounts().counters();
        return new SessionView(session.id(), control.path().localTunnelId(), record.localSessionId(),
                record.peerSessionId(), session.user(), session.state().label(), addresses.ipv4(),
                addresses.ipv6Prefixes().stream().findFirst(), addresses.ipv6Delegated().stream().findFirst(),
                routes(addresses), control.peer().name(), IpAddresses.format(control.path().peer().getAddress()),
                control.peerHostName(), record.callingNumber(), record.calledNumber(),
                record.circuit(), record.callSerialNumber(), record.transmitBps(), record.receiveBps(),
                link == null ? "Initial" : link.lcp(), link == null ? "Initial" : link.ipcp(),
                link == null ? "Initial" : link.ipv6cp(), record.authentication(), record.mru(),
                record.uptimeSeconds(nowNs), idleSeconds(counters, record, nowNs), timeout(networks),
                rate(networks.limits().rateOut()), rate(networks.limits().rateIn()),
                networks.limits().filterIn().map(CompiledFilter::name),
                networks.limits().filterOut().map(CompiledFilter::name),
                grant == null ? Optional.empty() : grant.profile().line().gardenName(), networks.limits().suspended(),
                packets(networks.limits().packetsPerSecond()), counters.octetsIn,
                counters.octetsOut, counters.packetsIn, counters.packetsOut, counters.dropsIn, counters.dropsOut,
                bitsPerSecondIn, bitsPerSecondOut,
                session.lastEvent(), ipv4Traffic(counters), ipv6Traffic(counters), ipv6Link(networks, addresses));
    }

    private static FamilyTraffic ipv4Traffic(SessionCounters all) {
        return new FamilyTraffic(all.octetsIn - all.ipv6OctetsIn, all.octetsOut - all.ipv6OctetsOut,
                all.packetsIn - all.ipv6PacketsIn, all.packetsOut - all.ipv6PacketsOut);
    }

    private static FamilyTraffic ipv6Traffic(SessionCounters all) {
        return new FamilyTraffic(all.ipv6OctetsIn, all.ipv6OctetsOut, all.ipv6PacketsIn, all.ipv6PacketsOut);
    }

    private static Ipv6LinkView ipv6Link(SessionNetworks networks, AssignedAddresses addresses) {
        SessionIpv6 ipv6 = networks.ipv6();
        OptionalLong identifier = ipv6.peerInterfaceId();
        return new Ipv6LinkView(identifier.isPresent() ? HexFormat.of().toHexDigits(identifier.getAsLong()) : "",
                addresses.ipv6Prefixes(), addresses.ipv6Delegated(), addresses.ipv6Addresses(), ipv6.leased(),
                ipv6.dropped());
    }

    /** Reads the octets so far into the place of its row, where the arrays reach that far. */
    public static void readOctets(Session session, long[] octetsIn, long[] octetsOut) {
        int row = session.row();
        if (row >= 0 && row < octetsIn.length) {
            SessionCounters counters = session.accounts().counters();
            octetsIn[row] = counters.octetsIn;
            octetsOut[row] = counters.octetsOut;
        }
    }

    private static List<IpPrefix> routes(AssignedAddresses addresses) {
        return java.util.stream.Stream.concat(addresses.ipv4Routes().stream(), addresses.ipv6Routes().stream())
                .toList();
    }

    private static long idleSeconds(SessionCounters counters, SessionRecord record, long nowNs) {
        return counters.lastActivityNs() == 0
                ? record.uptimeSeconds(nowNs)
                : Math.max(0, (nowNs - counters.lastActivityNs()) / 1_000_000_000L);
    }

    private static OptionalLong timeout(SessionNetworks networks) {
        return networks.sessionTimeout().map(limit -> OptionalLong.of(limit.toSeconds())).orElse(OptionalLong.empty());
    }

    private static OptionalLong rate(Rate limit) {
        return limit.isLimited() ? OptionalLong.of(limit.bps()) : OptionalLong.empty();
    }

    private static OptionalLong packets(int limit) { return limit > 0 ? OptionalLong.of(limit) : OptionalLong.empty(); }
}

package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.AccountingSubject.Authentic;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.Profile.TerminationAction;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.Limits;
import org.lnsd.daemon.forwarding.Networks;
import org.lnsd.daemon.intercept.InterceptTarget;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.session.AddressAssigner.Assignment;
import org.lnsd.ppp.link.LcpAgreement;
import org.lnsd.ppp.link.NetworkSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session has above PPP: the grant of authentication, its addresses in forwarding and in the kernel's routes, and
 * its limits. Those of a bundle pass from one of its links to another; the further links have one that is empty.
 */
final class SessionNetworks implements SessionRoutes.Claimant, NetworkSettings.AddressChoice {
    private static final Logger LOG = LoggerFactory.getLogger(SessionNetworks.class);
    /** The first record waits so long for the other family, so that it names the addresses of both. */
    private static final long OTHER_FAMILY_NS = 1_000_000_000L;

    private final SessionServices services;
    private final SessionSettings settings;
    private volatile Session session;

    private volatile @Nullable SessionGrant grant;
    private volatile List<IpPrefix> attached = List.of();
    private final SessionLimits limits;
    private final SessionIpv6 ipv6;
    private VolumeWatch volume = VolumeWatch.NONE;
    private List<IpPrefix> routed = List.of();
    private boolean ipv4Awaited = true;
    private boolean ipv6Awaited = true;
    private boolean begun;
    private boolean accountsStale;
    private SessionAddresses lastAddresses = SessionAddresses.NONE;
    private boolean down;
    private boolean timeOver;
    private boolean ipv4Up;
    private long startDeadlineNs = Long.MAX_VALUE;
    private long sessionDeadlineNs = Long.MAX_VALUE;
    private long idleDeadlineNs = Long.MAX_VALUE;

    SessionNetworks(SessionServices services, SessionSettings settings, Session session) {
        this.services = services;
        this.settings = settings;
        this.session = session;
        this.limits = new SessionLimits(services, settings, session);
        this.ipv6 = new SessionIpv6(services.counts());
    }

    SessionIpv6 ipv6() { return ipv6; }

    /** Another link of the bundle takes this over, as it is, and the former one what that had. */
    void passTo(Session former, Session heir) {
        List<IpPrefix> all = attached;
        SessionNetworks other = heir.networkPart();
        services.table().attached(former, all, List.of());
        former.networks(other);
        heir.networks(this);
        other.moveTo(former);
        moveTo(heir);
        services.table().attached(heir, List.of(), all);
    }

    private void moveTo(Session next) {
        session = next;
        limits.moveTo(next);
    }

    /** Returns the row of its packets, which a further link of a bundle has none of. */
    private int row() {
        return session.seat.lineRow();
    }

    @Nullable
    SessionGrant grant() { return grant; }

    List<IpPrefix> attached() { return attached; }

    /** Returns the kernel routes that are asked for. */
    List<IpPrefix> routed() { return routed; }

    /** Returns the Session-Timeout, which a CoA may have changed. */
    Optional<Duration> sessionTimeout() {
        SessionGrant given = grant;
        return given == null
                ? Optional.empty()
                : given.profile().sessionTimeout().or(() -> settings.ppp().sessionTimeout());
    }

    // ---- up -------------------------------------------------------------------------------------------------------

    /** Takes the verdict; returns why the subscriber must be refused nevertheless, or null. */
    @Nullable
    SessionEnd authorize(AccessVerdict.Accept accept, long nowNs) {
        SessionGrant former = grant;
        if (former != null) {
            return former.user().equals(accept.user())
                    ? authorizeAgain(accept.profile(), nowNs)
                    : SessionEnd.cleared("the subscriber has authenticated as somebody else");
        }
        SessionEnd missing = limits.refusal(accept.profile());
        if (missing != null) {
            return missing;
        }
        SessionEnd duplicate = Admission.judgeOtherSessions(services, settings, accept, nowNs);
        if (duplicate != null) {
            return duplicate;
        }
        Assignment assignment = settings.assigner().assign(accept.user(), accept.profile(),
                session.control().peer().pool(), settings.ppp().ipv6());
        return switch (assignment) {
            case Assignment.Missing(String why) -> {
                services.counts().count("no-address");
                LOG.warn("no-address class=local session={} user={} cause=\"{}\"", session.id(), accept.user(), why);
                yield SessionEnd.noAddress(why);
            }
            case Assignment.Given(AssignedAddresses addresses) -> {
                limits.tellMissingPools(accept.profile());
                hold(new SessionGrant(accept.user(), accept.profile(), addresses), accept.authentic());
                yield null;
            }
        };
    }

    private @Nullable SessionEnd authorizeAgain(Profile next, long nowNs) {
        SessionEnd refusal = renew(next, nowNs);
        if (refusal == null && !isUp()) { // LCP was negotiated anew, and the networks will be
            ipv4Awaited = true;
            ipv6Awaited = true;
            route();
        }
        return refusal;
    }

    /** Takes what an authentication while the session is up has changed; its addresses stay. Returns why it must end, or null. */
    private @Nullable SessionEnd renew(Profile next, long nowNs) {
        SessionEnd missing = limits.refusal(next);
        if (missing != null) {
            return missing;
        }
        SessionGrant given = granted();
        Profile profile = given.profile().toBuilder().limitsOf(next).build();
        grant = new SessionGrant(given.user(), profile, given.addresses());
        timeOver = false;
        session.accounts().profileChanged(profile);
        applyLimits();
        if (begun) {
            startLimits(nowNs);
        }
        return null;
    }

    /** Returns whether authentication is to decide that the session goes on, because its time is over (RFC 2865 section 5.29). */
    boolean isTimeOver() {
        return timeOver;
    }

    /** Takes the verdict for another link of a bundle: its first link has the addresses, each its own accounts. */
    void join(AccessVerdict.Accept accept, SessionAddresses ofBundle, long nowNs) {
        if (grant != null) {
            renew(accept.profile(), nowNs);
            return;
        }
        ipv4Awaited = false;
        ipv6Awaited = false;
        hold(new SessionGrant(accept.user(), accept.profile(), AssignedAddresses.NONE), accept.authentic());
        session.accounts().tell(ofBundle);
        session.announce();
    }

    private void hold(SessionGrant given, Authentic authentic) {
        grant = given;
        session.track().user(given.user());
        services.table().authenticated(session);
        applyLimits();
        route();
        session.accounts().open(given, authentic);
    }

    /** Returns what the link may negotiate: only the families that the grant has. */
    NetworkSettings offer() {
        SessionGrant given = granted();
        Optional<NetworkSettings.Ipv4> ipv4 = given.addresses().ipv4().map(peer -> AddressAssigner
                .ipcp(settings.ourAddress(), peer, limits.shown(given.profile()), settings.ppp().dnsIpv4(), this));
        Optional<NetworkSettings.Ipv6> ipv6 = given.addresses().hasIpv6()
                ? Optional.of(
                        new NetworkSettings.Ipv6(settings.interfaceId(), given.profile().ipv6InterfaceId().orElse(0L)))
                : Optional.empty();
        ipv4.ifPresent(settled -> limits.told(settled.dns(), given.profile()));
        return new NetworkSettings(ipv4, ipv6);
    }

    /** The subscriber asks for an address (RFC 2865 section 5.8); while IPv4 is up it stays as it is. */
    @Override
    public boolean take(Inet4Address wished) {
        if (ipv4Up || down) {
            return false;
        }
        Optional<SessionGrant> chosen = settings.assigner().choose(granted(), wished, session.control().peer().pool());
        chosen.ifPresent(other -> {
            grant = other;
            route();
        });
        return chosen.isPresent();
    }

    /** Returns the largest packet for a subscriber that takes so much. */
    int mtu(int peerMru) {
        SessionGrant given = grant;
        return given == null ? peerMru : Math.min(peerMru, given.profile().mtu().orElse(peerMru));
    }

    /** LCP has opened, perhaps anew: no network protocol is up. */
    void linkOpened(LcpAgreement agreement) {
        session.record().agreed(agreement);
    }

    void ipv4Up(Inet4Address peer) {
        ipv4Up = true;
        ipv4Awaited = false;
        session.track().add("ipcp", "up " + peer.getHostAddress());
        changed();
    }

    void ipv4Down() {
        ipv4Up = false;
        ipv4Awaited = false;
        changed();
    }

    void ipv6Up(long local, long peer, long nowNs) {
        ipv6Awaited = false;
        int mtuBytes = mtu(session.record().linkMtu());
        ipv6.up(peer, services.linkServices().start(settings, shown(granted()), local, peer, mtuBytes, nowNs));
        session.track().add("ipv6cp", "up interface-id " + Long.toHexString(peer));
        changed();
    }

    void ipv6Down() {
        ipv6.down();
        changed();
    }

    private SessionGrant granted() {
        SessionGrant given = grant;
        if (given == null) {
            throw new IllegalStateException("session " + session.id() + " is not authenticated");
        }
        return given;
    }

    // ---- forwarding, routes, accounting ---------------------------------------------------------------------------

    /** Brings forwarding, the kernel's routes and accounting to what is up now. */
    private void changed() {
        if (down) {
            return;
        }
        AssignedAddresses addresses = granted().addresses();
        List<IpPrefix> ipv4Routes = ipv4Up ? addresses.ipv4Routes() : List.of();
        List<IpPrefix> ipv6Networks = ipv6.isUp() ? ipv6.networks(addresses) : List.of();
        Optional<Inet4Address> ipv4 = ipv4Up ? addresses.ipv4() : Optional.empty();
        List<IpPrefix> all = new ArrayList<>(1 + ipv4Routes.size() + ipv6Networks.size());
        if (ipv4Up) {
            addresses.ipv4Host().ifPresent(all::add);
        }
        all.addAll(ipv4Routes);
        all.addAll(ipv6Networks);
        if (all.isEmpty()) {
            services.forwarding().detach(row());
        } else {
            services.forwarding().attach(row(), new Networks(ipv4, ipv4Routes, ipv6Networks,
                    settings.configuration().forwarding().sourceCheck(),
                    settings.configuration().forwarding().mssClamp()));
        }
        services.table().attached(session, attached, all);
        attached = addresses.shared(all);
        route();
        accountsStale = true;
    }

    /**
     * The kernel's routes of what is up, and of what is about to come up: they are made on another thread, and the answer
     * to the subscriber's first packet must find them.
     */
    private void route() {
        AssignedAddresses addresses = granted().addresses();
        List<IpPrefix> next = new ArrayList<>(attached);
        if (ipv4Awaited) {
            addresses.ipv4Host().ifPresent(next::add);
            next.addAll(addresses.ipv4Routes());
        }
        if (ipv6Awaited) {
            next.addAll(ipv6.networks(addresses));
        }
        services.routes().change(this, routed, next);
        routed = addresses.shared(next);
    }

    @Override
    public boolean mayShare(IpPrefix prefix) {
        AssignedAddresses addresses = granted().addresses();
        return addresses.ipv4Routes().contains(prefix) || addresses.ipv6Routes().contains(prefix);
    }

    @Override
    public void succeed() {
        if (!down && !attached.isEmpty()) {
            services.forwarding().detach(row());
            changed();
        }
    }

    /** Tells accounting what is up now; when a link goes down as a whole, the Stop names the addresses that the session had. */
    private void account() {
        accountsStale = false;
        if (down || !isUp()) {
            return;
        }
        lastAddresses = addresses();
        if (begun) {
            session.seat.tellAccounts(lastAddresses);
        } else {
            boolean complete = ipv4Up == granted().addresses().ipv4().isPresent()
                    && ipv6.isUp() == granted().addresses().hasIpv6();
            long nowNs = services.loop().nowNs();
            if (complete) {
                begin(nowNs);
            } else if (startDeadlineNs == Long.MAX_VALUE) {
                startDeadlineNs = nowNs + OTHER_FAMILY_NS;
            }
        }
    }

    /** Whether IP of either family flows. */
    boolean isUp() { return ipv4Up || ipv6.isUp(); }

    private void begin(long nowNs) {
        begun = true;
        startDeadlineNs = Long.MAX_VALUE;
        session.seat.tellAccounts(lastAddresses);
        startLimits(nowNs);
        session.announce();
        session.track().settle();
    }

    /** Returns the addresses as accounting tells them. */
    SessionAddresses addresses() {
        SessionGrant given = grant;
        if (given == null) {
            return SessionAddresses.NONE;
        }
        AssignedAddresses addresses = given.addresses();
        List<Inet6Address> single = addresses.ipv6Addresses();
        boolean ipv6Up = ipv6.isUp();
        return new SessionAddresses(ipv4Up ? addresses.ipv4() : Optional.empty(), ipv6.peerInterfaceId(),
                ipv6Up ? addresses.ipv6Prefixes() : List.of(), ipv6Up ? addresses.ipv6Delegated() : List.of(),
                ipv6Up ? single : List.of());
    }

    private void startLimits(long nowNs) {
        sessionDeadlineNs = deadline(sessionTimeout(), nowNs);
        idleDeadlineNs = deadline(idleTimeout(), nowNs);
        volume = VolumeWatch.of(profile(), nowNs);
    }

    private static long deadline(Optional<Duration> limit, long nowNs) {
        return limit.map(time -> nowNs + time.toNanos()).orElse(Long.MAX_VALUE);
    }

    /** Returns what the subscriber may have. */
    Profile profile() { return granted().profile(); }

    private Optional<Duration> idleTimeout() {
        return granted().profile().idleTimeout().or(() -> settings.ppp().idleTimeout());
    }

    /** Returns why a change cannot be, or null. */
    @Nullable
    String refusal(ProfileChange change) {
        SessionGrant given = grant;
        if (given == null) {
            return "it is not authenticated yet";
        }
        SessionEnd end = limits.refusal(change.applyTo(given.profile()));
        return end == null ? null : end.text();
    }

    /** Copies the session's packets, see {@link SessionLimits#intercept}. */
    boolean intercept(Optional<InterceptTarget> target, String requester) throws IOException {
        return grant != null && limits.intercept(target, requester, granted().profile());
    }

    private SessionGrant shown(SessionGrant given) {
        return new SessionGrant(given.user(), limits.shown(given.profile()), given.addresses());
    }

    /** Returns the limits that are in force. */
    Limits limits() { return limits.applied(); }

    /** The line has other speeds: limits that are parts of them change, and accounting tells them (RFC 5515 section 4). */
    void speedsChanged() {
        session.accounts().speedsChanged();
        applyLimits();
    }

    /** Brings forwarding to what the session may do now. */
    void applyLimits() {
        SessionGrant given = grant;
        if (given != null && !down && row() != Forwarding.NO_ROW) {
            limits.apply(given.profile());
            limits.followIntercept(given.profile());
        }
    }

    /**
     * Takes a change of authorization; only what it names (RFC 5176 section 2.2).
     *
     * @return false: there are no other prefixes to be had, and nothing has changed
     */
    boolean change(ProfileChange change, long nowNs) {
        SessionGrant given = granted();
        Profile profile = change.applyTo(given.profile());
        if (change.renumbers() && session.seat.holder() == session && !renumber(profile, nowNs)) {
            return false;
        }
        grant = new SessionGrant(given.user(), profile, granted().addresses());
        session.accounts().profileChanged(profile);
        applyLimits();
        if (change.line().garden().isPresent()) {
            ipv6.update(settings, shown(granted()), nowNs); // its name servers, by router advertisement
            sendPackets();
        }
        if (change.line().volumeBytes().isPresent()) {
            volume = VolumeWatch.of(profile, nowNs);
        }
        change.sessionTimeout().ifPresent(limit -> sessionDeadlineNs = nowNs + limit.toNanos());
        change.idleTimeout().ifPresent(limit -> idleDeadlineNs = nowNs + limit.toNanos());
        services.deadlines().update(session);
        return true;
    }

    /** Takes the prefixes that the profile now names, and tells the subscriber; false: there are none, nothing has changed. */
    boolean renumber(Profile next, long nowNs) {
        if (down) {
            return false;
        }
        SessionGrant given = granted();
        return switch (settings.assigner().renumber(given, next, session.control().peer().pool())) {
            case Assignment.Missing(String why) -> {
                LOG.warn("no-address class=local session={} user={} cause=\"{}\"", session.id(), given.user(), why);
                yield false;
            }
            case Assignment.Given(AssignedAddresses addresses) -> {
                SessionGrant renewed = new SessionGrant(given.user(), next, addresses);
                grant = renewed;
                session.track().add("addresses", "renumbered to " + addresses.ipv6Prefixes() + " and "
                        + addresses.ipv6Delegated());
                ipv6.update(settings, shown(renewed), nowNs);
                changed();
                sendPackets();
                services.deadlines().update(session);
                yield true;
            }
        };
    }

    // ---- time and packets of our own ------------------------------------------------------------------------------

    long nextDeadlineNs() {
        return Math.min(Math.min(sessionDeadlineNs, idleDeadlineNs),
                Math.min(Math.min(startDeadlineNs, volume.nextDeadlineNs()), ipv6.nextDeadlineNs()));
    }

    /** Does what is due; returns why the session must end, or null. */
    @Nullable
    SessionEnd onTimeout(long nowNs) {
        ipv6.onTimeout(nowNs);
        if (startDeadlineNs <= nowNs) {
            startDeadlineNs = Long.MAX_VALUE;
            if (isUp()) {
                begin(nowNs);
            }
        }
        if (volume.nextDeadlineNs() <= nowNs && isVolumeUsedUp()) {
            session.track().add("volume", "used up");
            Optional<ProfileChange> change = VolumeWatch.change(settings.ppp().lines().onVolumeLimit());
            if (change.isEmpty()) {
                return SessionEnd.volumeLimit();
            }
            change(change.get(), nowNs);
        }
        if (sessionDeadlineNs <= nowNs) {
            sessionDeadlineNs = Long.MAX_VALUE;
            timeOver = profile().terminateAfterTimeout() == TerminationAction.RADIUS_REQUEST;
            return SessionEnd.sessionTimeout();
        }
        return idleDeadlineNs <= nowNs ? judgeIdleness(nowNs) : null;
    }

    private boolean isVolumeUsedUp() {
        boolean usedUp = VolumeWatch.isUsedUp(profile(), session.traffic());
        volume = volume.looked(usedUp);
        return usedUp;
    }

    private @Nullable SessionEnd judgeIdleness(long nowNs) {
        long limitNs = idleTimeout().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        long lastNs = limits.lastActivityNs(session.traffic());
        if (limitNs != Long.MAX_VALUE && lastNs != 0 && nowNs - lastNs < limitNs) {
            idleDeadlineNs = lastNs + limitNs;
            return null;
        }
        idleDeadlineNs = Long.MAX_VALUE;
        return limitNs == Long.MAX_VALUE ? null : SessionEnd.idleTimeout();
    }

    /** Borrows an IPv6 packet of the subscriber's that is for us. */
    void onPacket(ByteBuf ipv6Packet, long nowNs) {
        ipv6.onPacket(ipv6Packet, nowNs);
    }

    /** Sends what the services above IPv6CP want sent, and follows their leases. */
    void sendPackets() {
        for (ByteBuf packet = ipv6.pollTransmit(); packet != null; packet = ipv6.pollTransmit()) {
            if (session.row() == Forwarding.NO_ROW || down) {
                packet.release();
            } else {
                services.forwarding().injectDown(session.row(), packet);
            }
        }
        if (ipv6.followLeases()) {
            changed();
        }
        if (accountsStale) {
            account();
        }
    }

    // ---- down -----------------------------------------------------------------------------------------------------

    /** Stops the traffic, closes the accounts and gives everything back. Only the first call does something. */
    void down(SessionEnd why) {
        if (down) {
            return;
        }
        if (startDeadlineNs != Long.MAX_VALUE) { // it ends before the other family came; it has been up nevertheless
            begin(services.loop().nowNs());
        }
        down = true;
        limits.close();
        if (row() != Forwarding.NO_ROW) {
            services.forwarding().detach(row());
        }
        services.routes().change(this, routed, List.of());
        routed = List.of();
        SessionGrant given = grant;
        if (given != null) {
            settings.assigner().release(given.user(), given.addresses());
            services.table().forget(session);
        }
        services.table().attached(session, attached, List.of());
        attached = List.of();
        startDeadlineNs = Long.MAX_VALUE;
        sessionDeadlineNs = Long.MAX_VALUE;
        idleDeadlineNs = Long.MAX_VALUE;
        volume = VolumeWatch.NONE;
        ipv6.close();
        session.accounts().stop(why);
    }
}

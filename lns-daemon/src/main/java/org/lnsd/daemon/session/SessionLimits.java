package org.lnsd.daemon.session;

import java.io.IOException;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.config.GardenConfig;
import org.lnsd.daemon.config.LineDefaults;
import org.lnsd.daemon.config.LineRate;
import org.lnsd.daemon.config.MissingFilter;
import org.lnsd.daemon.config.Rates;
import org.lnsd.daemon.forwarding.DnsRedirect;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.Limits;
import org.lnsd.daemon.forwarding.PacketTap;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.intercept.InterceptTarget;
import org.lnsd.daemon.intercept.Interceptions;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.l2tp.message.ConnectSpeed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes forwarding's limits of what a profile names. */
final class SessionLimits {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLimits.class);

    private static final long LARGEST_BURST_BYTES = 64 << 20;
    private static final long LARGEST_SPEED_BPS = 1L << 40;
    private static final long WHOLE_PERCENT = 100;
    private static final int ACTUAL_UP = 129;
    private static final int ACTUAL_DOWN = 130;

    private final SessionServices services;
    private final SessionSettings settings;
    private volatile Session session;
    private List<Inet4Address> toldDns = List.of();
    private boolean toldInGarden;
    private Optional<PacketTap> tap = Optional.empty();
    /** The link that the interception began on. */
    private String tappedId = "";
    private String interceptSaid = "";
    private volatile Limits applied = Limits.NONE;

    SessionLimits(SessionServices services, SessionSettings settings, Session session) {
        this.services = services;
        this.settings = settings;
        this.session = session;
    }

    /** From now on another link of the bundle carries the packets. */
    void moveTo(Session next) { session = next; }

    /** Returns why a session with this profile must not be, or null. */
    @Nullable
    SessionEnd refusal(Profile profile) {
        Optional<String> garden = profile.line().gardenName();
        if (garden.isPresent() && services.lines().garden(garden.get()).isEmpty()) {
            services.counts().count("missing-garden");
            LOG.warn("missing-garden class=local session={} garden={} effect=refused", session.id(), garden.get());
            return SessionEnd.missingGarden(garden.get());
        }
        Optional<String> missing = Stream.of(profile.filterIn(), profile.filterOut()).flatMap(Optional::stream)
                .filter(name -> !name.isEmpty() && services.lines().filter(name).isEmpty()).findFirst();
        if (missing.isEmpty()) {
            return null;
        }
        services.counts().count("missing-filter");
        boolean refused = settings.ppp().lines().missingFilter() == MissingFilter.REFUSE;
        LOG.warn("missing-filter class=local session={} filter={} effect={}", session.id(), missing.get(),
                refused ? "refused" : "unfiltered");
        return refused ? SessionEnd.missingFilter(missing.get()) : null;
    }

    /** Says so when authentication named pools for IPv6 that cannot give anything: the session is up without. */
    void tellMissingPools(Profile profile) {
        if (settings.ppp().ipv6()) {
            for (String pool : settings.assigner().missingPools(profile)) {
                services.counts().count("missing-ipv6-pool");
                session.track().add("missing-pool", "pool " + pool + " has nothing for IPv6 or does not exist");
                LOG.warn("missing-pool class=local session={} pool={} effect=no-ipv6", session.id(), pool);
            }
        }
    }

    /** When a packet last went that keeps the session from being idle; 0: never. */
    long lastActivityNs(SessionCounters counters) {
        return switch (settings.ppp().lines().idle()) {
            case BOTH -> counters.lastActivityNs();
            case IN -> counters.lastInNs;
            case OUT -> counters.lastOutNs;
        };
    }

    /** What forwarding was told last. Any thread. */
    Limits applied() { return applied; }

    /** Tells forwarding what the profile says. */
    void apply(Profile profile) {
        Limits wanted = wanted(profile);
        int row = session.seat.lineRow();
        if (!wanted.equals(applied) && row != Forwarding.NO_ROW) {
            applied = wanted;
            services.forwarding().limit(row, wanted);
        }
    }

    /**
     * Copies the packets to the target from now on, or nowhere when it is empty; an earlier interception ends.
     *
     * @return false: none was there to be ended
     * @throws IOException if the audit log cannot be written
     */
    boolean intercept(Optional<InterceptTarget> target, String requester, Profile profile) throws IOException {
        Interceptions all = services.lines().interceptions();
        boolean changed = true;
        if (target.isPresent()) {
            all.stop(tappedId, requester);
            tappedId = session.id();
            tap = Optional.of(all.start(tappedId, session.user(), target.get(), requester));
        } else {
            changed = all.stop(tappedId, requester);
            tap = Optional.empty();
        }
        apply(profile);
        return changed;
    }

    /** Follows what RADIUS says about interception. */
    void followIntercept(Profile profile) {
        String said = profile.line().intercept().orElse("");
        if (!said.equals(interceptSaid)) {
            interceptSaid = said;
            try {
                intercept(InterceptTarget.parse(said), "radius", profile);
            } catch (IOException unwritable) {
                LOG.error("audit-log class=local cause=\"{}\"", unwritable.toString());
            }
        }
    }

    /** The session ends. */
    void close() {
        if (tap.isPresent()) {
            tap = Optional.empty();
            try {
                services.lines().interceptions().stop(tappedId, "session-end");
            } catch (IOException unwritable) {
                LOG.error("audit-log class=local cause=\"{}\"", unwritable.toString());
            }
        }
    }

    private Limits wanted(Profile profile) {
        GardenConfig garden = garden(profile).orElse(null);
        LineDefaults usual = settings.ppp().lines();
        Rate up = rate(profile.rateUp(), usual.rateUp(), upstreamBps(), usual.burstUp());
        Rate down = rate(profile.rateDown(), usual.rateDown(), downstreamBps(), usual.burstDown());
        Optional<String> filterIn = profile.filterIn();
        Optional<String> filterOut = profile.filterOut();
        if (garden != null) {
            up = garden.rateUp().map(parked -> rate(limit(parked), upstreamBps(), usual.burstUp())).orElse(up);
            down = garden.rateDown().map(parked -> rate(limit(parked), downstreamBps(), usual.burstDown()))
                    .orElse(down);
            filterIn = Optional.of(garden.filterIn());
            filterOut = garden.filterOut();
        }
        return new Limits(filterIn.flatMap(services.lines()::filter), filterOut.flatMap(services.lines()::filter), up,
                down, services.lines().carrier(session.control().peer().name()),
                profile.line().packetsPerSecond().orElse(0), dns(profile), profile.line().suspended().orElse(false),
                tap);
    }

    /** IPCP tells the subscriber these name servers. */
    void told(List<Inet4Address> dns, Profile profile) {
        toldDns = dns;
        toldInGarden = garden(profile).isPresent();
        apply(profile);
    }

    // A subscriber keeps the name servers that it was told, also when it enters or leaves a garden while it is up.
    private Optional<DnsRedirect> dns(Profile profile) {
        GardenConfig garden = garden(profile).orElse(null);
        if (garden == null && !toldInGarden) {
            return Optional.empty();
        }
        List<Inet4Address> usual = profile.dns4().isEmpty() ? settings.ppp().dnsIpv4() : profile.dns4();
        List<Inet4Address> servers = garden == null ? usual : garden.dnsIpv4();
        return servers.isEmpty() || garden == null && servers.containsAll(toldDns)
                ? Optional.empty()
                : Optional.of(new DnsRedirect(toldDns, servers, garden != null));
    }

    private Optional<GardenConfig> garden(Profile profile) {
        return profile.line().gardenName().flatMap(services.lines()::garden);
    }

    /** The profile as the subscriber is to see it: in a garden the name servers are the garden's. */
    Profile shown(Profile profile) {
        return garden(profile)
                .map(park -> profile.toBuilder().otherDns(park.dnsIpv4(), park.dnsIpv6()).build())
                .orElse(profile);
    }

    private long downstreamBps() { return lineBps(session.record().transmitBps(), ACTUAL_DOWN); }

    private long upstreamBps() { return lineBps(session.record().receiveBps(), ACTUAL_UP); }

    // RFC 5515 section 5 has 64 bits, for where the connect speed (AVP 24, 38) is not told or is more than its 32 bits hold
    private long lineBps(long told, int attribute) {
        long known = session.record().identity().accessLine().values().getOrDefault(attribute, 0L);
        return told <= 0 || (told >= ConnectSpeed.MOST_BPS && known > told) ? known : told;
    }

    private static Rate rate(Optional<RateLimit> said, Optional<LineRate> usual, long lineBps, Duration burst) {
        return said.or(() -> usual.map(SessionLimits::limit)).map(limit -> rate(limit, lineBps, burst))
                .orElse(Rate.UNLIMITED);
    }

    private static RateLimit limit(LineRate rate) { return new RateLimit(rate.bps(), 0, rate.percent()); }

    // What RADIUS says may be absurd: it is brought to what a line can have. A part of a speed that nobody tells is no limit.
    private static Rate rate(RateLimit limit, long lineBps, Duration burst) {
        long bps = limit.percent() > 0
                ? Math.min(lineBps, LARGEST_SPEED_BPS) * limit.percent() / WHOLE_PERCENT
                : limit.bps();
        return bps <= 0
                ? Rate.UNLIMITED
                : new Rate(Math.clamp(bps, Rates.MINIMUM_BPS, Rates.MAXIMUM_BPS),
                        Math.clamp(limit.burstBytes(), 0, LARGEST_BURST_BYTES), burst.toNanos());
    }
}

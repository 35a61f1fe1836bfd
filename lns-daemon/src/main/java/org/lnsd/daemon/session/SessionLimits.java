package org.lnsd.daemon.session;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.config.MissingFilter;
import org.lnsd.daemon.config.Rates;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.Limits;
import org.lnsd.daemon.shaping.Rate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes forwarding's limits of what a profile names. */
final class SessionLimits {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLimits.class);

    private static final long LARGEST_BURST_BYTES = 64 << 20;

    private final SessionServices services;
    private final SessionSettings settings;
    private final Session session;
    private Limits applied = Limits.NONE;

    SessionLimits(SessionServices services, SessionSettings settings, Session session) {
        this.services = services;
        this.settings = settings;
        this.session = session;
    }

    /** Returns why a session with this profile must not be, or null. */
    @Nullable
    SessionEnd refusal(Profile profile) {
        Optional<String> missing = Stream.of(profile.filterIn(), profile.filterOut()).flatMap(Optional::stream)
                .filter(name -> !name.isEmpty() && services.filters().find(name).isEmpty()).findFirst();
        if (missing.isEmpty()) {
            return null;
        }
        services.counts().count("missing-filter");
        boolean refused = settings.ppp().missingFilter() == MissingFilter.REFUSE;
        LOG.warn("missing-filter class=local session={} filter={} effect={}", session.id(), missing.get(),
                refused ? "refused" : "unfiltered");
        return refused ? SessionEnd.missingFilter(missing.get()) : null;
    }

    /** Tells forwarding what the profile says. */
    void apply(Profile profile) {
        Limits wanted = new Limits(filter(profile.filterIn()), filter(profile.filterOut()),
                rate(profile.rateUp()), rate(profile.rateDown()));
        if (!wanted.equals(applied) && session.row() != Forwarding.NO_ROW) {
            applied = wanted;
            services.forwarding().limit(session.row(), wanted);
        }
    }

    // What RADIUS says may be absurd: it is brought to what a line can have.
    private static Rate rate(Optional<RateLimit> limit) {
        return limit.filter(given -> given.bps() > 0)
                .map(given -> new Rate(Math.clamp(given.bps(), Rates.MINIMUM_BPS, Rates.MAXIMUM_BPS),
                        Math.clamp(given.burstBytes(), 0, LARGEST_BURST_BYTES)))
                .orElse(Rate.UNLIMITED);
    }

    private Optional<CompiledFilter> filter(Optional<String> name) { return name.flatMap(services.filters()::find); }
}

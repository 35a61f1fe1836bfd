package org.lnsd.daemon.session;

import java.util.List;
import java.util.Optional;
import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.config.VolumeAction;
import org.lnsd.daemon.forwarding.SessionCounters;

/** Looks every few seconds whether a session has used up its volume; sessions without such a limit are never looked at. */
final class VolumeWatch {
    private static final long INTERVAL_NS = 2_000_000_000L;

    private long deadlineNs = Long.MAX_VALUE;

    /** Begins with what the profile says. */
    void start(Profile profile, long nowNs) {
        deadlineNs = limit(profile) > 0 ? nowNs + INTERVAL_NS : Long.MAX_VALUE;
    }

    void stop() { deadlineNs = Long.MAX_VALUE; }

    long nextDeadlineNs() { return deadlineNs; }

    /** Whether the volume is used up; says so once. */
    boolean isUsedUp(Profile profile, SessionCounters counters) {
        boolean over = counters.octetsIn + counters.octetsOut >= limit(profile);
        deadlineNs = over ? Long.MAX_VALUE : deadlineNs + INTERVAL_NS;
        return over;
    }

    private static long limit(Profile profile) { return profile.line().volumeBytes().orElse(0); }

    /** What the action changes; empty: the session ends. */
    static Optional<ProfileChange> change(VolumeAction action) {
        return switch (action) {
            case VolumeAction.Disconnect() -> Optional.empty();
            case VolumeAction.Garden(String name) -> Optional.of(ProfileChange.of(LineRules.ofGarden(name)));
            case VolumeAction.Slow(var rate) -> {
                Optional<RateLimit> limit = Optional.of(new RateLimit(rate.bps(), 0, rate.percent()));
                yield Optional.of(new ProfileChange(limit, limit, Optional.empty(), Optional.empty(), Optional.empty(),
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                        List.of()));
            }
        };
    }
}

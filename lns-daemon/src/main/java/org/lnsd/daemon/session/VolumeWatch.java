package org.lnsd.daemon.session;

import java.util.List;
import java.util.Optional;
import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.config.VolumeAction;
import org.lnsd.daemon.forwarding.SessionCounters;

/**
 * Looks every few seconds whether a session has used up its volume; sessions without such a limit are never looked at.
 *
 * @param nextDeadlineNs when to look, or Long.MAX_VALUE
 */
record VolumeWatch(long nextDeadlineNs) {
    private static final long INTERVAL_NS = 2_000_000_000L;

    /** No volume is watched. */
    static final VolumeWatch NONE = new VolumeWatch(Long.MAX_VALUE);

    /** Watches the volume that the profile says. */
    static VolumeWatch of(Profile profile, long nowNs) {
        return limit(profile) > 0 ? new VolumeWatch(nowNs + INTERVAL_NS) : NONE;
    }

    /** Returns whether the volume is used up. */
    static boolean isUsedUp(Profile profile, SessionCounters counters) {
        return counters.octetsIn + counters.octetsOut >= limit(profile);
    }

    /** Watches on after a look: a volume that is used up is told once. */
    VolumeWatch looked(boolean usedUp) {
        return usedUp ? NONE : new VolumeWatch(nextDeadlineNs + INTERVAL_NS);
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

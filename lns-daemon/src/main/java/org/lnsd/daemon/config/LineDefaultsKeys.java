package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.NEW_SESSIONS;

import java.time.Duration;
import java.util.List;

/** The keys of {@code [ppp]} that are about what lines may do. */
final class LineDefaultsKeys {
    private static final String GARDEN = "garden:";

    private static final Key<IdleTraffic> IDLE = Key.of("idle-counts", ValueTypes.constant(IdleTraffic.class),
            "\"both\"", NEW_SESSIONS,
            "whose packets keep a session from being idle: both | in (from the subscriber) | out (to it)");
    private static final Key<MissingFilter> MISSING_FILTER = Key.of("missing-filter",
            ValueTypes.constant(MissingFilter.class), "\"ignore\"", NEW_SESSIONS,
            "a filter is to be used that no [[filter]] defines: ignore (the session runs without it, logged) | refuse");

    private static final Key<LineRate> RATE_DOWN = Key.optional("rate-down", ValueTypes.lineRate(), "\"90%\"",
            NEW_SESSIONS,
            "limit towards each subscriber where authentication says nothing: a rate, or a part of the speed that the LAC tells of the line");
    private static final Key<LineRate> RATE_UP = Key.optional("rate-up", ValueTypes.lineRate(), "\"90%\"", NEW_SESSIONS,
            "limit from each subscriber where authentication says nothing");

    private static final Key<Duration> BURST_DOWN = Key.of("burst-down",
            ValueTypes.duration(Duration.ofMillis(1), Duration.ofSeconds(1)), "\"5ms\"", NEW_SESSIONS,
            "after a silence so much of the rate goes to the subscriber at once; RADIUS may say a burst in bytes");
    private static final Key<Duration> BURST_UP = Key.of("burst-up",
            ValueTypes.duration(Duration.ofMillis(5), Duration.ofSeconds(2)), "\"50ms\"", NEW_SESSIONS,
            "after a silence so much of the rate may come from the subscriber at once");

    private static final Key<String> ON_REJECT = Key.optional("garden-on-reject", ValueTypes.name(), "\"unpaid\"",
            NEW_SESSIONS,
            "the [[garden]] for subscribers whom authentication refuses, PAP and CHAP; absent: they are hung up");

    private static final Key<VolumeAction> ON_VOLUME_LIMIT = Key.of("on-volume-limit", volumeAction(), "\"disconnect\"",
            NEW_SESSIONS,
            "when a session's volume is used up: disconnect | garden:NAME | a rate, both ways from then on");

    static final List<Key<?>> KEYS = List.of(IDLE, MISSING_FILTER, RATE_DOWN, RATE_UP, BURST_DOWN, BURST_UP, ON_REJECT,
            ON_VOLUME_LIMIT);

    private LineDefaultsKeys() {}

    static LineDefaults read(TableReader in, CrossChecks checks) {
        in.optional(ON_REJECT).ifPresent(name -> checks.gardenUsed(new Located<>(name, in.placeOf(ON_REJECT))));
        if (in.get(ON_VOLUME_LIMIT) instanceof VolumeAction.Garden(String name)) {
            checks.gardenUsed(new Located<>(name, in.placeOf(ON_VOLUME_LIMIT)));
        }
        return new LineDefaults(in.get(IDLE), in.get(MISSING_FILTER), in.optional(RATE_DOWN), in.optional(RATE_UP),
                in.get(BURST_DOWN), in.get(BURST_UP), in.optional(ON_REJECT), in.get(ON_VOLUME_LIMIT));
    }

    private static ValueType<VolumeAction> volumeAction() {
        return ValueTypes.text(text -> {
            if (text.equals("disconnect")) {
                return new VolumeAction.Disconnect();
            }
            if (text.startsWith(GARDEN)) {
                return new VolumeAction.Garden(text.substring(GARDEN.length()));
            }
            return new VolumeAction.Slow(Rates.parse(text).orElseThrow(() -> new BadValue(Literals.quote(text)
                    + " is no action, disconnect, garden:NAME or a rate such as \"1Mbit/s\" expected")));
        }, new VolumeAction.Disconnect(), "\"disconnect\", \"garden:NAME\" or a rate");
    }
}

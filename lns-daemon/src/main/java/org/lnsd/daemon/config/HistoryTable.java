package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.RESTART;

import java.time.Duration;
import java.util.List;

/** {@code [history]}. */
final class HistoryTable {

    private static final Key<Integer> EVENTS = Key.of("events-per-session", ValueTypes.integer(0, 10_000), "48",
            RESTART,
            "events kept of each session; 0: none");
    private static final Key<Integer> ENDED = Key.of("ended-sessions", ValueTypes.integer(0, 1_000_000), "1000",
            RESTART,
            "sessions whose history is kept after their end");
    private static final Key<Duration> KEEP = Key.of("keep", ValueTypes.duration(Duration.ZERO, Duration.ofDays(30)),
            "\"24h\"", RESTART,
            "how long it is kept");

    static final TableSchema SCHEMA = new TableSchema("history", false, false,
            "The flight recorder behind `lnsctl show history`.",
            List.of(EVENTS, ENDED, KEEP));

    private HistoryTable() {}

    static HistoryConfig read(TableReader in) { return new HistoryConfig(in.get(EVENTS), in.get(ENDED), in.get(KEEP)); }
}

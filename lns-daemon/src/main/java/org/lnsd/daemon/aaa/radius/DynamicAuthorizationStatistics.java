package org.lnsd.daemon.aaa.radius;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What became of the Disconnect- and CoA-Requests that came. From any thread. */
public final class DynamicAuthorizationStatistics {
    /** One counter. */
    public enum Counter {
        /** Answered with an ACK. */
        ACKNOWLEDGED,
        /** Answered with a NAK. */
        REFUSED,
        /** From an address that may not ask. */
        FOREIGN_SOURCE,
        /** No RADIUS packet, or one of another kind. */
        MALFORMED,
        /** Wrong authenticator: another secret, or forged. */
        BAD_AUTHENTICATOR,
        /** Wrong Message-Authenticator, or none where one is required. */
        BAD_MESSAGE_AUTHENTICATOR,
        /** Event-Timestamp outside of the window. */
        STALE,
        /** Seen before. */
        REPLAYED
    }

    private final Map<Counter, AtomicLong> counts = new EnumMap<>(Counter.class);

    DynamicAuthorizationStatistics() {
        for (Counter counter : Counter.values()) {
            counts.put(counter, new AtomicLong());
        }
    }

    void count(Counter counter) { counts.computeIfAbsent(counter, _ -> new AtomicLong()).incrementAndGet(); }

    /** How many there were. */
    public long get(Counter counter) {
        return counts.getOrDefault(counter, new AtomicLong()).get();
    }
}

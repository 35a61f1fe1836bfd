package org.lnsd.daemon.aaa.radius;

import java.util.EnumMap;
import java.util.Map;

import org.lnsd.radius.client.ClientEvent.DropReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of dropped answers: each reason at most once in ten seconds, with how many there were. */
final class DropLog {
    private static final Logger LOG = LoggerFactory.getLogger(DropLog.class);
    private static final long INTERVAL_NS = 10_000_000_000L;

    private final String kind;
    private final Map<DropReason, long[]> countAndToldNs = new EnumMap<>(DropReason.class);

    DropLog(String kind) { this.kind = kind; }

    void tell(String server, DropReason reason) {
        long nowNs = System.nanoTime();
        long[] state = countAndToldNs.computeIfAbsent(reason, _ -> new long[]{0, nowNs - INTERVAL_NS});
        state[0]++;
        if (nowNs - state[1] >= INTERVAL_NS) {
            LOG.warn("radius-answer-dropped kind={} server={} cause={} count={}", kind, server, reason, state[0]);
            state[0] = 0;
            state[1] = nowNs;
        }
    }
}

package org.lnsd.daemon.log;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.slf4j.Logger;

/**
 * Folds repeated faults of peers: the first of a kind from one peer is written at once, the next ones within the interval are only
 * counted, and the count is written with the first after it. Any thread.
 */
public final class RateLimitedLog {

    private static final int MAXIMUM_KINDS = 1024;
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private final LongSupplier clockNs;
    private final Map<String, Fold> folds = new LinkedHashMap<>(64, 0.75f, true);

    /** How often a kind was not written since it last was. */
    private static final class Fold {
        private long writtenNs;
        private long suppressed;
    }

    /**
     * A folding front of the log.
     *
     * @param clockNs a monotonic clock
     */
    public RateLimitedLog(Logger log, LongSupplier clockNs) {
        this.log = log;
        this.clockNs = clockNs;
    }

    /**
     * Writes {@code event key=value...} as a warning, or counts it.
     *
     * @param source who caused it, for instance the peer's address; same event and source are one kind
     */
    public void warn(String event, String source, String details) {
        long repeated = admit(event + ' ' + source);
        if (repeated >= 0 && log.isWarnEnabled()) {
            log.warn("{} {}{}", event, details, repeated == 0 ? "" : " repeated=" + repeated);
        }
    }

    /** -1: do not write; else how many were folded into this one. */
    private synchronized long admit(String kind) {
        long nowNs = clockNs.getAsLong();
        Fold fold = folds.get(kind);
        if (fold == null) {
            evict();
            fold = new Fold();
            fold.writtenNs = nowNs;
            folds.put(kind, fold);
            return 0;
        }
        if (nowNs - fold.writtenNs < INTERVAL_NS) {
            fold.suppressed++;
            return -1;
        }
        long repeated = fold.suppressed;
        fold.suppressed = 0;
        fold.writtenNs = nowNs;
        return repeated;
    }

    private void evict() {
        if (folds.size() >= MAXIMUM_KINDS) {
            Iterator<String> leastRecent = folds.keySet().iterator();
            leastRecent.next();
            leastRecent.remove();
        }
    }
}

package org.lnsd.daemon.forwarding;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts defects that reach the boundary of a loop, and logs one a second at most. Used by one thread. */
final class Defects implements Consumer<RuntimeException> {
    private static final Logger LOG = LoggerFactory.getLogger(Defects.class);
    private static final long QUIET_NS = 1_000_000_000L;

    private final LoopCounters counters;
    private long loggedNs = System.nanoTime() - QUIET_NS;

    Defects(LoopCounters counters) { this.counters = counters; }

    @Override
    public void accept(RuntimeException defect) {
        counters.drop(DropReason.DEFECT);
        long nowNs = System.nanoTime();
        if (nowNs - loggedNs >= QUIET_NS) {
            loggedNs = nowNs;
            LOG.error("internal-error class=bug part=forwarding", defect);
        }
    }

    /** Returns the action as one whose defects come here. */
    Runnable around(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (RuntimeException defect) {
                accept(defect);
            }
        };
    }
}

package org.lnsd.daemon.aaa;

/** Reads the present counters of a session. */
@FunctionalInterface
public interface UsageSupplier {
    /** The session's counters now. */
    SessionUsage read();
}

package org.lnsd.daemon.config;

/** Whose packets keep a session from being idle. */
public enum IdleTraffic {
    /** Those of either side. */
    BOTH,
    /** Those from the subscriber. */
    IN,
    /** Those to the subscriber. */
    OUT
}

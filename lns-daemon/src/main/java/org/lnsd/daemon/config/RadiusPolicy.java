package org.lnsd.daemon.config;

/** What {@code radius.policy} may be. */
public enum RadiusPolicy {
    /** The first server that lives. */
    ORDERED,
    /** Each living server in turn, by weight. */
    ROUND_ROBIN,
    /** The living server with the fewest outstanding requests for its weight. */
    LEAST_LOADED
}

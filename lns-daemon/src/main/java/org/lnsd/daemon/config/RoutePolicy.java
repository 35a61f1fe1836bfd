package org.lnsd.daemon.config;

/** What {@code tun.routes} may be. */
public enum RoutePolicy {
    /** One route for each pool; a session adds only what is outside of the pools. */
    POOL,
    /** One route for each address and prefix of a session. */
    HOST
}

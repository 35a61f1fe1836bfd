package org.lnsd.daemon.pool;

/** What a pool hands out. */
public enum Family {
    /** Single IPv4 addresses. */
    IPV4,
    /** A /64 for a link. */
    IPV6_PREFIX,
    /** A prefix for the subscriber's own network. */
    IPV6_DELEGATED
}

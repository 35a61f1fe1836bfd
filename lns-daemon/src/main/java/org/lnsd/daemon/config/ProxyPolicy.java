package org.lnsd.daemon.config;

/** What {@code ppp.proxy} may be: the LAC's proxied LCP and authentication. */
public enum ProxyPolicy {
    /** Taken over where it fits. */
    ACCEPT,
    /** LCP and authentication start anew. */
    RENEGOTIATE
}

package org.lnsd.daemon.config;

/** What {@code l2tp.hidden-avps} may be. */
public enum HiddenAvps {
    /** Hidden AVPs are understood, none is sent. */
    ACCEPT,
    /** AVPs that may be hidden are sent hidden where a secret is set. */
    SEND
}

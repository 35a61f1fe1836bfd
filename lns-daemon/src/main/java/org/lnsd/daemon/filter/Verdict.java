package org.lnsd.daemon.filter;

/** What a list says of a packet. */
public enum Verdict {
    /** It goes on. */
    PERMIT,
    /** It is dropped. */
    DENY,
    /** It is dropped and its sender is told. */
    REJECT
}

package org.lnsd.daemon.aaa;

/**
 * A limit on a direction of a session.
 *
 * @param bps bits of IP packets a second, 0: none
 * @param burstBytes bytes that may go at once, 0: the implementation chooses
 */
public record RateLimit(long bps, long burstBytes) {
    /** No limit any more, in a change. */
    public static final RateLimit NONE = new RateLimit(0, 0);
}

package org.lnsd.daemon.aaa;

/**
 * A limit on a direction of a session.
 *
 * @param bps bits of IP packets a second, 0: none, or a part of the line's speed
 * @param burstBytes bytes that may go at once, 0: the implementation chooses
 * @param percent of the speed that the LAC tells of the line, 0: {@code bps} counts
 */
public record RateLimit(long bps, long burstBytes, int percent) {
    /** No limit any more, in a change. */
    public static final RateLimit NONE = new RateLimit(0, 0);

    /** A limit in bits a second. */
    public RateLimit(long bps, long burstBytes) { this(bps, burstBytes, 0); }

    /** A part of the line's speed. */
    public static RateLimit ofPercent(int percent) {
        return new RateLimit(0, 0, percent);
    }
}

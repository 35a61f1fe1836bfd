package org.lnsd.ppp.link;

/**
 * How often an open protocol of a link may begin anew. Each time costs a whole negotiation, after LCP a question to the
 * authentication servers too, so a peer that never comes to rest is not served for ever.
 */
final class RenegotiationLimit {
    /** Allowed at once: peers begin anew in bursts when their own side is set up again. */
    static final int BURST = 100;
    /** One more is allowed after so long. */
    static final long REFILL_NS = 5_000_000_000L;

    private int used;
    private long refillNs;

    /** Counts one; returns false when there were too many. */
    boolean admits(long nowNs) {
        while (used > 0 && nowNs >= refillNs) {
            used--;
            refillNs += REFILL_NS;
        }
        if (used == 0) {
            refillNs = nowNs + REFILL_NS;
        }
        used++;
        return used <= BURST;
    }
}

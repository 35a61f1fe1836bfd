package org.lnsd.daemon.shaping;

/** Lets pass what keeps to a rate (a token bucket). Used by one thread; two at once make it no worse than inexact. */
public final class Policer {
    /** What may come at once where nothing else is said: TCP needs some to reach the rate. */
    private static final long BURST_NS = 100_000_000L;

    private final Rate rate;
    private final long burstNs;
    private long freeAtNs;

    /** A policer that has been idle until now. */
    public Policer(Rate rate, long nowNs) {
        this.rate = rate;
        this.burstNs = rate.burstNs(BURST_NS);
        this.freeAtNs = nowNs - burstNs;
    }

    /** The rate that it keeps. */
    public Rate rate() { return rate; }

    /** Whether a packet may pass now. */
    public boolean admits(int bytes, long nowNs) {
        if (freeAtNs - nowNs > 0) {
            return false;
        }
        freeAtNs = Math.max(freeAtNs, nowNs - burstNs) + rate.durationNs(bytes);
        return true;
    }
}

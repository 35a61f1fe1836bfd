package org.lnsd.daemon.shaping;

/**
 * Lets pass what keeps to a rate (a token bucket). Used by one thread; two at once make it no worse than inexact.
 *
 * <p>Where no burst is given, 50 ms go at once after a silence. A silence that follows a drop is made up for whole: TCP on a short way
 * answers the loss of a window with some retransmission timeouts (RFC 6298), and would else never reach the rate.
 */
public final class Policer {
    private static final long BURST_NS = 50_000_000L;
    private static final long PAUSE_NS = 1_000_000_000L;
    private static final long PAUSE_BYTES = 4 << 20;

    private final Rate rate;
    private final long burstNs;
    private final long pauseNs;
    private long freeAtNs;
    private boolean pausing;

    /** A policer that has been idle until now. */
    public Policer(Rate rate, long nowNs) {
        this.rate = rate;
        this.burstNs = rate.burstNs(BURST_NS);
        this.pauseNs = rate.burstBytes() > 0
                ? burstNs
                : Math.max(burstNs, Math.min(PAUSE_NS, rate.durationNs(PAUSE_BYTES)));
        this.freeAtNs = nowNs - burstNs;
    }

    /** The rate that it keeps. */
    public Rate rate() { return rate; }

    /** How long a silence is made up for. */
    public long burstNs() { return burstNs; }

    /** How long it could have been busy and was not; negative: it is busy. */
    public long unusedNs(long nowNs) {
        return nowNs - freeAtNs;
    }

    /** Takes back what was charged by {@link #admits}: the packet goes no further. */
    public void refund(int bytes) {
        freeAtNs -= rate.durationNs(bytes);
    }

    /** Something was refused for its sake: a silence that follows is made up for. */
    public void pause() {
        pausing = true;
    }

    /** Whether a packet may pass now. */
    public boolean admits(int bytes, long nowNs) {
        long unusedNs = nowNs - freeAtNs;
        if (unusedNs < 0) {
            pausing = true;
            return false;
        }
        if (unusedNs > burstNs && !(pausing && unusedNs <= pauseNs)) {
            freeAtNs = nowNs - burstNs;
            pausing = false;
        }
        freeAtNs += rate.durationNs(bytes);
        return true;
    }
}

package org.lnsd.daemon.loop;

/** Says how often something may happen: so many a second, with a burst. */
public final class TokenBucket {

    private static final long SECOND_NS = 1_000_000_000L;

    private final long intervalNs;
    private final long burstNs;
    private long fullAtNs;

    /**
     * @param perSecond the lasting rate, at least 1
     * @param burst     how many may come at once, at least 1
     * @param nowNs     the clock at the start; the bucket is full then
     */
    public TokenBucket(int perSecond, int burst, long nowNs) {
        this.intervalNs = SECOND_NS / perSecond;
        this.burstNs = intervalNs * burst;
        this.fullAtNs = nowNs;
    }

    /**
     * Takes a token if there is one.
     *
     * @param nowNs the clock
     * @return whether the thing may happen
     */
    public boolean take(long nowNs) {
        long startNs = Math.max(fullAtNs, nowNs);
        if (startNs + intervalNs - nowNs > burstNs) {
            return false;
        }
        fullAtNs = startNs + intervalNs;
        return true;
    }
}

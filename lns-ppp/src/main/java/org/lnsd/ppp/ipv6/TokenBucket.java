package org.lnsd.ppp.ipv6;

/** Bounds how often a peer is answered: a burst, then a steady rate. */
final class TokenBucket {
    private final long intervalNs;
    private final int burst;
    private int tokens;
    private long refilledNs;

    TokenBucket(int perSecond, int burst) {
        this.intervalNs = 1_000_000_000L / perSecond;
        this.burst = burst;
        this.tokens = burst;
    }

    boolean take(long nowNs) {
        if (tokens == burst) {
            refilledNs = nowNs;
        }
        long earned = (nowNs - refilledNs) / intervalNs;
        if (earned > 0) {
            tokens = (int) Math.min(burst, tokens + earned);
            refilledNs += earned * intervalNs;
        }
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }
}

package org.lnsd.ppp.link;

/**
 * Dead-peer detection by Echo-Requests (RFC 1661 section 5.8) that keeps quiet while anything comes from the peer.
 */
final class KeepAlive {
    private final LinkSettings settings;
    private long deadlineNs = Long.MAX_VALUE;
    private long heardNs;
    private int unanswered;

    KeepAlive(LinkSettings settings) { this.settings = settings; }

    /** Says what is due. */
    enum Due {
        NOTHING, ECHO, DEAD
    }

    /** The first echo comes after part of an interval, so that links that came up together do not echo together. */
    void start(long nowNs, double fraction) {
        unanswered = 0;
        long delayNs = (long) (settings.echoIntervalNs() * (0.5 + fraction / 2));
        heardNs = nowNs + delayNs - settings.echoIntervalNs();
        deadlineNs = settings.echoIntervalNs() == 0 ? Long.MAX_VALUE : nowNs + delayNs;
    }

    void stop() { deadlineNs = Long.MAX_VALUE; }

    /** Anything came from the peer. */
    void heard(long nowNs) {
        heardNs = nowNs;
        unanswered = 0;
    }

    Due onTimeout(long nowNs) {
        if (nowNs < deadlineNs) {
            return Due.NOTHING;
        }
        long quietUntilNs = heardNs + settings.echoIntervalNs();
        if (unanswered == 0 && quietUntilNs > nowNs) {
            deadlineNs = quietUntilNs;
            return Due.NOTHING;
        }
        if (unanswered >= settings.echoFailures()) {
            stop();
            return Due.DEAD;
        }
        unanswered++;
        deadlineNs = nowNs + settings.echoIntervalNs();
        return Due.ECHO;
    }

    long deadlineNs() { return deadlineNs; }
}

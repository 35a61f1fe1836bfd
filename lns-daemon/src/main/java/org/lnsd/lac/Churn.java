package org.lnsd.lac;

import java.util.List;
import java.util.random.RandomGenerator;
import org.lnsd.daemon.loop.Timed;

/** Hangs up subscribers chosen by lot, so many a second; the emulator calls each again once it is closed. */
final class Churn extends Timed {

    private static final long SECOND_NS = 1_000_000_000L;

    private final int perSecond;
    private final List<Subscriber> subscribers;
    private final RandomGenerator random;
    private long nextNs = Long.MAX_VALUE;

    Churn(int perSecond, List<Subscriber> subscribers, RandomGenerator random) {
        this.perSecond = perSecond;
        this.subscribers = subscribers;
        this.random = random;
    }

    void start(long nowNs) {
        if (perSecond > 0 && !subscribers.isEmpty()) {
            nextNs = nowNs + SECOND_NS / perSecond;
        }
    }

    void stop() { nextNs = Long.MAX_VALUE; }

    @Override
    public long nextDeadlineNs() { return nextNs; }

    @Override
    public void onDeadline(long nowNs) {
        Subscriber chosen = subscribers.get(random.nextInt(subscribers.size()));
        if (chosen.state() == Subscriber.State.OPEN) {
            chosen.close("churn", nowNs);
        }
        nextNs += SECOND_NS / perSecond;
    }
}

package org.lnsd.lac;

import java.util.ArrayDeque;
import java.util.Queue;
import org.lnsd.daemon.loop.Timed;

/** Who is called next and when: at most so many under way at once, at most so many a second. */
final class SetupQueue extends Timed {

    private static final long SECOND_NS = 1_000_000_000L;

    private final Queue<Subscriber> waiting = new ArrayDeque<>();
    private final int inFlightLimit;
    private final long intervalNs;
    private final Caller caller;
    private int inFlight;
    private long nextCallNs = Long.MIN_VALUE;
    private boolean running;

    /** Places the call of a subscriber. */
    @FunctionalInterface
    interface Caller {
        /** Returns whether the call is under way. */
        boolean call(Subscriber subscriber, long nowNs);
    }

    /**
     * A queue without anybody in it.
     *
     * @param ratePerSecond 0 for no limit
     */
    SetupQueue(int inFlightLimit, int ratePerSecond, Caller caller) {
        this.inFlightLimit = inFlightLimit;
        this.intervalNs = ratePerSecond == 0 ? 0 : SECOND_NS / ratePerSecond;
        this.caller = caller;
    }

    void add(Subscriber subscriber) { waiting.add(subscriber); }

    void clear() { waiting.clear(); }

    boolean settled() { return waiting.isEmpty() && inFlight == 0; }

    int inFlight() { return inFlight; }

    /** A set-up that {@link Caller#call} began has succeeded or failed. */
    void finished() { inFlight--; }

    /** Calls as many as may be called now. */
    void run(long nowNs) {
        if (running) {
            return; // a call that failed at once came back here; the loop below goes on
        }
        running = true;
        try {
            while (!waiting.isEmpty() && inFlight < inFlightLimit && nextCallNs <= nowNs) {
                // behind time calls are caught up with, by a tenth of a second at most
                nextCallNs = intervalNs == 0 ? nowNs : Math.max(nextCallNs, nowNs - SECOND_NS / 10) + intervalNs;
                inFlight++;
                if (!caller.call(waiting.remove(), nowNs)) {
                    inFlight--;
                }
            }
        } finally {
            running = false;
        }
    }

    @Override
    public long nextDeadlineNs() {
        return waiting.isEmpty() || inFlight >= inFlightLimit ? Long.MAX_VALUE : nextCallNs;
    }

    @Override
    public void onDeadline(long nowNs) { run(nowNs); }
}

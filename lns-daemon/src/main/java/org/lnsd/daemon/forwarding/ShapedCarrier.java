package org.lnsd.daemon.forwarding;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.shaping.Rate;

/**
 * A rate that many lines share: lines whose packets wait take turns (deficit round robin). Any thread; whoever is told so by {@link #add} serves it until
 * {@link #disarm}.
 */
final class ShapedCarrier extends Waiting {
    private static final int QUANTUM_BYTES = 1514;
    private static final long BURST_NS = 5_000_000L;
    private static final long CATCH_UP_NS = 100_000_000L;

    private Rate rate;
    private long freeAtNs;
    private boolean armed;
    private int waiting;
    private @Nullable ShapedLine first;
    private @Nullable ShapedLine last;

    ShapedCarrier(Rate rate, long nowNs) {
        this.rate = rate;
        freeAtNs = nowNs - BURST_NS;
    }

    synchronized void rate(Rate next) { rate = next; }

    /** What each line would have if no other began to wait. */
    synchronized Rate share() {
        return new Rate(Math.max(1, rate.bps() / Math.max(1, waiting)), 0);
    }

    /** Whether so many bytes may go now, past no other line; they are charged then. */
    synchronized boolean admits(long bytes, long nowNs) {
        long startNs = Math.max(freeAtNs, nowNs - BURST_NS);
        long endNs = startNs + rate.durationNs(bytes);
        if (waiting > 0 || endNs - nowNs > 0) {
            return false;
        }
        freeAtNs = endNs;
        return true;
    }

    /** Charges bytes that go. */
    synchronized void charge(long bytes, long nowNs) {
        freeAtNs = Math.max(freeAtNs, nowNs - CATCH_UP_NS) + rate.durationNs(bytes);
    }

    /** A line begins to wait, the last of all; true: the caller is to serve the carrier. */
    synchronized boolean add(ShapedLine line, long nowNs) {
        if (waiting == 0) {
            freeAtNs = Math.max(freeAtNs, nowNs - BURST_NS);
        }
        line.deficitBytes = QUANTUM_BYTES;
        append(line);
        waiting++;
        boolean mine = !armed;
        armed = true;
        return mine;
    }

    private void append(ShapedLine line) {
        line.nextOfCarrier = null;
        if (last == null) {
            first = line;
        } else {
            last.nextOfCarrier = line;
        }
        last = line;
    }

    /** The line whose turn it is, or null: none waits or the rate is used up. */
    @Nullable
    synchronized ShapedLine turn(long nowNs) { return freeAtNs - nowNs > 0 ? null : first; }

    /** The first line has nothing that may go now: it waits no more. */
    synchronized void leave() {
        takeFirst();
        waiting--;
    }

    /** The first line has sent so much, which may have been the end of its turn. */
    synchronized void sent(int bytes, long nowNs) {
        freeAtNs = Math.max(freeAtNs, nowNs - CATCH_UP_NS) + rate.durationNs(bytes);
        ShapedLine line = first;
        if (line != null) {
            line.deficitBytes -= bytes;
            if (line.deficitBytes <= 0) {
                line.deficitBytes += QUANTUM_BYTES;
                takeFirst();
                append(line);
            }
        }
    }

    private void takeFirst() {
        ShapedLine line = first;
        if (line != null) {
            first = line.nextOfCarrier;
            line.nextOfCarrier = null;
            last = first == null ? null : last;
        }
    }

    /** The server goes; false: a line waits, it must stay. */
    synchronized boolean disarm() {
        armed = waiting > 0;
        return !armed;
    }

    @Override
    synchronized long dueNs() { return freeAtNs; }

    @Override
    synchronized long slackNs() { return Math.min(LONGEST_SHARED_SLACK_NS, rate.slackNs()); }
}

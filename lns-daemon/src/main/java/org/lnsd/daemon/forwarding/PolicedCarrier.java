package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.shaping.Policer;
import org.lnsd.daemon.shaping.Rate;

/**
 * A rate that many lines share for what comes from their subscribers. Nothing waits: while the lines want more than there is, each is kept to a fair rate, which is
 * found anew from what they sent (max-min fair: lines that want less have what they want, the others the same each). Any thread.
 */
final class PolicedCarrier {
    static final long BURST_NS = 50_000_000L;
    private static final long WINDOW_NS = 50_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SMOOTHING = 4;
    private static final int PASSES = 16;
    private static final double SILENT_BPS = 100;
    // The rest goes to whoever comes first. So the shares, not chance, are what lines run into.
    private static final double SHARED = 0.97;
    private static final long SMALLEST_BURST_BYTES = 6_000;
    private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

    private final List<PolicedLine> lines = new ArrayList<>();
    private Policer total;
    private double fairBps = NO_LIMIT;
    private long burstNs = BURST_NS;
    private long windowNs;

    PolicedCarrier(Rate rate, long nowNs) {
        total = new Policer(rate, nowNs);
        windowNs = nowNs;
    }

    synchronized void rate(Rate next, long nowNs) {
        if (!next.equals(total.rate())) {
            total = new Policer(next, nowNs);
        }
    }

    /** Whether a packet of the line may pass now. */
    synchronized boolean admits(PolicedLine line, int bytes, long nowNs) {
        if (nowNs - windowNs >= WINDOW_NS) {
            assess(nowNs);
        }
        if (!line.listed) {
            line.listed = true;
            lines.add(line);
        }
        line.offeredBytes += bytes;
        long startNs = Math.max(line.freeAtNs, nowNs - burstNs);
        // Beyond its share a line may take what nobody else wants: the rest is half unused then.
        if (startNs - nowNs > 0 && total.unusedNs(nowNs) < total.burstNs() / 2) {
            total.pause();
            return false;
        }
        if (!total.admits(bytes, nowNs)) {
            return false;
        }
        line.freeAtNs = Math.min(startNs + (long) (bytes * 8L * SECOND_NS / fairBps), nowNs + burstNs);
        return true;
    }

    private void assess(long nowNs) {
        long elapsedNs = nowNs - windowNs;
        windowNs = nowNs;
        boolean anew = elapsedNs > SMOOTHING * 2 * WINDOW_NS;
        for (int i = lines.size() - 1; i >= 0; i--) {
            PolicedLine line = lines.get(i);
            double offeredBps = line.offeredBytes * 8.0 * SECOND_NS / elapsedNs;
            line.demandBps = anew ? offeredBps : line.demandBps + (offeredBps - line.demandBps) / SMOOTHING;
            line.offeredBytes = 0;
            if (line.demandBps < SILENT_BPS) {
                line.listed = false;
                line.demandBps = 0;
                lines.set(i, lines.getLast());
                lines.removeLast();
            }
        }
        fairBps = fairBps(total.rate().bps() * SHARED);
        burstNs = Math.max(BURST_NS, (long) (SMALLEST_BURST_BYTES * 8 * SECOND_NS / fairBps));
    }

    // Raised until lines that want less leave nothing more to the others.
    private double fairBps(double rateBps) {
        double fair = rateBps / Math.max(1, lines.size());
        for (int pass = 0; pass < PASSES; pass++) {
            double left = rateBps;
            int wanting = 0;
            for (PolicedLine line : lines) {
                if (line.demandBps <= fair) {
                    left -= line.demandBps;
                } else {
                    wanting++;
                }
            }
            if (wanting == 0) {
                return NO_LIMIT;
            }
            double next = left / wanting;
            if (next <= fair * 1.001) {
                return next;
            }
            fair = next;
        }
        return fair;
    }
}

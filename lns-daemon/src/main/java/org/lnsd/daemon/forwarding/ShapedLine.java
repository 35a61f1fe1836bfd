package org.lnsd.daemon.forwarding;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.shaping.Shaper;

/** A row's queue. */
final class ShapedLine extends Waiting {
    final int row;
    final Shaper shaper;
    /** What it shares with other lines. */
    volatile @Nullable ShapedCarrier carrier;
    /** Who serves it, or served it last. */
    volatile @Nullable ShapedSender server;
    // Of the carrier: the next of its lines, and what this one may still send in its turn.
    @Nullable
    ShapedLine nextOfCarrier;
    int deficitBytes;

    ShapedLine(int row, Shaper shaper) {
        this.row = row;
        this.shaper = shaper;
    }

    @Override
    long dueNs() { return shaper.dueNs(); }

    @Override
    long slackNs() {
        long slackNs = shaper.rate().slackNs();
        return carrier == null ? slackNs : Math.min(LONGEST_SHARED_SLACK_NS, slackNs);
    }
}

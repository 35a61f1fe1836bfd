package org.lnsd.daemon.forwarding;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.shaping.Shaper;

/** A row's queue, and its place in the wheel of the loop that serves it. */
final class ShapedLine {
    final int row;
    final Shaper shaper;
    // Of the serving loop alone.
    @Nullable
    ShapedLine nextInWheel;

    ShapedLine(int row, Shaper shaper) {
        this.row = row;
        this.shaper = shaper;
    }
}

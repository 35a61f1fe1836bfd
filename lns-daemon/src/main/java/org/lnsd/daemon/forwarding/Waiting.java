package org.lnsd.daemon.forwarding;

import org.jspecify.annotations.Nullable;

/** Something with a time when it may go on, and its place in the wheel of the loop that serves it. */
abstract sealed class Waiting permits ShapedLine, ShapedCarrier {
    /** Where lines share something, what waits may wait twice, and no flow passes it. */
    static final long LONGEST_SHARED_SLACK_NS = 3_000_000;

    // Of the serving loop alone.
    @Nullable
    Waiting nextInWheel;

    /** When it may go on. */
    abstract long dueNs();

    /** How much later it may go on as well, to go on with more at once. */
    abstract long slackNs();
}

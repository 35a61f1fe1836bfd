package org.lnsd.daemon.loop;

/**
 * Something with at most one deadline at a time. The two package-private fields are its place in the
 * {@link DeadlineTable}, kept here so that arming allocates nothing.
 */
public abstract class Timed {

    static final int ABSENT = -1;

    int heapIndex = ABSENT;
    long armedNs = Long.MAX_VALUE;

    /** For subclasses. */
    protected Timed() {}

    /** Returns when {@link #onDeadline} wants to be called, {@link Long#MAX_VALUE} for never. */
    public abstract long nextDeadlineNs();

    /** Does what is due; {@code nowNs} is the loop's clock, not before the deadline. */
    public abstract void onDeadline(long nowNs);
}

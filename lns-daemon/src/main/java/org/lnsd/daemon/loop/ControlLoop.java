package org.lnsd.daemon.loop;

import java.util.concurrent.Executor;

/**
 * The single thread that owns tunnels and sessions. Everything that it owns may only be touched from tasks that it runs
 * or from the callbacks that the forwarding makes on it.
 */
public interface ControlLoop extends Executor {

    /** Returns the loop's monotonic clock, in nanoseconds; only differences mean anything. */
    long nowNs();

    /** Returns whether the caller runs on this loop. */
    boolean inLoop();

    /**
     * Arms the loop's one wake-up. A later call replaces an earlier one.
     *
     * @param deadlineNs on the clock of {@link #nowNs()}; {@link Long#MAX_VALUE} disarms
     */
    void wakeAt(long deadlineNs);

    /** Sets what {@link #wakeAt(long)} runs; called once before the first arming. */
    void onWakeUp(Runnable wakeUp);
}

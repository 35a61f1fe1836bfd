package org.lnsd.daemon.loop;

/**
 * A machine's owner, and the boundary of its defects: what one peer's input breaks ends this one, the others on the loop live on.
 */
public abstract class Guarded extends Timed {

    private boolean busy;

    /** For subclasses. */
    protected Guarded() {}

    /** Gives the machine its input, then takes what it has to say. An input from inside of another one is part of that. */
    protected final void guarded(long nowNs, Runnable input) {
        if (busy) {
            input.run();
            return;
        }
        busy = true;
        try {
            input.run();
            drain(nowNs);
        } catch (RuntimeException defect) {
            onDefect(defect, nowNs);
        } finally {
            busy = false;
        }
        rearm();
    }

    /** Sends what the machine wants sent and handles its events. */
    protected abstract void drain(long nowNs);

    /** Counts and tells the defect, and ends this. */
    protected abstract void onDefect(RuntimeException defect, long nowNs);

    /** Tells the deadlines when this is due now, if it has not ended. */
    protected abstract void rearm();
}

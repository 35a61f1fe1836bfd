package org.lnsd.daemon.forwarding;

/**
 * Lets packets gather while many come one by one, as a network card moderates its interrupts: what a wake-up, a system call and a way through
 * the kernel's stack cost is then shared by several. Nothing waits while fewer than {@link #BUSY} packets (or trains) come in a window of
 * about a millisecond, nor behind a pause that brought no two. One instance a loop, used by it.
 */
final class Moderation {
    /** Packets or trains in a window of 2^20 ns from which on packets gather. */
    static final int BUSY = 24;
    /** From one look at the descriptors to the next while packets gather; the kernel's timers may take half as long again. */
    static final long PAUSE_NS = 100_000;

    private static final int WINDOW_SHIFT = 20;
    private static final int WORTH_A_PAUSE = 2;

    private long window;
    private int taken;
    private boolean busy;
    private int takenNow;
    private int enough;
    private boolean left;

    /** The loop was woken: one packet is enough to wait for more. */
    void beginWoken() {
        beginLook();
        enough = 1;
    }

    /** Another look, after a pause. */
    void beginLook() {
        takenNow = 0;
        left = false;
        enough = WORTH_A_PAUSE;
    }

    /** Notes how much was taken at once, and whether that was all there was. */
    void took(int messages, boolean all, long nowNs) {
        long present = nowNs >>> WINDOW_SHIFT;
        if (present != window) {
            busy = present == window + 1 && taken >= BUSY;
            window = present;
            taken = 0;
        }
        taken += messages;
        takenNow += messages;
        left |= !all;
    }

    /** Whether to pause and look again, rather than to be woken by the next packet. */
    boolean gathers() {
        return (busy || taken >= BUSY) && takenNow >= enough && !left;
    }
}

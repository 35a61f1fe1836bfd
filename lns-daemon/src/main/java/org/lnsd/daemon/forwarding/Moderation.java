package org.lnsd.daemon.forwarding;

/**
 * Lets packets gather while many come one by one, as a network card moderates its interrupts: what a wake-up, a system call and a way through
 * the kernel's stack cost is then shared by several. Nothing waits while fewer than {@link #BUSY} packets (or trains) come in a window of
 * about a millisecond, and no packet longer than {@link #PAUSE_NS}. One instance a descriptor, used by its loop.
 */
final class Moderation {
    /** Packets or trains in a window of 2^20 ns from which on packets gather. */
    static final int BUSY = 24;
    /** From one look at the descriptor to the next while packets gather. */
    static final long PAUSE_NS = 50_000;
    /** A shorter pause costs more than it brings. */
    static final long SHORTEST_NS = 15_000;

    private static final int WINDOW_SHIFT = 20;

    private long window;
    private int taken;
    private boolean busy;
    private boolean gathers;
    private long lastNs;

    /** Called when the descriptor is readable: how long to leave it so, 0 as a rule. */
    long pauseNs(long nowNs) {
        long leftNs = PAUSE_NS - (nowNs - lastNs);
        return gathers && leftNs >= SHORTEST_NS ? leftNs : 0;
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
        gathers = (busy || taken >= BUSY) && all;
        lastNs = nowNs;
    }
}

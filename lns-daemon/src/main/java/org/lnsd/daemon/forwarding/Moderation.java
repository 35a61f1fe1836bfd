package org.lnsd.daemon.forwarding;

/**
 * Lets packets gather while many come one by one, as a network card moderates its interrupts: what a wake-up, a system call and a way through
 * the kernel's stack cost is then shared by several. They gather as long as it takes to find {@link #FEW} or more together, and the longer
 * the more come. Nothing waits unless {@link #BUSY} packets (or trains) come in two windows of about a millisecond nearby: those of a
 * sender that catches up with its pace are gone by then, and would only delay what follows. Nor where most of it is trains: bulk
 * transfers share already. One instance a loop, used by it.
 */
final class Moderation {
    /** Packets or trains in a window from which on packets gather. */
    static final int BUSY = 24;
    /** Octets in a packet or train, on an average, beyond which it is trains that come. */
    static final int BULK_BYTES = 4096;
    static final long WINDOW_NS = 1 << 20;
    /** How long they gather at that rate, and at most; the kernel's timers take some 50 us more. */
    static final long SHORTEST_PAUSE_NS = 100_000;
    static final long LONGEST_PAUSE_NS = 200_000;
    /** Behind a look that found fewer, the next pause is longer; behind one that found more than {@link #MANY}, shorter. */
    static final int FEW = 8;
    static final int MANY = 16;
    /** A second pause that brought nothing is not tried again behind so many looks: packets come in bursts then. */
    static final int PATIENCE = 15;

    private static final int WINDOW_SHIFT = 20;
    private static final int WORTH_A_PAUSE = 2;
    private static final long STEP_NS = 12_500;

    private long window;
    private int taken;
    private int takenBefore;
    private int takenEarlier;
    private long bytes;
    private long bytesBefore;
    private int takenNow;
    private boolean left;
    private boolean second;
    private int patience;
    private long pauseNs = SHORTEST_PAUSE_NS;

    /** The loop was woken: whether to pause before it takes what is there. */
    boolean beginWoken(long nowNs) {
        beginWindow(nowNs);
        second = false;
        beginLook();
        return busy();
    }

    /** Notes how many packets or trains were taken at once, of how many octets, and whether that was all there was. */
    void took(int messages, long lengthBytes, boolean all, long nowNs) {
        beginWindow(nowNs);
        taken += messages;
        bytes += lengthBytes;
        takenNow += messages;
        left |= !all;
    }

    /** Everything was looked at: whether to pause and look again, rather than to be woken by the next packet. */
    boolean again() {
        boolean worthIt = takenNow >= WORTH_A_PAUSE;
        boolean gathers = worthIt && !left && busy();
        if (gathers) {
            adapt();
        }
        if (second && !worthIt) {
            patience = PATIENCE;
        } else if (gathers && patience > 0) {
            patience--;
            gathers = false;
        }
        second = true;
        beginLook();
        return gathers;
    }

    /** How long to pause, in nanoseconds. */
    long pauseNs() { return pauseNs; }

    private void adapt() {
        if (takenNow < FEW) {
            pauseNs = Math.min(pauseNs + STEP_NS, Math.min(rate() * (SHORTEST_PAUSE_NS / BUSY), LONGEST_PAUSE_NS));
        } else if (takenNow > MANY) {
            pauseNs = Math.max(pauseNs - STEP_NS, SHORTEST_PAUSE_NS);
        }
    }

    private void beginLook() {
        takenNow = 0;
        left = false;
    }

    private void beginWindow(long nowNs) {
        long present = nowNs >>> WINDOW_SHIFT;
        if (present != window) {
            boolean next = present == window + 1;
            takenEarlier = next ? takenBefore : present == window + 2 ? taken : 0;
            takenBefore = next ? taken : 0;
            bytesBefore = next ? bytes : 0;
            window = present;
            taken = 0;
            bytes = 0;
        }
    }

    private boolean busy() {
        return rate() >= BUSY && bytes + bytesBefore <= (long) BULK_BYTES * (taken + takenBefore);
    }

    /** What came in the second busiest of the last three windows. */
    private int rate() {
        int more = Math.max(taken, takenBefore);
        return Math.max(Math.min(taken, takenBefore), Math.min(more, takenEarlier));
    }
}

package org.lnsd.daemon.tunnel;

import java.util.random.RandomGenerator;

/**
 * Hands out 16-bit ids that nobody can guess (RFC 2661 section 9.2) and that do not come back soon: an id that was
 * given back rests in a queue, so that late packets of its former owner meet nobody.
 */
final class IdAllocator {

    private static final int IDS = 1 << 16;
    private static final int RESTING = 4096;
    private static final int TRIES = 64;

    private final RandomGenerator random;
    private final long[] taken = new long[IDS / Long.SIZE];
    private final int[] resting = new int[RESTING];
    private int oldest;
    private int restingCount;
    private int takenCount;

    IdAllocator(RandomGenerator random) {
        this.random = random;
        mark(0);
    }

    /** Returns a non-zero id, or 0 when none is left. */
    int take() {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            int id = 1 + random.nextInt(IDS - 1);
            if (!isTaken(id)) {
                return claim(id);
            }
        }
        return scan(1 + random.nextInt(IDS - 1));
    }

    /** Gives an id back; it may be handed out again after many others. */
    void release(int id) {
        takenCount--;
        if (restingCount == RESTING) {
            clear(resting[oldest]);
        } else {
            restingCount++;
        }
        resting[oldest] = id;
        oldest = (oldest + 1) % RESTING;
    }

    int takenCount() { return takenCount; }

    private int scan(int from) {
        for (int step = 0; step < IDS; step++) {
            int id = (from + step) % IDS;
            if (!isTaken(id)) {
                return claim(id);
            }
        }
        return 0;
    }

    private int claim(int id) {
        mark(id);
        takenCount++;
        return id;
    }

    private boolean isTaken(int id) { return (taken[id >>> 6] & 1L << id) != 0; }

    private void mark(int id) { taken[id >>> 6] |= 1L << id; }

    private void clear(int id) { taken[id >>> 6] &= ~(1L << id); }
}

package org.lnsd.lac;

import java.util.Arrays;

/** Durations of set-ups, kept one by one so that a percentile is exact. */
final class SetupTimes {

    private static final int INITIAL_CAPACITY = 256;

    private long[] durationsNs = new long[INITIAL_CAPACITY];
    private int count;

    void add(long durationNs) {
        if (count == durationsNs.length) {
            durationsNs = Arrays.copyOf(durationsNs, count * 2);
        }
        durationsNs[count++] = durationNs;
    }

    int count() { return count; }

    /**
     * The smallest duration that is not below the given share of all.
     *
     * @param share 0 to 1
     * @return in nanoseconds; 0 if nothing was added
     */
    long percentileNs(double share) {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(durationsNs, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(share * count);
        return sorted[Math.clamp(rank - 1, 0, count - 1)];
    }
}

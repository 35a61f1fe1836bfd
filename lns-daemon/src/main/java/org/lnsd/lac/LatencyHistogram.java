package org.lnsd.lac;

import java.util.Arrays;

/** Durations counted in buckets that are 1/32 wide of their value: a percentile is right to 3 %. Written by one thread. */
final class LatencyHistogram {

    private static final int SUB_BITS = 5;
    private static final int SUB_BUCKETS = 1 << SUB_BITS;
    private static final int BUCKETS = (Long.SIZE - SUB_BITS) * SUB_BUCKETS;

    private final long[] counts = new long[BUCKETS];
    private long total;

    void add(long durationNs) {
        counts[index(Math.max(0, durationNs))]++;
        total++;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    long total() { return total; }

    /**
     * Returns the duration that the given share of all does not exceed.
     *
     * @param share 0 to 1
     */
    long percentileNs(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int index = 0; index < BUCKETS; index++) {
            seen += counts[index];
            if (seen >= rank) {
                return upperNs(index);
            }
        }
        return 0;
    }

    private static int index(long value) {
        if (value < SUB_BUCKETS) {
            return (int) value;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (exponent + 1) * SUB_BUCKETS + (int) ((value >>> exponent) - SUB_BUCKETS);
    }

    private static long upperNs(int index) {
        if (index < SUB_BUCKETS) {
            return index;
        }
        int exponent = index / SUB_BUCKETS - 1;
        return ((long) (index % SUB_BUCKETS + SUB_BUCKETS) << exponent) + (1L << exponent) - 1;
    }
}

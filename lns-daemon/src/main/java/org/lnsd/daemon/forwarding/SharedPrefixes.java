package org.lnsd.daemon.forwarding;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Prefixes that rows have although another row got them later and has the packets to them: such a row may still send from them. One writer, any number of readers;
 * costs nothing where nothing is shared.
 */
final class SharedPrefixes {
    private static final int WORDS = 3;

    private volatile AtomicReferenceArray<long @Nullable []> rows = new AtomicReferenceArray<>(0);

    /** Whether the row has a prefix of these that holds the address. Any thread. */
    boolean hold(int row, long high, long low) {
        long[] prefixes = of(row);
        if (prefixes == null) {
            return false;
        }
        for (int at = 0; at < prefixes.length; at += WORDS) {
            int length = (int) prefixes[at + 2];
            if ((high & PrefixTable.highMask(length)) == prefixes[at]
                    && (low & PrefixTable.lowMask(length)) == prefixes[at + 1]) {
                return true;
            }
        }
        return false;
    }

    private long @Nullable [] of(int row) {
        AtomicReferenceArray<long @Nullable []> present = rows;
        return row < present.length() ? present.get(row) : null;
    }

    /** The row has lost the packets to a prefix, given by its masked bits. */
    void add(int row, long high, long low, int length) {
        long[] former = of(row);
        int end = former == null ? 0 : former.length;
        long[] next = former == null ? new long[WORDS] : Arrays.copyOf(former, end + WORDS);
        next[end] = high;
        next[end + 1] = low;
        next[end + 2] = length;
        grow(row);
        rows.set(row, next);
    }

    private void grow(int row) {
        AtomicReferenceArray<long @Nullable []> former = rows;
        if (row >= former.length()) {
            AtomicReferenceArray<long @Nullable []> next = new AtomicReferenceArray<>(Math.max(64, 2 * row));
            for (int i = 0; i < former.length(); i++) {
                next.set(i, former.get(i));
            }
            rows = next;
        }
    }

    /** The row does not have the prefix any more. */
    void remove(int row, long high, long low, int length) {
        long[] former = of(row);
        for (int at = 0; former != null && at < former.length; at += WORDS) {
            if (former[at] == high && former[at + 1] == low && former[at + 2] == length) {
                long[] next = new long[former.length - WORDS];
                System.arraycopy(former, 0, next, 0, at);
                System.arraycopy(former, at + WORDS, next, at, next.length - at);
                rows.set(row, next.length == 0 ? null : next);
                return;
            }
        }
    }
}

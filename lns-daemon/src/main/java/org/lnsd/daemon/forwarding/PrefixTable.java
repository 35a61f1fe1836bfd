package org.lnsd.daemon.forwarding;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Longest prefix match over 128-bit addresses (IPv4 in the upper 32 bits): a {@link RowMap} for each length in use,
 * longest first. One writer, readers without locks.
 */
final class PrefixTable {
    private final RowMap[] tables = new RowMap[129];
    private final Supplier<RowMap> maker;
    private final int[] entries = new int[129];
    private final SharedPrefixes shared = new SharedPrefixes();
    private volatile int[] lengths = {};

    /** {@code maker}: of tables that are wide enough for the family's addresses. */
    PrefixTable(Supplier<RowMap> maker) {
        this.maker = maker;
    }

    /** Whether the address is in a prefix that the row has, although another row got it later. Any thread. */
    boolean shares(int row, long high, long low) {
        return shared.hold(row, high, low);
    }

    /** The row of the longest prefix that holds the address, or {@link RowTable#NONE}. Any thread. */
    int find(long high, long low) {
        for (int length : lengths) {
            int row = tables[length].find(high & highMask(length), low & lowMask(length));
            if (row != RowMap.NONE) {
                return row;
            }
        }
        return RowMap.NONE;
    }

    /** Routes a prefix to a row; the newest wins, the one before shares it. */
    void put(long high, long low, int length, int row) {
        if (tables[length] == null) {
            tables[length] = maker.get();
        }
        int former = tables[length].find(high & highMask(length), low & lowMask(length));
        if (former != RowMap.NONE && former != row) {
            shared.add(former, high & highMask(length), low & lowMask(length), length);
        }
        tables[length].put(high & highMask(length), low & lowMask(length), row);
        if (entries[length]++ == 0) {
            publish();
        }
    }

    /** Takes a prefix away if it is (still) the row's. */
    void remove(long high, long low, int length, int row) {
        tables[length].remove(high & highMask(length), low & lowMask(length), row);
        shared.remove(row, high & highMask(length), low & lowMask(length), length);
        if (--entries[length] == 0) {
            publish();
        }
    }

    private void publish() {
        int[] present = new int[129];
        int count = 0;
        for (int length = 128; length >= 0; length--) {
            if (entries[length] > 0) {
                present[count++] = length;
            }
        }
        lengths = Arrays.copyOf(present, count);
    }

    static long highMask(int length) { return length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length); }

    static long lowMask(int length) { return length <= 64 ? 0 : -1L << (128 - length); }
}

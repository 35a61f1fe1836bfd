package org.lnsd.daemon.forwarding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A hash table from 128-bit keys to rows. A slot's key never changes in the life of its array, so a reader sees a key with its row or not at all;
 * growing publishes a new array.
 */
final class RowTable implements RowMap {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int STRIDE = 4;
    private static final int SMALLEST = 64;
    // Third word of a slot: 0 never used, -1 removed, else row + 1.
    private static final long REMOVED = -1;

    private volatile long[] slots = new long[SMALLEST * STRIDE];
    private int used;
    private int live;

    @Override
    public int find(long high, long low) {
        long[] table = slots;
        int mask = table.length - STRIDE;
        int at = position(high, low, mask);
        while (true) {
            long row = (long) SLOT.getAcquire(table, at + 2);
            if (row == 0) {
                return NONE;
            }
            if (table[at] == high && table[at + 1] == low) {
                return row > 0 ? (int) (row - 1) : NONE;
            }
            at = (at + STRIDE) & mask;
        }
    }

    @Override
    public void put(long high, long low, int row) {
        if ((used + 1) * 2 * STRIDE > slots.length) {
            rebuild();
        }
        long[] table = slots;
        int mask = table.length - STRIDE;
        int at = position(high, low, mask);
        while (table[at + 2] != 0 && (table[at] != high || table[at + 1] != low)) {
            at = (at + STRIDE) & mask;
        }
        if (table[at + 2] == 0) {
            used++;
        }
        if (table[at + 2] <= 0) {
            live++;
        }
        table[at] = high;
        table[at + 1] = low;
        SLOT.setRelease(table, at + 2, row + 1L);
    }

    @Override
    public void remove(long high, long low, int row) {
        long[] table = slots;
        int mask = table.length - STRIDE;
        int at = position(high, low, mask);
        while (table[at + 2] != 0) {
            if (table[at] == high && table[at + 1] == low) {
                if (table[at + 2] == row + 1L) {
                    SLOT.setRelease(table, at + 2, REMOVED);
                    live--;
                }
                return;
            }
            at = (at + STRIDE) & mask;
        }
    }

    private void rebuild() {
        long[] old = slots;
        int capacity = SMALLEST;
        while (capacity < live * 3 + SMALLEST) {
            capacity *= 2;
        }
        long[] table = new long[capacity * STRIDE];
        int mask = table.length - STRIDE;
        for (int from = 0; from < old.length; from += STRIDE) {
            if (old[from + 2] > 0) {
                int at = position(old[from], old[from + 1], mask);
                while (table[at + 2] != 0) {
                    at = (at + STRIDE) & mask;
                }
                System.arraycopy(old, from, table, at, 3);
            }
        }
        used = live;
        slots = table;
    }

    private static int position(long high, long low, int mask) {
        long hash = (high ^ (low * 0xC2B2_AE3D_27D4_EB4FL)) * 0x9E37_79B9_7F4A_7C15L;
        return ((int) (hash >>> 32) * STRIDE) & mask;
    }
}

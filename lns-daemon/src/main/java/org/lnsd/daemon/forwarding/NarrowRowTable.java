package org.lnsd.daemon.forwarding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A {@link RowMap} for keys that have only their first 32 bits: an IPv4 address, a tunnel and its session. Key and row are one word, so it is a
 * quarter of a {@link RowTable}, and a look-up reads one word.
 */
final class NarrowRowTable implements RowMap {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SMALLEST = 64;
    private static final long KEY = 0xFFFF_FFFFL << 32;
    // Lower half of a slot: 0 never used, all ones removed, else row + 1.
    private static final long NEVER_USED = 0;
    private static final int REMOVED = -1;

    private volatile long[] slots = new long[SMALLEST];
    private int used;
    private int live;

    @Override
    public int find(long high, long low) {
        long[] table = slots;
        int at = position(high, table.length);
        while (true) {
            long slot = (long) SLOT.getAcquire(table, at);
            if ((int) slot == NEVER_USED) {
                return NONE;
            }
            if ((slot ^ high) >>> 32 == 0) {
                return (int) slot == REMOVED ? NONE : (int) slot - 1;
            }
            at = at + 1 & table.length - 1;
        }
    }

    @Override
    public void put(long high, long low, int row) {
        if ((used + 1) * 2 > slots.length) {
            rebuild();
        }
        int at = slot(slots, high);
        int former = (int) slots[at];
        used += former == NEVER_USED ? 1 : 0;
        live += former == NEVER_USED || former == REMOVED ? 1 : 0;
        SLOT.setRelease(slots, at, high & KEY | row + 1L);
    }

    @Override
    public void remove(long high, long low, int row) {
        int at = slot(slots, high);
        if ((int) slots[at] == row + 1) {
            SLOT.setRelease(slots, at, high & KEY | ~KEY);
            live--;
        }
    }

    /** The slot of a key, or the free one where it would be. */
    private static int slot(long[] table, long high) {
        int at = position(high, table.length);
        while ((int) table[at] != NEVER_USED && (table[at] ^ high) >>> 32 != 0) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    private void rebuild() {
        int capacity = SMALLEST;
        while (capacity < live * 3 + SMALLEST) {
            capacity *= 2;
        }
        long[] table = new long[capacity];
        for (long slot : slots) {
            if ((int) slot != NEVER_USED && (int) slot != REMOVED) {
                table[slot(table, slot)] = slot;
            }
        }
        used = live;
        slots = table;
    }

    private static int position(long high, int length) {
        long hash = (high >>> 32) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash >>> 32) & length - 1;
    }
}

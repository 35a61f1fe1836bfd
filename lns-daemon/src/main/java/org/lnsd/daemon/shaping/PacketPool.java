package org.lnsd.daemon.shaping;

import org.lnsd.tun.Memory;

/**
 * Memory for packets that wait, in slots of one size. All queues of a process share it, so that they cannot take more than it has. Any thread; what a slot
 * holds belongs to whoever took it.
 */
public final class PacketPool implements AutoCloseable {
    /** Returned when no slot is free. */
    public static final int NONE = -1;
    /** Bytes before the packet for headers. */
    public static final int HEADROOM = 64;
    private static final int SLOT = 2048;
    /** The largest packet that a slot takes. */
    public static final int MAXIMUM_PACKET = SLOT - HEADROOM;

    private static final int SMALLEST_SHARE = 16;

    private final long memory;
    private final int[] next;
    final int[] bytes;
    final long[] queuedNs;
    private int firstFree;
    private volatile int free;

    /** A pool of so many slots; memory is used as packets come. */
    public PacketPool(int slots) {
        memory = Memory.map((long) slots * SLOT);
        next = new int[slots];
        bytes = new int[slots];
        queuedNs = new long[slots];
        free = slots;
        for (int slot = 0; slot < slots; slot++) {
            next[slot] = slot + 1 < slots ? slot + 1 : NONE;
        }
    }

    /** A free slot or {@link #NONE}. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    public synchronized int take() {
        int slot = firstFree;
        if (slot != NONE) {
            free--;
            firstFree = next[slot];
        }
        return slot;
    }

    /** Takes a slot back. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    public synchronized void give(int slot) {
        free++;
        next[slot] = firstFree;
        firstFree = slot;
    }

    /**
     * How many slots a queue may hold now: a part of those that are free, so that however many queues are flooded, they leave some to the others
     * (dynamic thresholds, Choudhury and Hahne 1998).
     */
    int share() { return Math.max(SMALLEST_SHARE, free / 4); }

    /** Where a slot's packet lies. */
    public long packet(int slot) { return memory + (long) slot * SLOT + HEADROOM; }

    /** How many bytes the packet in the slot has. */
    public int bytes(int slot) { return bytes[slot]; }

    int next(int slot) { return next[slot]; }

    void link(int slot, int following) { next[slot] = following; }

    @Override
    public void close() { Memory.unmap(memory); }
}

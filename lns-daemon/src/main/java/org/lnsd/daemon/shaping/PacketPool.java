package org.lnsd.daemon.shaping;

import java.util.Arrays;
import org.lnsd.tun.Memory;

/**
 * Memory for packets that wait, in slots of one size. All queues of a process share it, so that they cannot take more than it has. Any thread; what a slot
 * holds belongs to whoever took it.
 */
public final class PacketPool implements AutoCloseable {
    /** No slot. */
    public static final int NONE = -1;
    /** Bytes before the packet for headers. */
    public static final int HEADROOM = 64;
    private static final int SLOT = 2048;
    /** The largest packet that a slot takes. */
    public static final int MAXIMUM_PACKET = SLOT - HEADROOM;

    private static final int SMALLEST_SHARE = 16;
    private static final int SLOTS_A_TRAIN = 128;
    /** A super-packet has at most as many packets as octets. */
    private static final int INDEX_BITS = 16;

    private final long memory;
    private final int[] next;
    private final int[] part;
    private final Trains trains;
    final int[] bytes;
    final long[] queuedNs;
    private int firstFree;
    private volatile int free;

    /** A pool of so many slots; memory is used as packets come. */
    public PacketPool(int slots) {
        memory = Memory.map((long) slots * SLOT);
        next = new int[slots];
        part = new int[slots];
        trains = new Trains(slots / SLOTS_A_TRAIN);
        bytes = new int[slots];
        queuedNs = new long[slots];
        free = slots;
        Arrays.fill(part, NONE);
        for (int slot = 0; slot < slots; slot++) {
            next[slot] = slot + 1 < slots ? slot + 1 : NONE;
        }
    }

    /** Takes up to so many free slots at once; returns how many there were. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    public synchronized int take(int[] slots, int most) {
        int count = 0;
        int slot = firstFree;
        while (count < most && slot != NONE) {
            slots[count++] = slot;
            slot = next[slot];
        }
        firstFree = slot;
        free -= count;
        return count;
    }

    /** Takes back so many slots at once. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    public synchronized void give(int[] slots, int count) {
        for (int i = count - 1; i >= 0; i--) {
            free(slots[i]);
        }
        free += count;
    }

    /** Takes a slot back. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    public synchronized void give(int slot) {
        free(slot);
        free++;
    }

    private void free(int slot) {
        int train = train(slot);
        if (train != NONE) {
            trains.gone(train, 1);
        }
        next[slot] = firstFree;
        firstFree = slot;
    }

    /**
     * Takes a place for a super-packet, which is free again when so many slots that are {@link #part} of it are; {@link #NONE} if there is none.
     */
    public synchronized int takeTrain(int packets, int lengthBytes) { return trains.take(packets, lengthBytes); }

    /** What the place taken for a super-packet has now. */
    public synchronized void fillTrain(int train, int packets, int lengthBytes) {
        trains.fill(train, packets, lengthBytes);
    }

    /** So many packets of the super-packet have found no slot. */
    public synchronized void giveTrain(int train, int packets) {
        trains.gone(train, packets);
    }

    /** Where a super-packet lies, with room for headers before it. */
    public long superPacket(int train) {
        return trains.address(train);
    }

    /** How many bytes it has. */
    public int superPacketBytes(int train) { return trains.bytes(train); }

    /** Notes that the packet in the slot is one of a super-packet, and how many bytes it has. */
    public void part(int slot, int train, int index, int lengthBytes) {
        part[slot] = train << INDEX_BITS | index;
        bytes[slot] = lengthBytes;
    }

    /** The super-packet that the packet in the slot is part of, or {@link #NONE}: it lies in the slot. */
    public int train(int slot) {
        return part[slot] >> INDEX_BITS;
    }

    /** Which packet of its super-packet it is. */
    public int index(int slot) {
        return part[slot] & (1 << INDEX_BITS) - 1;
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

    /** Notes that the packet lies in the slot, and how many bytes it has. */
    public void bytes(int slot, int lengthBytes) {
        part[slot] = NONE;
        bytes[slot] = lengthBytes;
    }

    int next(int slot) { return next[slot]; }

    void link(int slot, int following) { next[slot] = following; }

    @Override
    public void close() {
        trains.close();
        Memory.unmap(memory);
    }
}

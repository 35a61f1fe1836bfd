package org.lnsd.daemon.shaping;

import org.lnsd.tun.Memory;

/**
 * Memory for super-packets that wait uncut, each until the last of its packets has gone. What waits is then touched no more often than what goes at once:
 * a header for each packet, cold by then, costs more than the copy. Used under the lock of its pool.
 */
final class Trains {
    private static final int LARGEST_BYTES = 65_536;
    // Headers of many trains would share the same few sets of the cache if they lay a power of two apart.
    private static final int DISTANCE = PacketPool.HEADROOM + LARGEST_BYTES + 64;

    private final long memory;
    private final int[] next;
    private final int[] packets;
    private final int[] bytes;
    private int firstFree;

    Trains(int trains) {
        memory = Memory.map(Math.max(1L, trains) * DISTANCE);
        next = new int[trains];
        packets = new int[trains];
        bytes = new int[trains];
        firstFree = trains == 0 ? PacketPool.NONE : 0;
        for (int train = 0; train < trains; train++) {
            next[train] = train + 1 < trains ? train + 1 : PacketPool.NONE;
        }
    }

    /** A place for a super-packet of so many packets and bytes, or {@link PacketPool#NONE}. */
    int take(int count, int lengthBytes) {
        int train = firstFree;
        if (train != PacketPool.NONE) {
            firstFree = next[train];
            fill(train, count, lengthBytes);
        }
        return train;
    }

    /** What has come to a place that was taken. */
    void fill(int train, int count, int lengthBytes) {
        packets[train] = count;
        bytes[train] = lengthBytes;
    }

    /** So many of its packets have gone. */
    void gone(int train, int count) {
        packets[train] -= count;
        if (packets[train] == 0) {
            next[train] = firstFree;
            firstFree = train;
        }
    }

    long address(int train) { return memory + (long) train * DISTANCE + PacketPool.HEADROOM; }

    int bytes(int train) { return bytes[train]; }

    void close() { Memory.unmap(memory); }
}

package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;

/**
 * Puts the data of sequenced sessions in order (RFC 2661 section 5.4), one instance a loop: a packet ahead of its turn is copied and
 * waits for those before it, a few at a time and a short time only; then the gap counts as lost. What is behind is discarded.
 *
 * <p>Numbers that PPP control frames had are no gaps: those frames go another way, and leave their numbers in the row.
 */
final class Resequencer implements AutoCloseable {
    /** How long a packet waits for those before it. */
    static final long HOLD_NS = 20_000_000L;
    /** A packet farther ahead than this is not waited for. */
    static final int FARTHEST = 32;

    private static final int SLOTS = 64;
    private static final int SLOT_BYTES = 2048;

    private final Rows rows;
    private final LoopCounters counters;
    private final Outlet outlet;
    private final Alarm alarm;
    private final long memory;
    // Parallel arrays: row (-1: free), what the row was then, number, length and since when.
    private final int[] heldRow = new int[SLOTS];
    private final int[] heldPeerIds = new int[SLOTS];
    private final int[] heldNs = new int[SLOTS];
    private final int[] heldBytes = new int[SLOTS];
    private final long[] heldSinceNs = new long[SLOTS];
    private int held;

    /** Where a frame whose turn has come goes. */
    interface Outlet {
        /** Takes a frame that stays where it is until this returns. */
        void deliver(int row, long frame, int lengthBytes);
    }

    /** Wakes the owner of this instance. */
    interface Alarm {
        /** Lets {@link #onTimeout} be called after so long. */
        void in(long delayNs);
    }

    Resequencer(Rows rows, LoopCounters counters, Outlet outlet, Alarm alarm) {
        this.rows = rows;
        this.counters = counters;
        this.outlet = outlet;
        this.alarm = alarm;
        memory = Memory.map((long) SLOTS * SLOT_BYTES);
        java.util.Arrays.fill(heldRow, -1);
    }

    /** Returns whether a packet may go on now; else it is held or dropped. Before it may come the delivery of others. */
    boolean admits(int row, int ns, long frame, int lengthBytes, long nowNs) {
        if (!rows.hasExpectedNs(row)) {
            rows.setExpectedNs(row, ns + 1);
            return true;
        }
        passControlFrames(row, ns);
        if (held > 0) {
            deliverNext(row);
        }
        int ahead = (short) (ns - rows.expectedNs(row));
        if (ahead < 0) {
            counters.dropIn(row, DropReason.LATE_SEQUENCE);
            return false;
        }
        if (ahead > 0 && ahead <= FARTHEST && hold(row, ns, frame, lengthBytes, nowNs)) {
            return false;
        }
        if (ahead > 0) {
            deliverUpTo(row, ns);
        }
        rows.setExpectedNs(row, ns + 1);
        return true;
    }

    /** Delivers what was waiting for the packet that has just gone on. */
    void follow(int row) {
        if (held > 0) {
            deliverNext(row);
        }
    }

    private void passControlFrames(int row, int upToNs) {
        int expected = rows.expectedNs(row);
        int first = expected;
        while ((short) (upToNs - expected) > 0 && rows.isControlNs(row, expected)) {
            expected = expected + 1 & 0xFFFF;
        }
        if (expected != first) {
            rows.setExpectedNs(row, expected);
        }
    }

    private boolean hold(int row, int ns, long frame, int lengthBytes, long nowNs) {
        int slot = free(row, ns);
        if (slot < 0 || lengthBytes > SLOT_BYTES) {
            return false;
        }
        Memory.copy(frame, memory + (long) slot * SLOT_BYTES, lengthBytes);
        heldRow[slot] = row;
        heldPeerIds[slot] = rows.peerIds(row);
        heldNs[slot] = ns;
        heldBytes[slot] = lengthBytes;
        heldSinceNs[slot] = nowNs;
        if (held++ == 0) {
            alarm.in(HOLD_NS);
        }
        return true;
    }

    /** A free slot, or the one that holds the same number; negative: none. */
    private int free(int row, int ns) {
        int free = -1;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (heldRow[slot] < 0) {
                free = slot;
            } else if (heldRow[slot] == row && heldNs[slot] == ns) {
                release(slot);
                return slot;
            }
        }
        return free;
    }

    private void release(int slot) {
        heldRow[slot] = -1;
        held--;
    }

    private void deliverNext(int row) {
        int slot = first(row);
        while (slot >= 0) {
            passControlFrames(row, heldNs[slot]);
            if (heldNs[slot] != rows.expectedNs(row)) {
                return;
            }
            deliver(slot);
            slot = first(row);
        }
    }

    /** Gives up what is missing before that number. */
    private void deliverUpTo(int row, int ns) {
        for (int slot = first(row); slot >= 0 && (short) (heldNs[slot] - ns) <= 0; slot = first(row)) {
            deliver(slot);
        }
    }

    /** The held packet of a row whose number is the lowest, negative: none. */
    private int first(int row) {
        int first = -1;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (heldRow[slot] == row && (first < 0 || (short) (heldNs[slot] - heldNs[first]) < 0)) {
                first = slot;
            }
        }
        return first;
    }

    /** A row that is another session's meanwhile has other ids of its peer. */
    private void deliver(int slot) {
        int row = heldRow[slot];
        if (rows.peerIds(row) == heldPeerIds[slot]) {
            rows.setExpectedNs(row, heldNs[slot] + 1);
            outlet.deliver(row, memory + (long) slot * SLOT_BYTES, heldBytes[slot]);
        }
        release(slot);
    }

    /** Gives up the gaps that were waited for long enough. */
    void onTimeout(long nowNs) {
        long nextNs = Long.MAX_VALUE;
        for (int slot = 0; slot < SLOTS; slot++) {
            if (heldRow[slot] >= 0) {
                long leftNs = heldSinceNs[slot] + HOLD_NS - nowNs;
                if (leftNs <= 0) {
                    int row = heldRow[slot];
                    deliverUpTo(row, heldNs[slot]);
                    deliverNext(row);
                } else {
                    nextNs = Math.min(nextNs, leftNs);
                }
            }
        }
        if (held > 0) {
            alarm.in(Math.min(nextNs, HOLD_NS));
        }
    }

    /** Returns how many packets wait. */
    int held() { return held; }

    @Override
    public void close() { Memory.unmap(memory); }
}

package org.lnsd.daemon.shaping;

/**
 * Packets of several flows that share a line fairly: deficit round robin over hashed flows (RFC 8290 section 4), and in each flow the controlled delay
 * of RFC 8289 section 5.
 */
final class FlowQueues {
    static final int FLOWS = 32;
    private static final int QUANTUM = 1514;
    private static final long INTERVAL_NS = 100_000_000L;

    private final PacketPool pool;
    private final int[] head = new int[FLOWS];
    private final int[] tail = new int[FLOWS];
    private final int[] bytes = new int[FLOWS];
    private final int[] deficit = new int[FLOWS];
    private final int[] dropCount = new int[FLOWS];
    private final long[] aboveSinceNs = new long[FLOWS];
    private final long[] dropNextNs = new long[FLOWS];
    private int active;
    private int turn;
    private int dropping;
    private int packets;
    private long queuedBytes;
    private int dropped;
    private int droppedBytes;

    FlowQueues(PacketPool pool) { this.pool = pool; }

    long queuedBytes() { return queuedBytes; }

    int packets() { return packets; }

    boolean isEmpty() { return packets == 0; }

    boolean has(int flow) { return (active & 1 << flow) != 0; }

    void add(int flow, int slot) {
        pool.link(slot, PacketPool.NONE);
        if (has(flow)) {
            pool.link(tail[flow], slot);
        } else {
            head[flow] = slot;
            active |= 1 << flow;
            deficit[flow] = QUANTUM;
        }
        tail[flow] = slot;
        bytes[flow] += pool.bytes[slot];
        queuedBytes += pool.bytes[slot];
        packets++;
    }

    /** The next packet; must not be empty. */
    int poll(long nowNs, long targetNs) {
        while (true) {
            int flow = nextFlow();
            if (deficit[flow] <= 0) {
                deficit[flow] += QUANTUM;
                turn = flow + 1 & FLOWS - 1;
                continue;
            }
            turn = flow;
            int slot = controlled(flow, nowNs, targetNs);
            deficit[flow] -= pool.bytes[slot];
            return slot;
        }
    }

    private int nextFlow() {
        int rotated = Integer.rotateRight(active, turn);
        return turn + Integer.numberOfTrailingZeros(rotated) & FLOWS - 1;
    }

    // RFC 8289 section 5.6; a flow's last packet always goes.
    private int controlled(int flow, long nowNs, long targetNs) {
        int bit = 1 << flow;
        if (!isLate(flow, nowNs, targetNs)) {
            dropping &= ~bit;
        } else if ((dropping & bit) != 0) {
            while (dropNextNs[flow] - nowNs <= 0 && hasMore(flow)) {
                drop(flow);
                dropCount[flow]++;
                dropNextNs[flow] += pause(flow);
            }
        } else if (aboveSinceNs[flow] + INTERVAL_NS - nowNs <= 0 && hasMore(flow)) {
            drop(flow);
            dropping |= bit;
            boolean again = nowNs - dropNextNs[flow] < 16 * INTERVAL_NS && dropCount[flow] > 2;
            dropCount[flow] = again ? dropCount[flow] - 2 : 1;
            dropNextNs[flow] = nowNs + pause(flow);
        }
        return take(flow);
    }

    private boolean isLate(int flow, long nowNs, long targetNs) {
        if (nowNs - pool.queuedNs[head[flow]] < targetNs || !hasMore(flow)) {
            aboveSinceNs[flow] = 0;
            return false;
        }
        if (aboveSinceNs[flow] == 0) {
            aboveSinceNs[flow] = nowNs;
        }
        return true;
    }

    private boolean hasMore(int flow) { return head[flow] != tail[flow]; }

    private long pause(int flow) { return (long) (INTERVAL_NS / Math.sqrt(dropCount[flow])); }

    private int take(int flow) {
        int slot = head[flow];
        bytes[flow] -= pool.bytes[slot];
        queuedBytes -= pool.bytes[slot];
        packets--;
        head[flow] = pool.next(slot);
        if (head[flow] == PacketPool.NONE) {
            active &= ~(1 << flow);
            dropping &= ~(1 << flow);
            aboveSinceNs[flow] = 0;
        }
        return slot;
    }

    private void drop(int flow) {
        int slot = take(flow);
        dropped++;
        droppedBytes += pool.bytes[slot];
        pool.give(slot);
    }

    /** Makes room at the head of the flow that holds most; must not be empty. */
    void dropOfFattest() {
        int fattest = nextFlow();
        for (int flow = 0; flow < FLOWS; flow++) {
            if (has(flow) && bytes[flow] > bytes[fattest]) {
                fattest = flow;
            }
        }
        drop(fattest);
    }

    /** How many packets were dropped since the last question. */
    int takeDropped() {
        int count = dropped;
        dropped = 0;
        return count;
    }

    /** How many bytes were dropped since the last question. */
    int takeDroppedBytes() {
        int count = droppedBytes;
        droppedBytes = 0;
        return count;
    }

    void clear() {
        while (packets > 0) {
            drop(nextFlow());
        }
    }
}

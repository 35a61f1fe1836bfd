package org.lnsd.daemon.shaping;

import org.jspecify.annotations.Nullable;

/**
 * The way to one subscriber at a rate: what does not go at once waits, small packets before large ones, flows in turn, no longer than a bounded time. Any thread;
 * whoever finds it not {@link #arm armed} serves it until it is empty, as late as {@link Rate#slackNs} allows; a flow that sends little need not wait for that.
 */
public final class Shaper {
    private static final int SMALL_BYTES = 256;
    private static final int SMALL_IN_A_ROW = 16;
    private static final long BURST_NS = 5_000_000L;
    private static final long CATCH_UP_NS = 100_000_000L;
    private static final long TARGET_NS = 5_000_000L;
    private static final long HANDED_OVER_NS = 1_000_000L;
    private static final long LONGEST_WAIT_NS = 200_000_000L;
    private static final long SMALLEST_QUEUE_BYTES = 16 * 1500;
    private static final long LARGEST_QUEUE_BYTES = 8 << 20;

    private final PacketPool pool;
    private Rate rate;
    private long burstNs;
    private long targetNs;
    private long borrowNs;
    private long mostAheadNs;
    private long capacityBytes;
    private long freeAtNs;
    private long queuedBytes;
    private int smallInARow;
    // What has passed what waits since it was last served: large packets' flows, and how long all of it takes.
    private int flowsAhead;
    private long aheadNs;
    private long servedNs;
    private int dropped;
    private boolean armed;
    private boolean closed;
    private @Nullable FlowQueues small;
    private @Nullable FlowQueues large;

    /** A line that has been idle until now. */
    public Shaper(PacketPool pool, Rate rate, long nowNs) {
        this.pool = pool;
        this.rate = rate;
        set(rate);
        freeAtNs = nowNs - burstNs;
    }

    /** Changes the rate; what waits goes on waiting. */
    public synchronized void rate(Rate next) { set(next); }

    /** The rate that it keeps. */
    public synchronized Rate rate() { return rate; }

    private void set(Rate next) {
        rate = next;
        burstNs = next.burstNs(BURST_NS);
        // What is served late for the sake of fewer wake-ups is no queue that stands (RFC 8289 section 4.2).
        targetNs = Math.max(TARGET_NS + next.slackNs(), 3 * next.packetNs());
        borrowNs = next.slackNs() > 0 ? next.packetNs() : 0;
        mostAheadNs = next.slackNs() / 2;
        capacityBytes = next.isLimited() ? capacityBytes(next.bps()) : LARGEST_QUEUE_BYTES;
    }

    private static long capacityBytes(long bps) {
        return Math.clamp(bps / 8 * LONGEST_WAIT_NS / 1_000_000_000L, SMALLEST_QUEUE_BYTES, LARGEST_QUEUE_BYTES);
    }

    /** Whether so many bytes may go now, past an empty queue; they are charged then. */
    public synchronized boolean admits(long bytes, long nowNs) {
        long durationNs = rate.durationNs(bytes);
        long startNs = Math.max(freeAtNs, nowNs - burstNs);
        if (queuedBytes > 0 || startNs + durationNs - nowNs > 0) {
            return false;
        }
        freeAtNs = startNs + durationNs;
        return true;
    }

    /** Takes back what was charged by {@link #admits}: the bytes do not go. */
    public synchronized void refund(long bytes) {
        freeAtNs -= rate.durationNs(bytes);
    }

    /** Charges bytes that cannot wait; false: too much of them has gone already, they must be dropped. */
    public synchronized boolean charge(long bytes, long nowNs) {
        if (freeAtNs - nowNs > LONGEST_WAIT_NS) {
            return false;
        }
        freeAtNs = Math.max(freeAtNs, nowNs - burstNs) + rate.durationNs(bytes);
        return true;
    }

    /**
     * Whether a packet may pass what waits, because its flow sends little: nothing of it waits, and no large packet of it has passed since what waits
     * was last served. Its bytes are charged then; a small packet may be a packet of full size ahead of the rate. What waits keeps half of the line.
     *
     * @param server the caller serves the queue; others cannot know whether what they served last has left
     */
    public synchronized boolean passes(int bytes, int flowHash, long nowNs, boolean server) {
        int flow = flow(flowHash);
        boolean isSmall = isSmall(bytes);
        int bit = isSmall ? 0 : 1 << flow;
        if (queuedBytes == 0 || freeAtNs - nowNs > (isSmall ? borrowNs : 0) || aheadNs > mostAheadNs
                || (flowsAhead & bit) != 0 || small().has(flow) || large().has(flow)
                || !server && nowNs - servedNs < HANDED_OVER_NS) {
            return false;
        }
        flowsAhead |= bit;
        aheadNs += rate.durationNs(bytes);
        spend(bytes, nowNs);
        return true;
    }

    private static boolean isSmall(int bytes) { return bytes <= SMALL_BYTES; }

    private static int flow(int flowHash) { return (flowHash * 0x9E37_79B1 >>> 16) % FlowQueues.FLOWS; }

    private void spend(int bytes, long nowNs) {
        freeAtNs = Math.max(freeAtNs, nowNs - Math.max(burstNs, CATCH_UP_NS)) + rate.durationNs(bytes);
    }

    /**
     * Queues the packets of one flow in so many slots of the pool, whose lengths it knows; takes the slots. What waits is bounded by the line's share of
     * something too, if that is limited.
     */
    public synchronized void offer(int[] slots, int count, int flowHash, long nowNs, Rate share) {
        if (closed) {
            pool.give(slots, count);
            dropped += count;
            return;
        }
        if (queuedBytes == 0) {
            freeAtNs = Math.max(freeAtNs, nowNs - burstNs);
        }
        int flow = flow(flowHash);
        long mostBytes = share.isLimited() ? Math.min(capacityBytes, capacityBytes(share.bps())) : capacityBytes;
        for (int i = 0; i < count; i++) {
            add(slots[i], flow, nowNs);
            bound(mostBytes);
        }
    }

    private void add(int slot, int flow, long nowNs) {
        int bytes = pool.bytes[slot];
        pool.queuedNs[slot] = nowNs;
        FlowQueues larges = large();
        // A flow's small packets do not overtake its large ones.
        FlowQueues band = isSmall(bytes) && !larges.has(flow) ? small() : larges;
        band.add(flow, slot);
        queuedBytes += bytes;
    }

    private void bound(long mostBytes) {
        FlowQueues larges = large();
        FlowQueues smalls = small();
        while (queuedBytes > mostBytes) {
            dropOf(larges.queuedBytes() >= smalls.queuedBytes() ? larges : smalls);
        }
        while (larges.packets() + smalls.packets() > pool.share()) {
            dropOf(larges.packets() >= smalls.packets() ? larges : smalls);
        }
    }

    private void dropOf(FlowQueues fuller) {
        fuller.dropOfFattest();
        settle(fuller);
    }

    private FlowQueues small() {
        FlowQueues band = small;
        if (band == null) {
            band = new FlowQueues(pool);
            small = band;
        }
        return band;
    }

    private FlowQueues large() {
        FlowQueues band = large;
        if (band == null) {
            band = new FlowQueues(pool);
            large = band;
        }
        return band;
    }

    private void settle(FlowQueues band) {
        dropped += band.takeDropped();
        queuedBytes -= band.takeDroppedBytes();
    }

    /** The slot of the packet that goes now, which is the caller's then, or {@link PacketPool#NONE}. */
    public synchronized int poll(long nowNs) {
        return queuedBytes == 0 || freeAtNs - nowNs > 0 ? PacketPool.NONE : take(band(), nowNs);
    }

    /** The slots of the packets that go now, as many as there is room for, which are the caller's then; returns how many. */
    public synchronized int poll(long nowNs, int[] slots) {
        int count = 0;
        while (count < slots.length && queuedBytes > 0 && freeAtNs - nowNs <= 0) {
            slots[count++] = take(band(), nowNs);
        }
        flowsAhead = 0;
        aheadNs = 0;
        servedNs = nowNs;
        return count;
    }

    private int take(FlowQueues band, long nowNs) {
        int slot = band.poll(nowNs, targetNs);
        settle(band);
        queuedBytes -= pool.bytes[slot];
        spend(pool.bytes[slot], nowNs);
        return slot;
    }

    // Small ones first, but large ones are not starved by a flood of small ones.
    private FlowQueues band() {
        FlowQueues smalls = small();
        FlowQueues larges = large();
        if (!smalls.isEmpty() && (larges.isEmpty() || smallInARow < SMALL_IN_A_ROW)) {
            smallInARow++;
            return smalls;
        }
        smallInARow = 0;
        return larges;
    }

    /** When the next packet may go; meaningful while something waits. */
    public synchronized long dueNs() {
        return freeAtNs;
    }

    /** Whether nothing waits. */
    public synchronized boolean isEmpty() { return queuedBytes == 0; }

    /** True for the one that is to serve the queue from now on, until {@link #disarm}. */
    public synchronized boolean arm() {
        boolean mine = !armed && queuedBytes > 0;
        armed |= mine;
        return mine;
    }

    /** The server goes; false: something waits, it must stay. */
    public synchronized boolean disarm() {
        armed = queuedBytes > 0;
        return !armed;
    }

    /** How many packets were dropped since the last question. */
    public synchronized int takeDropped() {
        int count = dropped;
        dropped = 0;
        return count;
    }

    /** Drops what waits and takes nothing more. */
    public synchronized void close() {
        closed = true;
        for (FlowQueues band : new FlowQueues[]{small(), large()}) {
            band.clear();
            settle(band);
        }
    }
}

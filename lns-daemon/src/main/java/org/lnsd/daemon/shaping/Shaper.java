package org.lnsd.daemon.shaping;

import org.jspecify.annotations.Nullable;

/**
 * The way to one subscriber at a rate: what does not go at once waits, small packets before large ones, flows in turn, no longer than a bounded time. Any thread;
 * whoever finds it not {@link #arm armed} serves it until it is empty.
 */
public final class Shaper {
    private static final int SMALL_BYTES = 256;
    private static final int SMALL_IN_A_ROW = 16;
    private static final long BURST_NS = 5_000_000L;
    private static final long CATCH_UP_NS = 100_000_000L;
    private static final long TARGET_NS = 5_000_000L;
    private static final long LONGEST_WAIT_NS = 200_000_000L;
    private static final long SMALLEST_QUEUE_BYTES = 16 * 1500;
    private static final long LARGEST_QUEUE_BYTES = 8 << 20;

    private final PacketPool pool;
    private Rate rate;
    private long burstNs;
    private long targetNs;
    private long capacityBytes;
    private long freeAtNs;
    private long queuedBytes;
    private int smallInARow;
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
        targetNs = Math.max(TARGET_NS, next.durationNs(3 * 1500));
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

    /** Queues the packet in a slot of the pool; takes the slot. */
    public void offer(int slot, int bytes, int flowHash, long nowNs) {
        offer(slot, bytes, flowHash, nowNs, Rate.UNLIMITED);
    }

    /** Queues the packet in a slot of the pool; takes the slot. What waits is bounded by the line's share of something too, if that is limited. */
    public synchronized void offer(int slot, int bytes, int flowHash, long nowNs, Rate share) {
        if (closed) {
            pool.give(slot);
            dropped++;
            return;
        }
        if (queuedBytes == 0) {
            freeAtNs = Math.max(freeAtNs, nowNs - burstNs);
        }
        pool.bytes[slot] = bytes;
        pool.queuedNs[slot] = nowNs;
        int flow = (flowHash * 0x9E37_79B1 >>> 16) % FlowQueues.FLOWS;
        FlowQueues larges = large();
        // A flow's small packets do not overtake its large ones.
        FlowQueues band = bytes <= SMALL_BYTES && !larges.has(flow) ? small() : larges;
        band.add(flow, slot);
        queuedBytes += bytes;
        long mostBytes = share.isLimited() ? Math.min(capacityBytes, capacityBytes(share.bps())) : capacityBytes;
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
        if (queuedBytes == 0 || freeAtNs - nowNs > 0) {
            return PacketPool.NONE;
        }
        FlowQueues band = band();
        int slot = band.poll(nowNs, targetNs);
        settle(band);
        queuedBytes -= pool.bytes[slot];
        freeAtNs = Math.max(freeAtNs, nowNs - Math.max(burstNs, CATCH_UP_NS)) + rate.durationNs(pool.bytes[slot]);
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

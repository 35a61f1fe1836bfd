package org.lnsd.daemon.forwarding;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.daemon.shaping.Shaper;
import org.lnsd.tun.Memory;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.Splitter;

/**
 * Sends to lines with a rate, one instance a loop. What exceeds the rate is copied to the line's queue, packet by packet; the loop
 * that found the queue empty serves it from a {@link Wheel}. What goes in one turn goes in one train again.
 */
final class ShapedSender {
    private static final int HELD = 4096;
    /** Packets that are queued or sent at once: those of a super-packet. */
    private static final int TOGETHER = 64;

    private final IoEventLoop loop;
    private final Rows rows;
    private final PacketPool pool;
    private final SendBatch batch;
    private final LoopCounters counters;
    private final LimitGate gate;
    private final Punt punt;
    private final Runnable tick = this::tick;
    private final Consumer<Waiting> due = this::serve;
    private final Wheel wheel = new Wheel();
    private final int[] held = new int[HELD];
    private final int[] slots = new int[TOGETHER];
    private int heldCount;
    private long wakeNs = Wheel.NEVER;
    private long tickNs;

    ShapedSender(IoEventLoop loop, Rows rows, PacketPool pool, SendBatch batch, LoopCounters counters,
            LimitGate gate, Punt punt) {
        this.punt = punt;
        this.gate = gate;
        this.loop = loop;
        this.rows = rows;
        this.pool = pool;
        this.batch = batch;
        this.counters = counters;
    }

    /** Whether a (super-)packet may go at once; if not, it waits or is counted as dropped. */
    boolean passes(ShapedLine line, Splitter splitter, long packet, int lengthBytes, boolean ipv6, long nowNs) {
        int count = splitter.count();
        long total = lengthBytes + (count - 1L) * splitter.headerBytes();
        if (admits(line, total, nowNs)) {
            return true;
        }
        if (splitter.largestPacketBytes() > PacketPool.MAXIMUM_PACKET) {
            return charged(line, total, count, nowNs);
        }
        int flow = FlowHash.of(packet, lengthBytes, ipv6);
        if (count == 1 && line.carrier == null && line.shaper.passes(lengthBytes, flow, nowNs, line.server == this)) {
            return true;
        }
        queue(line, splitter, packet, lengthBytes, flow, nowNs);
        if (line.shaper.arm()) {
            line.server = this;
            serve(line, nowNs);
        }
        return false;
    }

    private void queue(ShapedLine line, Splitter splitter, long packet, int lengthBytes, int flow, long nowNs) {
        ShapedCarrier carrier = line.carrier;
        Rate share = carrier == null ? Rate.UNLIMITED : carrier.share();
        int count = splitter.count();
        for (int first = 0; first < count; first += TOGETHER) {
            int wanted = Math.min(TOGETHER, count - first);
            int taken = pool.take(slots, wanted);
            for (int i = 0; i < taken; i++) {
                pool.bytes(slots[i], copy(splitter, first + i, packet, lengthBytes, pool.packet(slots[i])));
            }
            line.shaper.offer(slots, taken, flow, nowNs, share);
            if (taken < wanted) {
                counters.dropOut(line.row, DropReason.RATE, wanted - taken);
            }
        }
    }

    private static boolean admits(ShapedLine line, long bytes, long nowNs) {
        if (!line.shaper.admits(bytes, nowNs)) {
            return false;
        }
        ShapedCarrier carrier = line.carrier;
        if (carrier == null || carrier.admits(bytes, nowNs)) {
            return true;
        }
        line.shaper.refund(bytes);
        return false;
    }

    /** Whether bytes that cannot wait may go; they are charged, or counted as dropped. */
    boolean charged(ShapedLine line, long bytes, int packets, long nowNs) {
        boolean may = line.shaper.charge(bytes, nowNs);
        ShapedCarrier carrier = line.carrier;
        if (!may) {
            counters.dropOut(line.row, DropReason.RATE, packets);
        } else if (carrier != null) {
            carrier.charge(bytes, nowNs);
        }
        return may;
    }

    private static int copy(Splitter splitter, int index, long packet, int lengthBytes, long to) {
        int header = splitter.headerBytes();
        if (header == 0) {
            Memory.copy(packet, to, lengthBytes);
            return lengthBytes;
        }
        int payload = splitter.payloadBytes(index);
        splitter.writeHeader(index, to);
        Memory.copy(splitter.payloadAddress(index), to + header, payload);
        return header + payload;
    }

    /** The batch has been flushed: what was sent from the pool is free again. */
    void flushed() {
        if (heldCount > 0) {
            pool.give(held, heldCount);
            heldCount = 0;
        }
    }

    private void serve(Waiting waiting) {
        switch (waiting) {
            case ShapedCarrier carrier -> serve(carrier, tickNs);
            case ShapedLine line -> serve(line, tickNs);
        }
    }

    private void serve(ShapedLine line, long nowNs) {
        ShapedCarrier carrier = line.carrier;
        if (carrier != null) {
            if (carrier.add(line, nowNs)) {
                serve(carrier, nowNs);
            }
            return;
        }
        Shaper shaper = line.shaper;
        for (int count = shaper.poll(nowNs, slots); count > 0; count = shaper.poll(nowNs, slots)) {
            for (int i = 0; i < count; i++) {
                send(line.row, slots[i], nowNs);
            }
        }
        pause(line, nowNs);
    }

    // Nothing of the line may go now: it waits in the wheel, or not at all.
    private void pause(ShapedLine line, long nowNs) {
        int dropped = line.shaper.takeDropped();
        if (dropped > 0) {
            counters.dropOut(line.row, DropReason.RATE, dropped);
        }
        if (!line.shaper.disarm()) {
            await(line, nowNs);
        }
    }

    private void serve(ShapedCarrier carrier, long nowNs) {
        for (ShapedLine line = carrier.turn(nowNs); line != null; line = carrier.turn(nowNs)) {
            int slot = line.shaper.poll(nowNs);
            if (slot == PacketPool.NONE) {
                carrier.leave();
                pause(line, nowNs);
            } else {
                carrier.sent(pool.bytes(slot), nowNs);
                send(line.row, slot, nowNs);
            }
        }
        if (!carrier.disarm()) {
            await(carrier, nowNs);
        }
    }

    private void send(int row, int slot, long nowNs) {
        if (heldCount == HELD || !batch.hasRoom()) {
            batch.flush();
            flushed();
        }
        held[heldCount++] = slot;
        long packet = pool.packet(slot);
        int bytes = pool.bytes(slot);
        long word = rows.word(row);
        int flags = Rows.flags(word);
        boolean ipv6 = Memory.getByte(packet) >>> 4 == 6;
        if ((flags & (ipv6 ? Rows.IPV6 : Rows.IPV4)) == 0) {
            counters.dropOut(row, DropReason.NETWORK_CLOSED);
            return;
        }
        if ((flags & Rows.TAPPED) != 0) {
            gate.tap(row, packet, bytes);
        }
        if ((flags & Rows.MULTILINK) != 0) {
            toBundle(row, packet, bytes, nowNs);
            return;
        }
        int header = L2tpDataHeader.lengthBytes(flags);
        L2tpDataHeader.write(packet - header, rows, row, flags, ipv6);
        batch.datagram(rows.destination(Rows.tunnel(word)), header + bytes, row);
        batch.append(packet - header, header + bytes);
        counters.out(row, 1, bytes, ipv6, nowNs);
    }

    private void toBundle(int row, long packet, int lengthBytes, long nowNs) {
        if (!punt.packet(row, packet, lengthBytes, nowNs)) {
            counters.dropOut(row, DropReason.PUNT_FULL);
        }
    }

    private void await(Waiting waiting, long nowNs) { wakeAt(wheel.add(waiting, nowNs), nowNs); }

    // A task for each time that is earlier than all before; one that was overtaken finds nothing to do, and is not followed by another.
    private void wakeAt(long dueNs, long nowNs) {
        if (dueNs < wakeNs) {
            wakeNs = dueNs;
            Future<?> _ = loop.schedule(tick, dueNs - nowNs, TimeUnit.NANOSECONDS);
        }
    }

    private void tick() { onTime(System.nanoTime()); }

    /** Serves the lines whose time has come. */
    void onTime(long nowNs) {
        if (nowNs < wakeNs) {
            return;
        }
        wakeNs = Wheel.NEVER;
        try {
            tickNs = nowNs;
            wheel.advance(nowNs, due);
            batch.flush();
            flushed();
        } finally {
            wakeAt(wheel.nextNs(), nowNs);
        }
    }
}

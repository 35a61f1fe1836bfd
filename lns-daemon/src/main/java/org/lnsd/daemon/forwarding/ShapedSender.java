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
import org.lnsd.tun.VirtioNetHeader;

/**
 * Sends to lines with a rate, one instance a loop. What exceeds the rate is copied to the line's queue, packet by packet; the loop
 * that found the queue empty serves it from a {@link Wheel}. What goes in one turn goes in one train again.
 */
final class ShapedSender {
    private static final int HELD = 4096;
    /** Packets that are queued or sent at once: those of a super-packet. */
    private static final int TOGETHER = 64;
    /** A super-packet of fewer packets is cut before it waits. */
    private static final int SMALLEST_TRAIN = 4;
    /** So many reads behind a super-packet that waits, the next is expected to wait too. */
    private static final int EXPECTED = 4;

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
    /** Of the super-packet that is being sent. */
    private final Splitter waited = new Splitter();
    private int waitedTrain = PacketPool.NONE;
    /** Where the next super-packet that will probably wait is read to, and whether what was read there may be in the batch. */
    private int place = PacketPool.NONE;
    private boolean placeUsed;
    private int expected;
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
        int train = count < SMALLEST_TRAIN ? PacketPool.NONE : keep(packet, lengthBytes, count);
        for (int first = 0; first < count; first += TOGETHER) {
            int wanted = Math.min(TOGETHER, count - first);
            int taken = pool.take(slots, wanted);
            for (int i = 0; i < taken; i++) {
                if (train == PacketPool.NONE) {
                    pool.bytes(slots[i], copy(splitter, first + i, packet, lengthBytes, pool.packet(slots[i])));
                } else {
                    pool.part(slots[i], train, first + i, splitter.headerBytes() + splitter.payloadBytes(first + i));
                }
            }
            line.shaper.offer(slots, taken, flow, nowNs, share);
            if (taken < wanted) {
                counters.dropOut(line.row, DropReason.RATE, wanted - taken);
                if (train != PacketPool.NONE) {
                    pool.giveTrain(train, wanted - taken);
                }
            }
        }
    }

    /** Where the next packet is best read to, with the room of a super-packet; 0: anywhere, it will hardly wait. */
    long place() {
        if (expected == 0 || placeUsed) {
            return 0;
        }
        expected--;
        if (place == PacketPool.NONE) {
            place = pool.takeTrain(0, 0);
        }
        placeUsed = place != PacketPool.NONE;
        return placeUsed ? pool.superPacket(place) : 0;
    }

    private int keep(long packet, int lengthBytes, int count) {
        expected = EXPECTED;
        if (placeUsed && packet == pool.superPacket(place)) {
            int train = place;
            pool.fillTrain(train, count, lengthBytes);
            place = PacketPool.NONE;
            placeUsed = false;
            return train;
        }
        int train = pool.takeTrain(count, lengthBytes);
        if (train != PacketPool.NONE) {
            int header = VirtioNetHeader.LENGTH;
            Memory.copy(packet - header, pool.superPacket(train) - header, header + lengthBytes);
        }
        return train;
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
            waitedTrain = PacketPool.NONE; // its place may be another's now
        }
        placeUsed = false;
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
        int train = pool.train(slot);
        long packet = train == PacketPool.NONE ? pool.packet(slot) : begin(train);
        int bytes = pool.bytes(slot);
        long word = rows.word(row);
        int flags = Rows.flags(word);
        boolean ipv6 = Memory.getByte(packet) >>> 4 == 6;
        if ((flags & (ipv6 ? Rows.IPV6 : Rows.IPV4)) == 0) {
            counters.dropOut(row, DropReason.NETWORK_CLOSED);
            return;
        }
        boolean cut = train != PacketPool.NONE;
        if (cut && (flags & (Rows.TAPPED | Rows.MULTILINK)) != 0) {
            copy(waited, pool.index(slot), packet, bytes, pool.packet(slot));
            packet = pool.packet(slot);
            cut = false;
        }
        if ((flags & Rows.TAPPED) != 0) {
            gate.tap(row, packet, bytes);
        }
        if ((flags & Rows.MULTILINK) != 0) {
            toBundle(row, packet, bytes, nowNs);
            return;
        }
        int header = L2tpDataHeader.lengthBytes(flags);
        long front = cut ? batch.slot() : packet - header;
        L2tpDataHeader.write(front, rows, row, flags, ipv6);
        batch.datagram(rows.destination(Rows.tunnel(word)), header + bytes, row);
        if (cut) {
            appendPart(front, header, pool.index(slot));
        } else {
            batch.append(front, header + bytes);
        }
        counters.out(row, 1, bytes, ipv6, nowNs);
    }

    private void appendPart(long front, int header, int index) {
        waited.writeHeader(index, front + header);
        batch.append(front, header + waited.headerBytes());
        batch.append(waited.payloadAddress(index), waited.payloadBytes(index));
    }

    private long begin(int train) {
        long packet = pool.superPacket(train);
        if (train != waitedTrain) {
            waitedTrain = train;
            // It was good when it came.
            boolean _ = waited.begin(packet - VirtioNetHeader.LENGTH, packet, pool.superPacketBytes(train));
        }
        return packet;
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

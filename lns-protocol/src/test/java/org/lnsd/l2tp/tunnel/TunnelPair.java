package org.lnsd.l2tp.tunnel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Two ends on one virtual clock with a link that loses, doubles and reorders as a seed says. */
final class TunnelPair {
    static final long MILLISECOND_NS = 1_000_000;
    static final long SECOND_NS = 1_000_000_000;

    /** Without leak detection, which would take most of the time of thousands of runs. */
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);

    /** A datagram or a command that is due. */
    private record Due(long atNs, long order, Runnable action) {}

    final Tunnel lac;
    final Tunnel lns;
    final List<TunnelEvent> lacEvents = new ArrayList<>();
    final List<TunnelEvent> lnsEvents = new ArrayList<>();
    private final PriorityQueue<Due> queue = new PriorityQueue<>(
            Comparator.comparingLong(Due::atNs).thenComparingLong(Due::order));
    private final SplittableRandom random;
    private final double fault;
    private BiConsumer<Tunnel, TunnelEvent> onEvent = (_, _) -> {};
    private long order;
    long nowNs = 1_000;
    int datagrams;

    TunnelPair(TunnelSettings lacSettings, TunnelSettings lnsSettings, long seed, double fault) {
        random = new SplittableRandom(seed);
        this.fault = fault;
        lac = Tunnel.initiate(lacSettings, 0x1111, random.split(), ALLOCATOR);
        lns = Tunnel.accept(lnsSettings, 0x2222, random.split(), ALLOCATOR);
    }

    static TunnelSettings.Builder settings(String hostName) { return TunnelSettings.builder(hostName); }

    /** What the shell does on an event. */
    void onEvent(BiConsumer<Tunnel, TunnelEvent> handler) { onEvent = handler; }

    void at(long delayNs, Runnable action) { queue.add(new Due(nowNs + delayNs, order++, action)); }

    /** Runs until nothing is due any more or the time is over. */
    void run(long durationNs) {
        long endNs = nowNs + durationNs;
        drain();
        while (true) {
            long nextNs = Math.min(lac.nextDeadlineNs(), lns.nextDeadlineNs());
            Due due = queue.peek();
            nextNs = due == null ? nextNs : Math.min(nextNs, due.atNs);
            if (nextNs > endNs) {
                nowNs = endNs;
                return;
            }
            nowNs = Math.max(nowNs, nextNs);
            if (due != null && due.atNs <= nowNs) {
                queue.remove().action.run();
            } else {
                tick(lac);
                tick(lns);
            }
            drain();
        }
    }

    private void tick(Tunnel tunnel) {
        if (tunnel.nextDeadlineNs() <= nowNs) {
            tunnel.onTimeout(nowNs);
        }
    }

    private void drain() {
        boolean busy = true;
        while (busy) {
            busy = transmit(lac, lns) || transmit(lns, lac) || handle(lac, lacEvents) || handle(lns, lnsEvents);
        }
    }

    private boolean handle(Tunnel tunnel, List<TunnelEvent> events) {
        TunnelEvent event = tunnel.pollEvent();
        if (event == null) {
            return false;
        }
        events.add(event);
        onEvent.accept(tunnel, event);
        return true;
    }

    private boolean transmit(Tunnel from, Tunnel to) {
        ByteBuf datagram = from.pollTransmit();
        if (datagram == null) {
            return false;
        }
        datagrams++;
        if (random.nextDouble() >= fault) {
            deliver(datagram.copy(), to);
            if (random.nextDouble() < fault) {
                deliver(datagram.copy(), to);
            }
        }
        datagram.release();
        return true;
    }

    private void deliver(ByteBuf datagram, Tunnel to) {
        long delayNs = 5 * MILLISECOND_NS + (random.nextDouble() < fault ? random.nextLong(40 * MILLISECOND_NS) : 0);
        at(delayNs, () -> {
            to.onDatagram(datagram, nowNs);
            datagram.release();
        });
    }
}

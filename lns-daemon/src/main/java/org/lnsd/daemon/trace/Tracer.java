package org.lnsd.daemon.trace;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One operator's trace: a bounded queue, so that a slow reader loses events and holds up nobody. */
public final class Tracer implements AutoCloseable {

    private static final int QUEUE_EVENTS = 2_000;

    private final TraceHub hub;
    private final Set<String> names;
    private final boolean packets;
    private final BlockingQueue<TraceEvent> queue = new ArrayBlockingQueue<>(QUEUE_EVENTS);
    private final AtomicLong lost = new AtomicLong();

    Tracer(TraceHub hub, Set<String> names, boolean packets) {
        this.hub = hub;
        this.names = Set.copyOf(names);
        this.packets = packets;
    }

    boolean wants(String id, String user) { return names.contains(id) || names.contains(user); }

    boolean wantsPackets() { return packets; }

    void offer(TraceEvent event) {
        if (!queue.offer(event)) {
            lost.incrementAndGet();
        }
    }

    /** Waits for the next event; empty: none came in that time. */
    public Optional<TraceEvent> poll(Duration limit) throws InterruptedException {
        return Optional.ofNullable(queue.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Events that the reader was too slow for, since the last time this was asked. */
    public long takeLost() {
        return lost.getAndSet(0);
    }

    @Override
    public void close() { hub.remove(this); }
}

package org.lnsd.daemon.intercept;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.PacketTap;
import org.lnsd.tun.Memory;

/** The copies of one session on their way to the collector, at most so many; what finds no room is counted. */
public final class Interception implements PacketTap {
    private static final int MOST_WAITING = 16_384;

    private final String sessionId;
    private final String user;
    private final InterceptTarget target;
    private final Runnable wake;
    private final ConcurrentLinkedQueue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final LongAdder packets = new LongAdder();
    private final LongAdder lost = new LongAdder();

    Interception(String sessionId, String user, InterceptTarget target, Runnable wake) {
        this.sessionId = sessionId;
        this.user = user;
        this.target = target;
        this.wake = wake;
    }

    @Override
    public void packet(long address, int lengthBytes) {
        if (count.incrementAndGet() > MOST_WAITING) {
            count.decrementAndGet();
            lost.increment();
            return;
        }
        waiting.add(Memory.toArray(address, lengthBytes));
        packets.increment();
        wake.run();
    }

    byte @Nullable [] poll() {
        byte[] packet = waiting.poll();
        if (packet != null) {
            count.decrementAndGet();
        }
        return packet;
    }

    /** A copy that the network or the disk did not take. */
    void notTaken() { lost.increment(); }

    String sessionId() { return sessionId; }

    InterceptTarget target() { return target; }

    /** One line for who may see it. */
    @Override
    public String toString() {
        return "session=" + sessionId + " user=" + user + " target=" + target + " packets=" + packets.sum() + " lost="
                + lost.sum();
    }
}

package org.lnsd.daemon.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The control loop of the running daemon: a Netty event loop and at most one scheduled task of it. */
public final class EventLoopControl implements ControlLoop {

    private static final long MINIMUM_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventLoop eventLoop;
    private Runnable wakeUp = () -> {};
    private long armedNs = Long.MAX_VALUE;
    private @Nullable Future<?> armed;

    /** Uses the loop that also carries the control socket. */
    public EventLoopControl(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    @Override
    public long nowNs() { return System.nanoTime(); }

    @Override
    public boolean inLoop() { return eventLoop.inEventLoop(); }

    @Override
    public void execute(Runnable task) { eventLoop.execute(task); }

    @Override
    public void onWakeUp(Runnable task) { this.wakeUp = task; }

    @Override
    public void wakeAt(long deadlineNs) {
        if (deadlineNs == armedNs) {
            return;
        }
        Future<?> former = armed;
        if (former != null) {
            former.cancel(false);
            armed = null;
        }
        armedNs = deadlineNs;
        if (deadlineNs != Long.MAX_VALUE) {
            long delayNs = Math.max(MINIMUM_DELAY_NS, deadlineNs - nowNs());
            armed = eventLoop.schedule(this::fire, delayNs, TimeUnit.NANOSECONDS);
        }
    }

    private void fire() {
        armed = null;
        armedNs = Long.MAX_VALUE;
        wakeUp.run();
    }
}

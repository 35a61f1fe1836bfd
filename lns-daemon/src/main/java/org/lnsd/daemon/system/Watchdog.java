package org.lnsd.daemon.system;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.lnsd.daemon.loop.ControlLoop;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.loop.Timed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round: from the control loop's timer through every forwarding loop and back. Only a round that came back tells the
 * service manager that we are alive, so a timer that does not fire or one loop that is stuck ends the pings. No thread of
 * its own: a thread would go on while the loops stand still.
 */
public final class Watchdog extends Timed {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    /** Two rounds may be late before the service manager loses patience. */
    private static final int ROUNDS_PER_LIMIT = 3;
    /** Without a watchdog the status line is still renewed. */
    private static final long STATUS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final ServiceManager manager;
    private final ControlLoop loop;
    private final Consumer<Runnable> throughAllLoops;
    private final Supplier<String> status;
    private final long intervalNs;
    private long nextRoundNs = Long.MAX_VALUE;
    private long roundBeganNs;
    private boolean underWay;

    /**
     * @param throughAllLoops runs its argument on the control loop once every forwarding loop has had its turn
     * @param status          one line for the service manager's operator
     */
    public Watchdog(ServiceManager manager, ControlLoop loop, Consumer<Runnable> throughAllLoops,
            Supplier<String> status) {
        this.manager = manager;
        this.loop = loop;
        this.throughAllLoops = throughAllLoops;
        this.status = status;
        this.intervalNs = manager.watchdogNs().orElse(STATUS_INTERVAL_NS * ROUNDS_PER_LIMIT) / ROUNDS_PER_LIMIT;
    }

    /** Begins, if there is a service manager; any thread. */
    public void start(DeadlineTable deadlines) {
        if (manager.present()) {
            loop.execute(() -> {
                nextRoundNs = loop.nowNs();
                deadlines.update(this);
            });
        }
    }

    @Override
    public long nextDeadlineNs() { return nextRoundNs; }

    @Override
    public void onDeadline(long nowNs) {
        nextRoundNs = nowNs + intervalNs;
        if (underWay) {
            LOG.warn("loop-stuck class=bug ms={} effect=\"the watchdog is not told that we are alive\"",
                    TimeUnit.NANOSECONDS.toMillis(nowNs - roundBeganNs));
            return;
        }
        underWay = true;
        roundBeganNs = nowNs;
        throughAllLoops.accept(this::cameBack);
    }

    private void cameBack() {
        underWay = false;
        manager.alive(status.get());
    }
}

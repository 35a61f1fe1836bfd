package org.lnsd.daemon.metrics;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener could not accept, mostly for want of file descriptors: all of it is counted, and while that lasts a line a minute says so.
 * Any thread.
 */
public final class AcceptFailures implements MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long REPEAT_NS = TimeUnit.MINUTES.toNanos(1);

    private final String listener;
    private final LongSupplier clockNs;
    private long failures;
    private long told;
    private long toldNs;

    /** Of the listener with this name. */
    public AcceptFailures(String listener) { this(listener, System::nanoTime); }

    AcceptFailures(String listener, LongSupplier clockNs) {
        this.listener = listener;
        this.clockNs = clockNs;
    }

    /** Counts one; the listener tries again after a moment. */
    public synchronized void failed(Throwable cause) {
        long nowNs = clockNs.getAsLong();
        failures++;
        if (told == 0 || nowNs - toldNs >= REPEAT_NS) {
            LOG.warn("accept-failed class=local listener={} failures={} cause=\"{}\" effect=\"tried again\"", listener,
                    failures - told, cause.getMessage());
            told = failures;
            toldNs = nowNs;
        }
    }

    /** How many there were. */
    public synchronized long failures() { return failures; }

    @Override
    public void collect(Consumer<Metric> into) {
        into.accept(Metric.counter("lnsd_accept_failures",
                "Connections that could not be accepted, mostly for want of file descriptors.", "listener", listener,
                failures()));
    }
}

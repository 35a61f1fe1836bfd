package org.lnsd.daemon.metrics;

import java.util.function.Consumer;

/** A part that has something to count. Read on the thread of whoever asks, so it must not wait for a control loop. */
@FunctionalInterface
public interface MetricSource {

    /** Gives all its values; the same name always with the same type, help and label names. */
    void collect(Consumer<Metric> into);
}

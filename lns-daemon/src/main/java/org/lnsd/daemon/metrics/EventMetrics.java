package org.lnsd.daemon.metrics;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Events of tunnels and sessions, counted by name. */
public final class EventMetrics implements MetricSource {

    private final Supplier<Map<String, Long>> counts;

    /** The metrics of a table of counts. */
    public EventMetrics(Supplier<Map<String, Long>> counts) {
        this.counts = counts;
    }

    @Override
    public void collect(Consumer<Metric> into) {
        counts.get().forEach((event, count) -> into
                .accept(Metric.counter("lnsd_events", "What happened to tunnels and sessions, by event and result.",
                        "event", event, count)));
    }
}

package org.lnsd.daemon.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All sources of metrics. Any thread. */
public final class MetricRegistry {

    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();

    /** Adds a source for good. */
    public void register(MetricSource source) { sources.add(source); }

    /** A reading of everything, in the order of the sources. */
    public List<Metric> collect() {
        List<Metric> all = new ArrayList<>();
        sources.forEach(source -> source.collect(all::add));
        return all;
    }
}

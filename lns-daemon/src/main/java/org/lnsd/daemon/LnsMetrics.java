package org.lnsd.daemon;

import java.util.function.Consumer;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricSource;

/** The counters of kernel routes. */
final class LnsMetrics implements MetricSource {

    private final Daemon daemon;

    LnsMetrics(Daemon daemon) { this.daemon = daemon; }

    @Override
    public void collect(Consumer<Metric> into) {
        into.accept(Metric.gauge("lnsd_kernel_routes", "kernel routes set", daemon.kernelRoutes().installed().size()));
        into.accept(Metric.counter("lnsd_kernel_route_failures", "kernel routes refused",
                daemon.kernelRoutes().failures()));
    }
}

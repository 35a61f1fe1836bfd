package org.lnsd.daemon;

import java.util.function.Consumer;
import org.lnsd.daemon.forwarding.ForwardingCounters;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricSource;
import org.lnsd.daemon.session.SessionState;

/** The counters of tunnels, sessions, pools and forwarding. */
final class LnsMetrics implements MetricSource {

    private final Daemon daemon;

    LnsMetrics(Daemon daemon) { this.daemon = daemon; }

    @Override
    public void collect(Consumer<Metric> into) {
        into.accept(Metric.gauge("lnsd_uptime_seconds", "seconds since the start", daemon.uptimeSeconds()));
        into.accept(
                Metric.gauge("lnsd_tunnels", "tunnels, also those that open or close", daemon.tunnels().all().size()));
        daemon.services().table().states().forEach((state, count) -> {
            if (state != SessionState.ENDED) {
                into.accept(Metric.gauge("lnsd_sessions", "sessions by state", "state", state.label(), count));
            }
        });
        daemon.counts().all().forEach((name, count) -> into
                .accept(Metric.counter("lnsd_events", "what happened to tunnels and sessions", "event", name, count)));
        into.accept(Metric.gauge("lnsd_kernel_routes", "kernel routes set", daemon.kernelRoutes().installed().size()));
        into.accept(Metric.counter("lnsd_kernel_route_failures", "kernel routes refused",
                daemon.kernelRoutes().failures()));
        daemon.pools().statistics().forEach(pool -> {
            String label = pool.name() + "/" + pool.family().name().toLowerCase(java.util.Locale.ROOT);
            into.accept(Metric.gauge("lnsd_pool_size", "what a pool can hand out", "pool", label, pool.total()));
            into.accept(Metric.gauge("lnsd_pool_used", "what a pool has handed out", "pool", label, pool.used()));
            into.accept(Metric.counter("lnsd_pool_exhausted", "requests to a pool that was dry", "pool", label,
                    pool.exhausted()));
        });
        forwarding(daemon.services().forwarding().counters(), into);
    }

    private static void forwarding(ForwardingCounters counters, Consumer<Metric> into) {
        into.accept(Metric.counter("lnsd_packets", "IP packets forwarded", "direction", "in", counters.packetsIn()));
        into.accept(Metric.counter("lnsd_packets", "IP packets forwarded", "direction", "out", counters.packetsOut()));
        into.accept(Metric.counter("lnsd_octets", "octets of IP packets forwarded", "direction", "in",
                counters.octetsIn()));
        into.accept(Metric.counter("lnsd_octets", "octets of IP packets forwarded", "direction", "out",
                counters.octetsOut()));
        counters.drops().forEach((reason, count) -> into
                .accept(Metric.counter("lnsd_dropped_packets", "packets dropped", "reason", reason.label(), count)));
        into.accept(Metric.counter("lnsd_control_messages", "L2TP control messages received",
                counters.controlMessages()));
        into.accept(Metric.counter("lnsd_punted_frames", "PPP frames given to the control loop",
                counters.puntedFrames()));
    }
}

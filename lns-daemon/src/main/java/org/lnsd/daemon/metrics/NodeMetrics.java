package org.lnsd.daemon.metrics;

import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.PoolView;
import org.lnsd.daemon.control.RadiusServerView;
import org.lnsd.daemon.control.StatusView;

import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** What the daemon's views tell: tunnels and sessions by state, traffic, pools, RADIUS servers. */
public final class NodeMetrics implements MetricSource {

    private final Node node;

    /** The metrics of a node. */
    public NodeMetrics(Node node) { this.node = node; }

    @Override
    public void collect(Consumer<Metric> into) {
        StatusView status = node.status();
        into.accept(Metric.of("lnsd_build", MetricType.GAUGE, "Always 1; the version is the label.",
                Map.of("version", status.version(), "node", status.node()), 1));
        into.accept(Metric.gauge("lnsd_ready", "1 when tunnels and sessions are taken.", status.ready() ? 1 : 0));
        into.accept(Metric.gauge("lnsd_uptime_seconds", "Time since the start.", status.uptimeSeconds()));
        byState(status.tunnels(), "lnsd_tunnels", "Tunnels by state (RFC 2661 section 7.2).", into);
        byState(status.sessions(), "lnsd_sessions", "Sessions by state; open: IP flows.", into);
        tunnels(into);
        node.pools().forEach(pool -> pool(pool, into));
        node.radiusServers().forEach(server -> radius(server, into));
    }

    private static void byState(Map<String, Integer> states, String name, String help, Consumer<Metric> into) {
        states.forEach((state, count) -> {
            if (!state.equals("total")) {
                into.accept(Metric.gauge(name, help, "state", state, count));
            }
        });
    }

    // Sums over all tunnels that live; a tunnel that ends takes its share with it, so these are gauges.
    private void tunnels(Consumer<Metric> into) {
        long[] sums = new long[3];
        node.tunnels().forEach(tunnel -> {
            sums[0] += tunnel.unacknowledged();
            sums[1] += tunnel.retransmissions();
            sums[2] += tunnel.duplicates();
        });
        into.accept(Metric.gauge("lnsd_tunnel_messages_unacknowledged",
                "Control messages sent and not acknowledged, all tunnels.", sums[0]));
        into.accept(Metric.gauge("lnsd_tunnel_messages_retransmitted",
                "Control messages sent again by the tunnels that live.", sums[1]));
        into.accept(Metric.gauge("lnsd_tunnel_messages_duplicate",
                "Control messages received again by the tunnels that live.", sums[2]));
    }

    private static void pool(PoolView pool, Consumer<Metric> into) {
        Map<String, String> labels = Map.of("pool", pool.name(), "family",
                pool.family().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        into.accept(Metric.of("lnsd_pool_size", MetricType.GAUGE, "Addresses or prefixes of a pool.", labels,
                pool.total()));
        into.accept(Metric.of("lnsd_pool_used", MetricType.GAUGE, "Of those, with sessions.", labels, pool.used()));
        into.accept(Metric.of("lnsd_pool_exhausted", MetricType.COUNTER, "Times that a pool had nothing left to give.",
                labels, pool.exhausted()));
    }

    // RFC 4668 (authentication) and RFC 4670 (accounting) client counters, by their names there.
    private static void radius(RadiusServerView server, Consumer<Metric> into) {
        Map<String, String> labels = Map.of("server", server.name());
        into.accept(Metric.of("lnsd_radius_server_alive", MetricType.GAUGE, "1 while the server answers.", labels,
                server.state().equals("alive") ? 1 : 0));
        into.accept(Metric.of("lnsd_radius_outstanding", MetricType.GAUGE, "Requests without answer yet.", labels,
                server.outstanding()));
        into.accept(Metric.of("lnsd_radius_round_trip_seconds", MetricType.GAUGE, "Time to the last answer.", labels,
                server.roundTripMicroseconds() / 1e6));
        server.counters().forEach((name, value) -> into.accept(Metric.of("lnsd_radius_messages", MetricType.COUNTER,
                "RADIUS messages and faults by kind (RFC 4668, RFC 4670).",
                Map.of("server", server.name(), "kind", name), value)));
    }
}

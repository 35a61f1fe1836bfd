package org.lnsd.daemon.snmp;

import static org.lnsd.daemon.snmp.Values.counter64;
import static org.lnsd.daemon.snmp.Values.gauge;
import static org.lnsd.daemon.snmp.Values.integer;
import static org.lnsd.daemon.snmp.Values.text;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.PoolView;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricRegistry;
import org.lnsd.daemon.metrics.MetricType;
import org.lnsd.daemon.snmp.Table.Column;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

/** LNSD-MIB, in packaging/examples/snmp: the daemon as a whole, the pools, and every counter that is a plain number. */
final class LnsdMib {

    /** Under NET-SNMP's playground for those without a number of their own. */
    static final String ROOT = "1.3.6.1.4.1.8072.9999.9999.1701";

    private static final int KIBIBYTE = 1024;

    private final Node node;
    private final MetricRegistry metrics;
    private final LongSupplier clockNs;

    LnsdMib(Node node, MetricRegistry metrics, LongSupplier clockNs) {
        this.node = node;
        this.metrics = metrics;
        this.clockNs = clockNs;
    }

    List<Subtree> subtrees() {
        return List.of(
                scalar(1, () -> text(node.status().version())), scalar(2, () -> text(node.status().state())),
                scalar(3, () -> Values.ticks(node.status().uptimeSeconds() * 100)),
                scalar(4, () -> gauge(count(node.status().tunnels(), "established"))),
                scalar(5, () -> gauge(count(node.status().sessions(), "total"))),
                scalar(6, () -> gauge(count(node.status().sessions(), "open"))),
                scalar(7, () -> counter64(node.status().traffic().octetsIn())),
                scalar(8, () -> counter64(node.status().traffic().octetsOut())),
                scalar(9, () -> counter64(node.status().traffic().packetsIn())),
                scalar(10, () -> counter64(node.status().traffic().packetsOut())),
                scalar(11, () -> gauge(node.status().memoryBytes() / KIBIBYTE)),
                pools(), counters());
    }

    private static Scalar scalar(int number, Supplier<Variable> value) {
        return new Scalar(new OID(ROOT + ".1.1." + number), value);
    }

    private static int count(Map<String, Integer> byState, String state) { return byState.getOrDefault(state, 0); }

    private Table<PoolView> pools() {
        return new Table<>(new OID(ROOT + ".1.2.1"),
                new Rows<>(() -> node.pools().stream(), LnsdMib::poolIndex, clockNs), List.of(
                        new Column<>(3, pool -> counter64(pool.total())),
                        new Column<>(4, pool -> counter64(pool.used())),
                        new Column<>(5, pool -> counter64(pool.exhausted()))));
    }

    private static OID poolIndex(PoolView pool) {
        int family = switch (pool.family()) {
            case IPV4 -> 1;
            case IPV6_PREFIX -> 2;
            case IPV6_DELEGATED -> 3;
        };
        return new OID(Values.textIndex(pool.name()).getValue(), new int[]{family});
    }

    private Table<Metric> counters() {
        return new Table<>(new OID(ROOT + ".1.3.1"),
                new Rows<>(() -> metrics.collect().stream(), metric -> Values.textIndex(name(metric)), clockNs),
                List.of(new Column<>(2, metric -> counter64((long) metric.value())),
                        new Column<>(3, metric -> integer(metric.type() == MetricType.COUNTER ? 1 : 2))));
    }

    // The index is the name: lnsd_tunnels becomes tunnels, labels follow by their values alone, in the order of their names.
    private static String name(Metric metric) {
        String labels = metric.labels().entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue)
                .collect(Collectors.joining(","));
        String plain = metric.name().replaceFirst("^lnsd_", "").toLowerCase(Locale.ROOT);
        return labels.isEmpty() ? plain : plain + "{" + labels + "}";
    }
}

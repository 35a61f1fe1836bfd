package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.RESTART;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** {@code [metrics]}. */
final class MetricsTable {

    private static final ValueType<Optional<InetSocketAddress>> ADDRESS_OR_EMPTY = ValueTypes.text(
            text -> text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ValueTypes.socketAddress().read(text, Place.nowhere())),
            Optional.empty(), "ADDRESS:PORT, or \"\"");

    private static final Key<Optional<InetSocketAddress>> LISTEN = Key.of("listen", ADDRESS_OR_EMPTY,
            "\"127.0.0.1:9701\"", RESTART,
            "Prometheus /metrics, /healthz and the status page; empty: not served");

    static final TableSchema SCHEMA = new TableSchema("metrics", false, false, "Counters for monitoring.",
            List.of(LISTEN));

    private MetricsTable() {}

    static MetricsConfig read(TableReader in) { return new MetricsConfig(in.get(LISTEN)); }
}

package org.lnsd.daemon.control;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.lnsd.daemon.config.ConfigurationListing;
import org.lnsd.daemon.log.LogMemory;
import org.lnsd.daemon.metrics.Metric;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that only look, but for those on sessions. */
final class ShowCommands {

    private ShowCommands() {}

    static void add(Menu show, OperatorServices services, Output output) {
        Node node = services.node();
        show.add("status", () -> new ShowStatus(node, output));
        show.add("tunnels", () -> new ShowTunnels(node, output));
        show.add("tunnel", () -> new ShowTunnel(node, output));
        SessionCommands.add(show, services, output);
        show.add("pools", () -> new ShowPools(node, output));
        show.add("radius", () -> new ShowRadius(node, output));
        show.add("filters", () -> new ShowFilters(node, output));
        show.add("routes", () -> new ShowRoutes(node, output));
        show.add("counters", () -> new ShowCounters(services, output));
        show.add("configuration", () -> new ShowConfiguration(node, output));
        show.add("log", () -> new ShowLog(services, output));
        show.add("top", () -> new TopCommand(services, output));
        show.add("histogram", () -> new HistogramCommand(node, output));
    }

    /** {@code show status}. */
    @Command(description = "The daemon as a whole; exit code 0 means ready.")
    static final class ShowStatus implements Callable<Integer> {
        private final Node node;
        private final Output output;

        ShowStatus(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            StatusView status = node.status();
            if (output.isJson()) {
                output.json(status);
            } else {
                text(status);
            }
            if (!status.ready()) {
                output.error("not ready: " + status.state());
                return Commands.REFUSED;
            }
            return Commands.DONE;
        }

        private void text(StatusView status) {
            TrafficView traffic = status.traffic();
            output.details(List.of(Map.entry("version", status.version()), Map.entry("node", status.node()),
                    Map.entry("state", status.state()), Map.entry("uptime", Format.seconds(status.uptimeSeconds())),
                    Map.entry("tunnels", states(status.tunnels())), Map.entry("sessions", states(status.sessions())),
                    Map.entry("set-ups", Math.round(status.setupsPerSecond()) + "/s"),
                    Map.entry("in",
                            Format.rate(traffic.bitsPerSecondIn()) + ", " + Format.octets(traffic.octetsIn())
                                    + " in all"),
                    Map.entry("out",
                            Format.rate(traffic.bitsPerSecondOut()) + ", " + Format.octets(traffic.octetsOut())
                                    + " in all"),
                    Map.entry("radius", status.radius().isEmpty()
                            ? "-"
                            : String.join(", ",
                                    status.radius().stream().map(server -> server.server() + " " + server.state())
                                            .toList())),
                    Map.entry("memory", Format.octets(status.memoryBytes()))));
        }

        private static String states(Map<String, Integer> byState) {
            return String.join(", ",
                    byState.entrySet().stream().map(entry -> entry.getValue() + " " + entry.getKey()).toList());
        }
    }

    /** {@code show tunnels}. */
    @Command(description = "All tunnels.")
    static final class ShowTunnels implements Callable<Integer> {
        private static final List<Column<TunnelView>> COLUMNS = List.of(
                Column.of("ID", tunnel -> Integer.toString(tunnel.id())),
                Column.of("PEER", tunnel -> Format.orDash(tunnel.peer())),
                Column.of("ADDRESS", TunnelView::peerAddress),
                Column.of("HOST NAME", 3, tunnel -> Format.orDash(tunnel.hostName())),
                Column.of("STATE", 1, TunnelView::state),
                Column.of("SESSIONS", 1, tunnel -> Integer.toString(tunnel.sessions())),
                Column.of("NS", 5, tunnel -> Integer.toString(tunnel.ns())),
                Column.of("NR", 5, tunnel -> Integer.toString(tunnel.nr())),
                Column.of("RETRANS", 4, tunnel -> Long.toString(tunnel.retransmissions())),
                Column.of("UPTIME", 2, tunnel -> Format.seconds(tunnel.uptimeSeconds())));

        private final Node node;
        private final Output output;

        ShowTunnels(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            output.rows(COLUMNS, node.tunnels());
            return Commands.DONE;
        }
    }

    /** {@code show tunnel ID}. */
    @Command(description = "One tunnel.")
    static final class ShowTunnel implements Callable<Integer> {
        private final Node node;
        private final Output output;
        @Parameters(paramLabel = "ID", description = "Our tunnel id.")
        private int id;

        ShowTunnel(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            TunnelView tunnel = node.tunnel(id).orElse(null);
            if (tunnel == null) {
                output.error("no tunnel " + id);
                return Commands.REFUSED;
            }
            if (output.isJson()) {
                output.json(tunnel);
            } else {
                output.details(Details.of(tunnel));
            }
            return Commands.DONE;
        }
    }

    /** {@code show pools}. */
    @Command(description = "The address pools.")
    static final class ShowPools implements Callable<Integer> {
        private static final List<Column<PoolView>> COLUMNS = List.of(Column.of("POOL", PoolView::name),
                Column.of("FAMILY", pool -> pool.family().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')),
                Column.text("RANGES", pool -> String.join(" ", pool.ranges().stream().map(Object::toString).toList())),
                Column.of("TOTAL", 2, pool -> Long.toString(pool.total())),
                Column.of("USED", pool -> Long.toString(pool.used())),
                Column.of("FREE", pool -> Long.toString(pool.free())),
                Column.of("KEPT", 3, pool -> Long.toString(pool.quarantined())),
                Column.of("RAN DRY", 1, pool -> Long.toString(pool.exhausted())));

        private final Node node;
        private final Output output;

        ShowPools(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            output.rows(COLUMNS, node.pools().stream());
            return Commands.DONE;
        }
    }

    /** {@code show radius}. */
    @Command(description = "The RADIUS servers with their counters.")
    static final class ShowRadius implements Callable<Integer> {
        private final Node node;
        private final Output output;

        ShowRadius(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            if (output.isJson()) {
                output.json(node.radiusServers());
                return Commands.DONE;
            }
            for (RadiusServerView server : node.radiusServers()) {
                output.line(output.bold(server.name()) + "  " + server.address() + " ports "
                        + server.authenticationPort() + "/"
                        + server.accountingPort() + "  " + server.state() + "  " + server.outstanding()
                        + " outstanding  round trip "
                        + server.roundTripMicroseconds() + " us");
                output.details(
                        server.counters().entrySet().stream()
                                .map(entry -> Map.entry("  " + entry.getKey(), entry.getValue().toString()))
                                .toList());
            }
            return Commands.DONE;
        }
    }

    /** {@code show routes}. */
    @Command(description = "The kernel routes that lnsd has set.")
    static final class ShowRoutes implements Callable<Integer> {
        private static final List<Column<RouteView>> COLUMNS = List.of(
                Column.of("PREFIX", route -> route.prefix().toString()),
                Column.of("SESSION", 1, route -> Format.orDash(route.sessionId())),
                Column.of("USER", route -> Format.orDash(route.user())));

        private final Node node;
        private final Output output;

        ShowRoutes(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            output.rows(COLUMNS, node.routes());
            return Commands.DONE;
        }
    }

    /** {@code show filters}. */
    @Command(description = "The lists of rules, with how many packets each rule decided.")
    static final class ShowFilters implements Callable<Integer> {
        private static final List<Column<Line>> COLUMNS = List.of(Column.of("FILTER", Line::filter),
                Column.of("PACKETS", line -> Long.toString(line.packets())), Column.text("RULE", Line::rule));

        private final Node node;
        private final Output output;

        ShowFilters(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            if (output.isJson()) {
                output.json(node.filters());
                return Commands.DONE;
            }
            output.table(COLUMNS, node.filters().stream().flatMap(ShowFilters::lines));
            return Commands.DONE;
        }

        private static Stream<Line> lines(FilterView filter) {
            return Stream.concat(
                    filter.rules().stream().map(rule -> new Line(filter.name(), rule.packets(), rule.rule())),
                    Stream.of(new Line(filter.name(), filter.unmatchedPackets(), "(no rule: deny)")));
        }

        private record Line(String filter, long packets, String rule) {}
    }

    /** {@code show counters}. */
    @Command(description = "Every counter, as /metrics has them.")
    static final class ShowCounters implements Callable<Integer> {
        private static final List<Column<Metric>> COLUMNS = List.of(
                Column.of("COUNTER", metric -> metric.name() + labels(metric.labels())),
                Column.of("VALUE", metric -> number(metric.value())),
                new Column<>("MEANING", Metric::help, 1, true));

        private final OperatorServices services;
        private final Output output;
        @Parameters(arity = "0..1", paramLabel = "TEXT", defaultValue = "", description = "Only names that contain this.")
        private String part = "";
        @Option(names = "--all", description = "Also those that are zero.")
        private boolean all;

        ShowCounters(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() {
            Stream<Metric> metrics = services.metrics().collect().stream()
                    .filter(metric -> metric.name().contains(part));
            if (output.isJson()) {
                output.json(metrics);
                return Commands.DONE;
            }
            output.table(COLUMNS, metrics.filter(metric -> all || metric.value() != 0));
            return Commands.DONE;
        }

        private static String labels(Map<String, String> labels) {
            return labels
                    .isEmpty()
                            ? ""
                            : "{" + String.join(",",
                                    labels.entrySet().stream().map(l -> l.getKey() + "=" + l.getValue()).toList())
                                    + "}";
        }

        private static String number(double value) {
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? Long.toString((long) value)
                    : Double.toString(value);
        }
    }

    /** A table as JSON shows it: without the values' fingerprints, which would let one guess at a secret. */
    record ShownTable(String table, String name, List<ShownValue> values) {
        static ShownTable of(ConfigurationListing.Table table) {
            return new ShownTable(table.header(), table.name(), table.values().stream()
                    .map(value -> new ShownValue(value.key(), value.literal(),
                            value.line() == 0 ? "default" : "line " + value.line()))
                    .toList());
        }
    }

    /** One value of it. */
    record ShownValue(String key, String value, String origin) {}

    /** {@code show configuration}. */
    @Command(description = "What is running, with the origin of each value; secrets are masked.")
    static final class ShowConfiguration implements Callable<Integer> {
        private final Node node;
        private final Output output;

        ShowConfiguration(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            ConfigurationListing listing = node.configuration().listing();
            if (output.isJson()) {
                output.json(listing.tables().stream().map(ShownTable::of));
            } else {
                output.line(listing.toToml().stripTrailing());
            }
            return Commands.DONE;
        }
    }

    /** {@code show log}. */
    @Command(description = "The last log lines.")
    static final class ShowLog implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Option(names = {"-n",
                "--lines"}, paramLabel = "N", converter = CountConverter.class, defaultValue = "100", description = "How many, 100 by default.")
        private int count = 100;

        ShowLog(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() {
            List<LogMemory.Line> lines = services.log().last(count);
            if (output.isJson()) {
                output.json(lines);
            } else {
                lines.forEach(line -> output.line(Format.time(line.timeMs()) + " " + line.level() + " " + line.text()));
            }
            return Commands.DONE;
        }
    }
}

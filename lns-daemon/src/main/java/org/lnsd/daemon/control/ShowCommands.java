package org.lnsd.daemon.control;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
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

    /** Writes all rows as JSON or as a table. */
    static <T> void rows(Output output, Stream<T> rows, List<String> header, Function<T, List<String>> row) {
        try (rows) {
            if (output.isJson()) {
                output.json(rows);
            } else {
                output.table(header, rows.map(row));
            }
        }
    }

    /** Writes a record's components below each other. */
    static void details(Output output, List<Map.Entry<String, String>> lines) {
        int width = lines.stream().mapToInt(line -> line.getKey().length()).max().orElse(0);
        lines.forEach(
                line -> output.line(line.getKey() + " ".repeat(width - line.getKey().length() + 2) + line.getValue()));
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
            details(output, List.of(Map.entry("version", status.version()), Map.entry("node", status.node()),
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
        private final Node node;
        private final Output output;

        ShowTunnels(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            rows(output, node.tunnels(),
                    List.of("ID", "PEER", "ADDRESS", "HOST NAME", "STATE", "SESSIONS", "NS", "NR", "RETRANS", "UPTIME"),
                    tunnel -> List.of(Integer.toString(tunnel.id()), Format.orDash(tunnel.peer()), tunnel.peerAddress(),
                            Format.orDash(tunnel.hostName()), tunnel.state(), Integer.toString(tunnel.sessions()),
                            Integer.toString(tunnel.ns()),
                            Integer.toString(tunnel.nr()), Long.toString(tunnel.retransmissions()),
                            Format.seconds(tunnel.uptimeSeconds())));
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
                details(output, Details.of(tunnel));
            }
            return Commands.DONE;
        }
    }

    /** {@code show pools}. */
    @Command(description = "The address pools.")
    static final class ShowPools implements Callable<Integer> {
        private final Node node;
        private final Output output;

        ShowPools(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            rows(output, node.pools().stream(),
                    List.of("POOL", "FAMILY", "RANGES", "TOTAL", "USED", "FREE", "KEPT", "RAN DRY"),
                    pool -> List.of(pool.name(),
                            pool.family().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
                            String.join(" ", pool.ranges().stream().map(Object::toString).toList()),
                            Long.toString(pool.total()),
                            Long.toString(pool.used()), Long.toString(pool.free()), Long.toString(pool.quarantined()),
                            Long.toString(pool.exhausted())));
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
                details(output,
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
        private final Node node;
        private final Output output;

        ShowRoutes(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            rows(output, node.routes(), List.of("PREFIX", "SESSION", "USER"),
                    route -> List.of(route.prefix().toString(), Format.orDash(route.sessionId()),
                            Format.orDash(route.user())));
            return Commands.DONE;
        }
    }

    /** {@code show filters}. */
    @Command(description = "The lists of rules, with how many packets each rule decided.")
    static final class ShowFilters implements Callable<Integer> {
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
            output.table(List.of("FILTER", "PACKETS", "RULE"), node.filters().stream().flatMap(ShowFilters::lines));
            return Commands.DONE;
        }

        private static Stream<List<String>> lines(FilterView filter) {
            Stream<List<String>> rules = filter.rules().stream()
                    .map(rule -> List.of(filter.name(), Long.toString(rule.packets()), rule.rule()));
            return Stream.concat(rules,
                    Stream.of(List.of(filter.name(), Long.toString(filter.unmatchedPackets()), "(no rule: deny)")));
        }
    }

    /** {@code show counters}. */
    @Command(description = "Every counter, as /metrics has them.")
    static final class ShowCounters implements Callable<Integer> {
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
            output.table(List.of("COUNTER", "VALUE", "MEANING"), metrics.filter(metric -> all || metric.value() != 0)
                    .map(metric -> List.of(metric.name() + labels(metric.labels()), number(metric.value()),
                            metric.help())));
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

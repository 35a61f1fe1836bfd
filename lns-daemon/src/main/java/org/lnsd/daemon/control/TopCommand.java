package org.lnsd.daemon.control;

import java.util.List;
import java.util.concurrent.Callable;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.net.IpAddresses;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code show top}: the busiest lines of the moment under a summary. lnsctl repeats it over the whole screen. */
@Command(description = "The busiest lines, rates, set-ups and drops; on a terminal over the whole screen, again and again.")
final class TopCommand implements Callable<Integer> {

    private static final int SUMMARY_LINES = 5;
    private static final int DEFAULT_ROWS = 24;
    private static final List<Column<SessionView>> COLUMNS = List.of(
            Column.of("USER", session -> Format.orDash(session.user())),
            Column.of("IN", session -> Format.rate(session.bitsPerSecondIn())),
            Column.of("OUT", session -> Format.rate(session.bitsPerSecondOut())),
            Column.of("IPV4", 1, session -> session.ipv4().map(IpAddresses::format).orElse("-")),
            Column.of("PEER", 3, session -> Format.orDash(session.peer())),
            Column.of("UPTIME", 2, session -> Format.seconds(session.uptimeSeconds())));

    private final OperatorServices services;
    private final Output output;
    @Option(names = "--rows", paramLabel = "N", description = "Lines in all, 24 by default.")
    private int rows = DEFAULT_ROWS;

    /**
     * What is shown.
     *
     * @param status the daemon as a whole
     * @param drops packets dropped in forwarding since the start, all reasons
     * @param sessions the busiest, the busiest first
     */
    record Top(StatusView status, long drops, List<SessionView> sessions) {}

    TopCommand(OperatorServices services, Output output) {
        this.services = services;
        this.output = output;
    }

    @Override
    public Integer call() {
        Top top = new Top(services.node().status(), drops(),
                services.node().busiest(Math.max(1, rows - SUMMARY_LINES)));
        if (output.isJson()) {
            output.json(top);
            return Commands.DONE;
        }
        StatusView status = top.status();
        TrafficView traffic = status.traffic();
        output.line(output.bold(status.node()) + "  " + status.state() + "  up "
                + Format.seconds(status.uptimeSeconds()) + "  memory " + Format.octets(status.memoryBytes()));
        output.line("tunnels " + status.tunnels().getOrDefault("total", 0) + "  sessions "
                + status.sessions().getOrDefault("open", 0) + " open of "
                + status.sessions().getOrDefault("total", 0) + "  set-ups " + Math.round(status.setupsPerSecond())
                + "/s");
        output.line("in " + Format.rate(traffic.bitsPerSecondIn()) + "  out "
                + Format.rate(traffic.bitsPerSecondOut()) + "  drops " + top.drops());
        output.line("");
        output.table(COLUMNS, top.sessions().stream());
        return Commands.DONE;
    }

    private long drops() {
        return (long) services.metrics().collect().stream()
                .filter(metric -> metric.name().equals("lnsd_forwarding_drops")).mapToDouble(Metric::value).sum();
    }
}

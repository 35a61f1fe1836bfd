package org.lnsd.daemon.control;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.lnsd.daemon.history.HistoryView;
import org.lnsd.daemon.trace.Pcapng;
import org.lnsd.daemon.trace.TraceEvent;
import org.lnsd.daemon.trace.TraceHub;
import org.lnsd.daemon.trace.Tracer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that follow a session or tunnel live. */
final class TraceCommands {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

    private TraceCommands() {}

    static void add(Menu trace, OperatorServices services, Output output) {
        trace.add("session", () -> new TraceSession(services, output));
        trace.add("tunnel", () -> new TraceTunnel(services, output));
        trace.add("peer", () -> new TracePeer(services, output));
    }

    /** What the traces have in common. */
    abstract static class Trace implements Callable<Integer> {
        final OperatorServices services;
        final Output output;
        @Option(names = "--pcap", description = "Also the packets; lnsctl writes them to --pcap FILE.")
        private boolean packets;
        @Option(names = "--wait", description = "Wait for one that is to come, and go on when one ends.")
        private boolean wait;
        @Option(names = "--for", paramLabel = "SECONDS", converter = CountConverter.class, description = "End after so many seconds.")
        private int seconds = 999_999_999;

        Trace(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        boolean mayWait() { return wait; }

        /** Follows what is known by these names until it ends. */
        int follow(Set<String> names, Optional<HistoryView> past) throws InterruptedException {
            Optional<Tracer> listening = services.history().trace().listen(names, packets);
            if (listening.isEmpty()) {
                output.error(TraceHub.MAXIMUM_TRACERS + " traces run already");
                return Commands.REFUSED;
            }
            try (Tracer tracer = listening.get()) {
                if (packets) {
                    output.packet(Pcapng.header());
                }
                past.ifPresent(view -> view.events().forEach(event -> show(
                        new TraceEvent(event.timeMs(), view.id(), event.stage(), event.text(), new byte[0]))));
                listen(tracer);
            }
            return Commands.DONE;
        }

        private void listen(Tracer tracer) throws InterruptedException {
            long endNs = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            while (true) {
                output.flush();
                long restNs = endNs - System.nanoTime();
                if (restNs <= 0) {
                    return;
                }
                Duration limit = restNs < KEEP_ALIVE.toNanos() ? Duration.ofNanos(restNs) : KEEP_ALIVE;
                Optional<TraceEvent> event = tracer.poll(limit.plusMillis(1));
                event.ifPresentOrElse(this::show, () -> output.packet(new byte[0]));
                long lost = tracer.takeLost();
                if (lost > 0) {
                    output.error(lost + " events lost: the reader is too slow");
                }
                if (event.isPresent() && event.get().isEnd() && !wait) {
                    output.flush();
                    return;
                }
            }
        }

        private void show(TraceEvent event) {
            if (event.packet().length > 0) {
                output.packet(Pcapng.packet(event.timeMs(), event.packet()));
            } else if (output.isJson()) {
                output.json(new Shown(event.timeMs(), event.about(), event.stage(), event.text()));
            } else {
                output.line(Format.time(event.timeMs()) + "  " + event.about() + "  "
                        + String.format("%-14s", event.stage()) + " " + event.text());
            }
        }
    }

    /** An event as a JSON document; a trace writes one a line. */
    record Shown(long timeMs, String about, String stage, String text) {}

    /** {@code trace session X}. */
    @Command(description = "Follows a session's negotiation live: first what is known of it, then what comes.")
    static final class TraceSession extends Trace {
        @Parameters(paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";

        TraceSession(OperatorServices services, Output output) { super(services, output); }

        @Override
        public Integer call() throws InterruptedException {
            Set<String> names = new HashSet<>(Set.of(name));
            services.node().findSessions(name).forEach(session -> names.add(session.id()));
            Optional<HistoryView> past = names.stream().flatMap(known -> services.history().find(known).stream())
                    .filter(view -> !view.ended()).findFirst();
            if (past.isEmpty() && !mayWait()) {
                output.error("no session with id, user or address " + name + "; --wait waits for one");
                return Commands.REFUSED;
            }
            return follow(names, past);
        }
    }

    /** {@code trace tunnel ID}. */
    @Command(description = "Follows a tunnel's control messages live.")
    static final class TraceTunnel extends Trace {
        @Parameters(paramLabel = "ID", description = "Our tunnel id.")
        private int id;

        TraceTunnel(OperatorServices services, Output output) { super(services, output); }

        @Override
        public Integer call() throws InterruptedException {
            Optional<HistoryView> past = services.history().findTunnel(Integer.toString(id)).stream()
                    .filter(view -> !view.ended()).findFirst();
            if (past.isEmpty() && !mayWait()) {
                output.error("no tunnel " + id);
                return Commands.REFUSED;
            }
            return follow(Set.of("tunnel-" + id), past);
        }
    }

    /** {@code trace peer NAME}. */
    @Command(description = "Follows the control messages of all tunnels of a [[l2tp.peer]] entry.")
    static final class TracePeer extends Trace {
        @Parameters(paramLabel = "NAME", description = "The name of the entry.")
        private String name = "";

        TracePeer(OperatorServices services, Output output) { super(services, output); }

        @Override
        public Integer call() throws InterruptedException {
            boolean known = services.node().configuration().l2tp().peers().stream()
                    .anyMatch(peer -> peer.name().equals(name));
            if (!known) {
                output.error("no [[l2tp.peer]] " + name);
                return Commands.REFUSED;
            }
            return follow(Set.of(name), Optional.empty());
        }
    }
}

package org.lnsd.daemon.control;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.config.Glob;
import org.lnsd.daemon.history.HistoryView;
import org.lnsd.daemon.net.IpAddresses;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands that look at sessions. */
final class SessionCommands {

    private SessionCommands() {}

    static void add(Menu show, OperatorServices services, Output output) {
        show.add("sessions", () -> new ShowSessions(services.node(), output));
        show.add("session", () -> new ShowSession(services.node(), output));
        show.add("history", () -> history(services, output));
    }

    private static CommandLine history(OperatorServices services, Output output) {
        return new CommandLine(new ShowHistory(services, output))
                .addSubcommand("session", new ShowOneHistory(output, services.history()::find))
                .addSubcommand("tunnel", new ShowOneHistory(output, services.history()::findTunnel));
    }

    /** {@code show sessions}. */
    @Command(description = "All sessions, or those that the options choose.")
    static final class ShowSessions implements Callable<Integer> {
        private static final List<Column<SessionView>> COLUMNS = List.of(Column.of("ID", SessionView::id),
                Column.of("USER", session -> Format.orDash(session.user())),
                Column.of("STATE", SessionView::state),
                Column.of("IPV4", session -> session.ipv4().map(IpAddresses::format).orElse("-")),
                Column.of("IPV6 PREFIX", 5, session -> Format.orDash(session.ipv6Prefix())),
                Column.of("DELEGATED", 6, session -> Format.orDash(session.ipv6Delegated())),
                Column.of("PEER", 2, session -> Format.orDash(session.peer())),
                Column.of("CALLING", 3, session -> Format.orDash(session.callingNumber())),
                Column.of("UPTIME", 1, session -> Format.seconds(session.uptimeSeconds())),
                Column.of("IN", 4, session -> Format.octets(session.octetsIn())),
                Column.of("OUT", 4, session -> Format.octets(session.octetsOut())));

        private final Node node;
        private final Output output;
        @Spec
        private CommandSpec spec = CommandSpec.create();
        @Option(names = "--user", paramLabel = "GLOB", description = "Only users that match.")
        private @Nullable String user;
        @Option(names = "--state", paramLabel = "STATE", description = "Only sessions in this state, such as open.")
        private @Nullable String state;
        @Option(names = "--peer", paramLabel = "GLOB", description = "Only sessions of this LAC.")
        private @Nullable String peer;
        @Option(names = "--calling", paramLabel = "GLOB", description = "Only sessions with this calling number.")
        private @Nullable String calling;
        @Option(names = "--tunnel", paramLabel = "ID", description = "Only sessions of this tunnel.")
        private @Nullable Integer tunnelId;
        @Option(names = "--limit", paramLabel = "N", converter = CountConverter.class, description = "No more than so many.")
        private int limit = Integer.MAX_VALUE;
        @Option(names = "--count", description = "Only how many.")
        private boolean count;

        ShowSessions(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            List<String> states = node.status().sessions().keySet().stream().filter(name -> !name.equals("total"))
                    .toList();
            if (state != null && states.stream().noneMatch(state::equalsIgnoreCase)) {
                throw new CommandLine.ParameterException(spec.commandLine(),
                        "no session is ever in state \"" + state + "\", " + String.join(" | ", states) + " expected");
            }
            Stream<SessionView> chosen = node.sessions(choice()).limit(limit);
            if (count) {
                long number = chosen.count();
                if (output.isJson()) {
                    output.json(number);
                } else {
                    output.line(Long.toString(number));
                }
                return Commands.DONE;
            }
            output.rows(COLUMNS, chosen);
            return Commands.DONE;
        }

        private Predicate<SessionFacts> choice() {
            return glob(user, SessionFacts::user).and(glob(peer, SessionFacts::peer))
                    .and(glob(calling, SessionFacts::callingNumber))
                    .and(session -> state == null || state.equalsIgnoreCase(session.state()))
                    .and(session -> tunnelId == null || tunnelId == session.tunnelId());
        }

        private static Predicate<SessionFacts> glob(@Nullable String text, Function<SessionFacts, String> fact) {
            if (text == null) {
                return _ -> true;
            }
            Glob glob = Glob.of(text);
            return session -> glob.matches(fact.apply(session));
        }
    }

    /** {@code show session X}. */
    @Command(description = "Everything about a session. Several sessions of one user make a JSON array.")
    static final class ShowSession implements Callable<Integer> {
        private final Node node;
        private final Output output;
        @Parameters(paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";

        ShowSession(Node node, Output output) {
            this.node = node;
            this.output = output;
        }

        @Override
        public Integer call() {
            List<SessionView> found = node.findSessions(name);
            if (found.isEmpty()) {
                output.error("no session with id, user or address " + name);
                return Commands.REFUSED;
            }
            if (output.isJson()) {
                output.json(found.size() == 1 ? found.getFirst() : found);
                return Commands.DONE;
            }
            for (SessionView session : found) {
                output.details(Details.of(session));
                if (found.size() > 1) {
                    output.line("");
                }
            }
            return Commands.DONE;
        }
    }

    /** {@code show history}. */
    @Command(description = "The sessions and tunnels that ended last, with the diagnosis.")
    static final class ShowHistory implements Callable<Integer> {
        private static final List<Column<HistoryView>> COLUMNS = List.of(Column.of("ID", 2, HistoryView::id),
                Column.of("USER", view -> Format.orDash(view.user())),
                Column.of("ENDED", 1,
                        view -> view.events().isEmpty() ? "-" : Format.time(view.events().getLast().timeMs())),
                Column.of("CAUSE", 3, HistoryView::cause), Column.text("DIAGNOSIS", HistoryView::diagnosis));

        private final OperatorServices services;
        private final Output output;
        @Option(names = {"-n",
                "--last"}, paramLabel = "N", converter = CountConverter.class, description = "How many, 20 by default.")
        private int count = 20;

        ShowHistory(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() {
            output.rows(COLUMNS, services.history().recent(count).stream());
            return Commands.DONE;
        }
    }

    /** {@code show history session X}. */
    @Command(description = "The time line of a session or tunnel, also of one that failed or ended, and what was wrong.")
    static final class ShowOneHistory implements Callable<Integer> {
        private final Output output;
        private final Function<String, List<HistoryView>> archive;
        @Parameters(paramLabel = "ID|USER|PEER", description = "The session, or the tunnel.")
        private String name = "";
        @Option(names = "--all", description = "All that are kept, not only the newest.")
        private boolean all;

        ShowOneHistory(Output output, Function<String, List<HistoryView>> archive) {
            this.output = output;
            this.archive = archive;
        }

        @Override
        public Integer call() {
            List<HistoryView> found = archive.apply(name);
            if (found.isEmpty()) {
                output.error("nothing is kept about " + name);
                return Commands.REFUSED;
            }
            List<HistoryView> wanted = all ? found : found.subList(0, 1);
            if (output.isJson()) {
                output.json(all ? wanted : wanted.getFirst());
            } else {
                wanted.forEach(this::text);
                if (wanted.size() < found.size()) {
                    output.line(found.size() - wanted.size() + " older: --all shows them");
                }
            }
            return Commands.DONE;
        }

        private void text(HistoryView view) {
            output.line(output.bold(view.id() + "  " + Format.orDash(view.user())
                    + (view.ended() ? "  ended: " + view.cause() : "  alive")));
            view.events()
                    .forEach(event -> output
                            .line(Format.time(event.timeMs()) + "  " + String.format("%-14s", event.stage()) + " "
                                    + event.text()));
            if (view.forgotten() > 0) {
                output.line("(" + view.forgotten() + " events between were not kept)");
            }
            output.line(view.diagnosis());
        }
    }
}

package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.lnsd.daemon.config.LogLevel;
import org.lnsd.daemon.log.LogSetup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that change something. */
final class ActionCommands {

    private ActionCommands() {}

    static void addClear(Menu clear, OperatorServices services, Output output) {
        clear.add("session", () -> new ClearSession(services, output));
        clear.add("tunnel", () -> new ClearTunnel(services, output));
    }

    static void add(Menu root, OperatorServices services, Output output) {
        root.add("reload", () -> new Reload(services, output));
        root.add("drain", () -> new Drain(services, output));
        root.add("shutdown", () -> new Shutdown(services, output));
        root.add("log", () -> new SetLog(output));
    }

    /** {@code clear session X}. */
    @Command(description = "Ends sessions politely: LCP Terminate, then CDN.")
    static final class ClearSession implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Parameters(paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";
        @Option(names = "--reason", paramLabel = "TEXT", description = "What the LAC, the log and the history are told.")
        private String reason = "";

        ClearSession(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            List<SessionView> found = services.node().findSessions(name);
            if (found.isEmpty()) {
                output.error("no session with id, user or address " + name);
                return Commands.REFUSED;
            }
            List<ActionResult> results = new ArrayList<>();
            for (SessionView session : found) { // by address it is the line, by its id one link of a bundle
                results.add(Commands.await(
                        services.node().clearSession(found.size() == 1 ? name : session.id(), reason)));
            }
            return Commands.finish(new ActionResult(results.stream().allMatch(ActionResult::done),
                    results.stream().flatMap(result -> result.lines().stream()).toList()), output);
        }
    }

    /** {@code clear tunnel ID}. */
    @Command(description = "Ends a tunnel and its sessions: StopCCN.")
    static final class ClearTunnel implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Parameters(paramLabel = "ID", description = "Our tunnel id.")
        private int id;
        @Option(names = "--reason", paramLabel = "TEXT", description = "What the LAC and the log are told.")
        private String reason = "";

        ClearTunnel(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            return Commands.finish(services.node().clearTunnel(id, reason), output);
        }
    }

    /** {@code reload}. */
    @Command(description = "Reads the configuration anew and says what changed.")
    static final class Reload implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;

        Reload(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException { return Commands.finish(services.node().reload(), output); }
    }

    /** {@code drain}. */
    @Command(description = "Refuses new sessions; those that are there stay.")
    static final class Drain implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Option(names = "--off", description = "Take new sessions again.")
        private boolean off;

        Drain(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            return Commands.finish(services.node().drain(!off), output);
        }
    }

    /** {@code shutdown}. */
    @Command(description = "Stops the daemon: sessions are closed with CDN, tunnels with StopCCN.")
    static final class Shutdown implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;

        Shutdown(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            return Commands.finish(services.node().shutdown(), output);
        }
    }

    /** {@code log LEVEL [LOGGER]}. */
    @Command(description = "Sets the level of the log, at once and until the next reload.")
    static final class SetLog implements Callable<Integer> {
        private final Output output;
        @Parameters(index = "0", paramLabel = "LEVEL", description = "error, warn, info, debug or trace.")
        private LogLevel level = LogLevel.INFO;
        @Parameters(index = "1", paramLabel = "PART", defaultValue = "", description = "Only this part, such as session or tunnel.")
        private String part = "";

        SetLog(Output output) { this.output = output; }

        @Override
        public Integer call() {
            LogSetup.level(part.isEmpty() ? "org.lnsd" : "org.lnsd.daemon." + part, level);
            output.line("log level is " + level.name().toLowerCase(java.util.Locale.ROOT));
            return Commands.DONE;
        }
    }
}

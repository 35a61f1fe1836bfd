package org.lnsd.daemon.control;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.lnsd.daemon.intercept.InterceptTarget;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lawful interception: for root and the group that the configuration names alone, and each use goes to the audit log. */
final class InterceptCommands {

    private InterceptCommands() {}

    static void add(Menu root, OperatorServices services, Output output) {
        Menu group = root.group("intercept",
                "Copies the packets of a session; for root and [control] intercept-group alone, each use is in the "
                        + "audit log.");
        group.add("session", () -> new Start(services, output));
        group.add("stop", () -> new Stop(services, output));
        group.add("list", () -> new Listing(services, output));
    }

    private static boolean refused(Output output) {
        if (!output.isPrivileged()) {
            output.error("permission denied: interception is for root and [control] intercept-group alone");
        }
        return !output.isPrivileged();
    }

    private static int intercept(OperatorServices services, Output output, String name,
            Optional<InterceptTarget> target) throws InterruptedException {
        List<SessionView> found = services.node().findSessions(name);
        if (found.size() != 1) {
            output.error(
                    (found.isEmpty() ? "no session" : "more than one session") + " with id, user or address " + name);
            return Commands.REFUSED;
        }
        return Commands.finish(services.node().intercept(found.getFirst().id(), target, output.user()), output);
    }

    /** {@code intercept session X TARGET}. */
    @Command(description = "Copies what a session sends and receives, until it ends or is stopped.")
    static final class Start implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Parameters(index = "0", paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";
        @Parameters(index = "1", paramLabel = "ADDRESS:PORT|file", description = "A UDP collector, each datagram an IP packet; or a "
                + "pcapng file in intercept of the state directory.")
        private String target = "";

        Start(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            if (refused(output)) {
                return Commands.REFUSED;
            }
            Optional<InterceptTarget> known = InterceptTarget.parse(target);
            if (known.isEmpty()) {
                output.error(target + " is no target, ADDRESS:PORT or file expected");
                return Commands.USAGE;
            }
            return intercept(services, output, name, known);
        }
    }

    /** {@code intercept stop X}. */
    @Command(description = "Ends the interception of a session.")
    static final class Stop implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;
        @Parameters(paramLabel = "ID|USER|ADDRESS", description = "The session.")
        private String name = "";

        Stop(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() throws InterruptedException {
            return refused(output) ? Commands.REFUSED : intercept(services, output, name, Optional.empty());
        }
    }

    /** {@code intercept list}. */
    @Command(description = "Lists the interceptions that run.")
    static final class Listing implements Callable<Integer> {
        private final OperatorServices services;
        private final Output output;

        Listing(OperatorServices services, Output output) {
            this.services = services;
            this.output = output;
        }

        @Override
        public Integer call() {
            if (refused(output)) {
                return Commands.REFUSED;
            }
            List<String> lines = services.node().interceptions();
            if (output.isJson()) {
                output.json(lines);
            } else {
                lines.forEach(output::line);
            }
            return Commands.DONE;
        }
    }
}

package org.lnsd.daemon.control;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.log.LogMemory;
import org.lnsd.daemon.metrics.MetricRegistry;
import picocli.AutoComplete;
import picocli.CommandLine;

/** What the command tree says of itself without a daemon: the help of lnsctl, and with it its manual page, and its shell completion. */
public final class CommandReference {

    private static final int WIDTH = 100;

    private CommandReference() {}

    /** The usage of lnsctl and of each of its commands. */
    public static String help() {
        StringBuilder text = new StringBuilder("""
                Usage: lnsctl [--socket PATH] [--json] WORD...
                Looks at a running lnsd and acts on it. Without words: an interactive shell with completion, history and ? help.

                Options:
                  --socket PATH   the daemon's control socket (default: /run/lnsd/control.sock, or $LNSD_SOCKET)
                  --json          print one JSON document
                  --watch         repeat a show command and show it full screen
                  --help          print this
                  --version       print the release

                Commands:
                """);
        addCommands(tree(), "", text);
        return text.append("""

                Exit codes: 0 done, 1 refused or not found (standard error says why), 2 bad usage,
                3 the daemon is not reachable.
                """).toString();
    }

    /** A completion script for bash, and for zsh with bashcompinit. */
    public static String bashCompletion() {
        return AutoComplete.bash("lnsctl", tree());
    }

    private static void addCommands(CommandLine parent, String path, StringBuilder text) {
        List<String> seen = new ArrayList<>();
        for (CommandLine command : parent.getSubcommands().values()) {
            String name = command.getCommandName();
            if (seen.contains(name) || name.equals("help")) {
                continue;
            }
            seen.add(name);
            if (command.getSubcommands().isEmpty()) {
                command.setUsageHelpWidth(WIDTH);
                String synopsis = command.getHelp().synopsis(0).strip().replaceFirst("^\\S*lnsctl ", "");
                String[] description = command.getCommandSpec().usageMessage().description();
                text.append("  ").append(synopsis.replaceAll("\\s+", " ")).append('\n').append("      ")
                        .append(String.join(" ", description)).append('\n');
            } else {
                addCommands(command, path + name + " ", text);
            }
        }
    }

    /** The tree over a node that is never asked. */
    private static CommandLine tree() {
        Node nobody = (Node) Proxy.newProxyInstance(Node.class.getClassLoader(), new Class<?>[]{Node.class},
                (_, method, _) -> {
                    throw new IllegalStateException("no daemon to " + method.getName());
                });
        if (!(ConfigurationLoader.parse("", "") instanceof LoadedConfiguration.Valid(var defaults))) {
            throw new IllegalStateException("the defaults are not valid");
        }
        OperatorServices services = new OperatorServices(nobody, new MetricRegistry(),
                new HistoryArchive(defaults.history(), () -> 0), new LogMemory());
        CommandLine tree = Commands.tree(services, new Output(new Nowhere(), 0, false));
        CommandLine imports = new CommandLine(new Commands.Group());
        imports.getCommandSpec().usageMessage().description("Turns another LNS's configuration into an lnsd.toml.");
        return tree.addSubcommand("import", imports.addSubcommand("l2tpns", new ImportL2tpns()));
    }

    /** What lnsctl does by itself, without a daemon. */
    @CommandLine.Command(description = "Writes an lnsd.toml made of l2tpns's startup-config, ip_pool and users; what could not be carried over goes to standard error.")
    private static final class ImportL2tpns implements Runnable {
        @CommandLine.Parameters(paramLabel = "FILE|DIRECTORY", description = "The startup-config, or the folder that holds it.")
        private String file = "";

        @Override
        public void run() { throw new IllegalStateException(file + " is imported by lnsctl itself"); }
    }

    private static final class Nowhere implements Output.Lines {
        @Override
        public void out(CharSequence line) {}

        @Override
        public void error(CharSequence line) {}

        @Override
        public void flush() {}
    }
}

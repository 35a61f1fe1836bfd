package org.lnsd.daemon.control;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command tree. One is built for each request, so a command keeps what it was told in its fields. */
final class Commands {

    /** Exit code: done. */
    static final int DONE = 0;
    /** Exit code: refused or not found. */
    static final int REFUSED = 1;
    /** Exit code: bad usage. */
    static final int USAGE = 2;

    private static final int ACTION_SECONDS = 30;

    private Commands() {}

    /** The root, which has no action of its own. */
    @Command(name = "lnsctl", synopsisSubcommandLabel = "COMMAND", mixinStandardHelpOptions = false, description = "Looks at a running lnsd and acts on it.")
    static final class Root implements Runnable {
        private final Output output;
        @Spec
        private CommandSpec spec;

        Root(Output output) {
            this.output = output;
            this.spec = CommandSpec.create();
        }

        @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON document.")
        void json(boolean wanted) {
            if (wanted) {
                output.useJson();
            }
        }

        @Override
        public void run() { throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing"); }
    }

    /** A command with subcommands only. */
    @Command
    static final class Group implements Runnable {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "what to " + spec.name() + " is missing");
        }
    }

    /** The whole tree. */
    static CommandLine tree(OperatorServices services, Output output) {
        return tree(services, output, List.of());
    }

    /** As much of the tree as these words can mean; all of it where they mean nothing. */
    private static CommandLine tree(OperatorServices services, Output output, List<String> words) {
        CommandLine root = new CommandLine(new Root(output));
        Menu menu = Menu.of(root, words);
        ShowCommands.add(menu.group("show", "Shows the state of the daemon."), services, output);
        ActionCommands.addClear(menu.group("clear", "Ends sessions and tunnels."), services, output);
        SetCommands.add(menu.group("set", "Changes sessions while they run."), services, output);
        TraceCommands.add(menu.group("trace", "Follows a session or tunnel live."), services, output);
        InterceptCommands.add(menu, services, output);
        SetCommands.addSuspension(menu, services, output);
        ActionCommands.add(menu, services, output);
        menu.add("help", Commands::help);
        boolean nothing = root.getSubcommands().isEmpty() || root.getSubcommands().values().stream()
                .anyMatch(command -> command.getCommand() instanceof Group && command.getSubcommands().isEmpty());
        if (nothing || root.getSubcommands().containsKey("help") && !words.isEmpty()) {
            return tree(services, output, List.of());
        }
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setAbbreviatedSubcommandsAllowed(true);
        return root;
    }

    /** Behind Object: a handle to a constructor of the library's, whose classes are of an old version, breaks the AOT cache (JDK 25). */
    private static Object help() {
        return new CommandLine.HelpCommand();
    }

    /** Runs one request and gives its exit code. Nothing that a client sends comes out as an exception. */
    static int run(OperatorServices services, Output output, List<String> words) {
        List<String> plain = words.stream().filter(word -> !word.startsWith("-")).toList();
        CommandLine root = tree(services, output, plain.subList(0, Math.min(2, plain.size())));
        if (!words.isEmpty() && words.getFirst().equals(WordChoices.REQUEST)) {
            WordChoices.write(root, services, words.subList(1, words.size()), output);
            return DONE;
        }
        root.setExecutionExceptionHandler((exception, _, _) -> {
            if (exception instanceof java.io.UncheckedIOException) {
                return REFUSED; // the client is gone, as its thread learns from the next write
            }
            output.error("internal error: " + exception);
            return REFUSED;
        });
        root.setParameterExceptionHandler((bad, _) -> {
            output.error(UnknownWord.describe(bad) + "; try: " + helpFor(bad.getCommandLine().getCommandSpec()));
            return USAGE;
        });
        try (java.io.PrintWriter writer = new java.io.PrintWriter(new LineWriter(output), false)) {
            root.setOut(writer);
            root.setUsageHelpWidth(Math.max(55, output.width() == 0 ? 100 : output.width()));
            int code = root.execute(words.toArray(String[]::new));
            writer.flush();
            return code;
        }
    }

    private static String helpFor(CommandSpec command) {
        String words = command.qualifiedName();
        return words.contains(" ") ? words.replaceFirst(" ", " help ") : words + " help";
    }

    /** Waits for an action. */
    static ActionResult await(CompletionStage<ActionResult> action) throws InterruptedException {
        try {
            return action.toCompletableFuture().get(ACTION_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return ActionResult.refused("no answer from the daemon's control loop in " + ACTION_SECONDS + " s");
        } catch (ExecutionException failed) {
            return ActionResult.refused("failed: " + failed.getCause());
        }
    }

    /** Waits for an action and tells how it went. */
    static int finish(CompletionStage<ActionResult> action, Output output) throws InterruptedException {
        return finish(await(action), output);
    }

    /** Tells how an action went; what was refused in one line for standard error. */
    static int finish(ActionResult result, Output output) {
        if (output.isJson()) {
            output.json(result);
        } else if (result.done()) {
            result.lines().forEach(output::line);
        }
        if (!result.done()) {
            output.error(String.join("; ", result.lines()));
        }
        return result.done() ? DONE : REFUSED;
    }
}

package org.lnsd.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lnsd.cli.l2tpns.ImportCommand;
import org.lnsd.daemon.control.CommandReference;

/**
 * {@code lnsctl [--socket PATH] [--json] WORD...}: hands the words to the daemon and prints its answer. Kept free of libraries so that it
 * starts fast; without words it becomes an interactive shell.
 */
public final class Lnsctl {

    /** Exit code: refused. */
    private static final int REFUSED = 1;
    /** Exit code: bad usage. */
    static final int USAGE = 2;
    /** Exit code: the daemon is not reachable. */
    static final int UNREACHABLE = 3;

    private static final String DEFAULT_SOCKET = "/run/lnsd/control.sock";

    private final Path socket;
    private final PrintStream out;
    private final PrintStream error;

    private Lnsctl(Path socket, PrintStream out, PrintStream error) {
        this.socket = socket;
        this.out = out;
        this.error = error;
    }

    /** Ends the process with 0 done, 1 refused, 2 bad usage, 3 daemon not reachable. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 65_536),
                false, StandardCharsets.UTF_8);
        PrintStream error = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = run(List.of(arguments), out, error);
        out.flush();
        Runtime.getRuntime().halt(code);
    }

    static int run(List<String> arguments, PrintStream out, PrintStream error) {
        String fromEnvironment = System.getenv("LNSD_SOCKET");
        String socket = fromEnvironment == null ? DEFAULT_SOCKET : fromEnvironment;
        List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--socket") && i + 1 < arguments.size()) {
                socket = arguments.get(++i);
            } else if (argument.startsWith("--socket=")) {
                socket = argument.substring("--socket=".length());
            } else if (argument.equals("--socket")) {
                error.println("lnsctl: --socket needs a PATH; usage: lnsctl [--socket PATH] [--json] WORD...");
                return USAGE;
            } else {
                words.add(argument);
            }
        }
        return new Lnsctl(Path.of(socket), out, error).run(words);
    }

    private int run(List<String> words) {
        if (words.equals(List.of("--version"))) {
            out.println("lnsctl " + version());
            return 0;
        }
        if (words.equals(List.of("--help")) || words.equals(List.of("-h"))) {
            out.print(CommandReference.help());
            return 0;
        }
        if (words.equals(List.of("--bash-completion"))) { // for the package
            out.print(CommandReference.bashCompletion());
            return 0;
        }
        if (!words.isEmpty() && words.getFirst().equals("import")) {
            return ImportCommand.run(words, out, error);
        }
        Optional<String> option = words.stream().filter(word -> !word.equals("--json")).findFirst()
                .filter(word -> word.startsWith("-") && !word.equals("--watch"));
        if (option.isPresent()) {
            error.println("lnsctl: unknown option " + option.get()
                    + "; usage: lnsctl [--socket PATH] [--json] WORD...");
            return USAGE;
        }
        try (Connection connection = Connection.open(socket)) {
            Screen screen = Screen.detect();
            if (screen.width() > 0) {
                connection.terminal(screen.width(), screen.color());
            }
            boolean typed = screen.width() > 0 && Screen.isTerminal(0);
            if (words.isEmpty()) {
                return typed ? shell(connection) : Interactive.run(connection, out, error);
            }
            if (typed && words.equals(List.of("show", "top"))) {
                try (Shell shell = Shell.open(socket, connection)) {
                    shell.watch(words, "show top", 2);
                }
                return 0;
            }
            return words.getFirst().equals("--watch")
                    ? Watch.run(words, screen, this::request, connection, out)
                    : request(connection, words);
        } catch (IOException | UncheckedIOException failed) {
            error.println("lnsctl: no answer from lnsd at " + socket + " (" + failed.getMessage()
                    + "); is it running, and may you use the socket? --socket PATH names another");
            return UNREACHABLE;
        }
    }

    private int shell(Connection connection) throws IOException {
        try (Shell shell = Shell.open(socket, connection)) {
            return shell.run();
        }
    }

    int request(Connection connection, List<String> words) throws IOException {
        Capture opened;
        try {
            opened = Capture.of(words);
        } catch (IOException refused) {
            error.println("lnsctl: " + refused.getMessage());
            return words.getLast().equals("--pcap") ? USAGE : REFUSED;
        }
        try (Capture capture = opened) {
            return connection.request(capture.words(), out::println, line -> {
                out.flush();
                error.println("lnsctl: " + line);
            }, capture::packet, out::flush);
        }
    }

    private static String version() {
        String packaged = Lnsctl.class.getPackage().getImplementationVersion();
        return packaged == null ? "0.1.0" : packaged;
    }
}

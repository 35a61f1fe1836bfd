package org.lnsd.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.Objects;
import java.util.function.Consumer;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.lnsd.cli.l2tpns.ImportCommand;
import org.lnsd.daemon.control.Words;

/**
 * The interactive shell: completion from the live daemon, history, {@code ?}, paging, pipes, {@code --watch} and {@code show top}. A
 * connection that broke is opened anew with the next command.
 */
final class Shell implements AutoCloseable {

    private static final int WATCH_SECONDS = 2;
    private static final Pattern WATCHED = Pattern.compile("--watch +([0-9]{1,5} +)?");
    private static final String HISTORY = ".lnsctl_history";

    private final Path socket;
    private final Terminal terminal;
    private volatile Connection connection;

    private Shell(Path socket, Connection connection, Terminal terminal) {
        this.socket = socket;
        this.connection = connection;
        this.terminal = terminal;
    }

    /** A shell on the terminal of this process. */
    static Shell open(Path socket, Connection connection) throws IOException {
        return new Shell(socket, connection, TerminalBuilder.builder().name("lnsctl").system(true).build());
    }

    /** Reads and runs lines until exit or the end of input. */
    int run() throws IOException {
        Completion completion = new Completion(this);
        DefaultParser parser = new DefaultParser().escapeChars(null);
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).appName("lnsctl").completer(completion)
                .parser(parser).option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.HISTORY_FILE, historyFile()).build();
        explainOnQuestionMark(reader, parser, completion);
        terminal.writer().println("lnsctl: ? or TAB tell what may come next, exit ends");
        while (true) {
            try {
                String line = reader.readLine("lnsd> ").strip();
                if (line.equals("exit") || line.equals("quit")) {
                    return 0;
                }
                if (!line.isEmpty() && !line.startsWith("#")) {
                    execute(line);
                }
            } catch (UserInterruptException cleared) {
                terminal.flush(); // Control-C empties the line
            } catch (EndOfFileException end) {
                return 0;
            }
        }
    }

    // The names in a history are personal data: nobody else may read it.
    private static Path historyFile() throws IOException {
        String home = System.getenv("HOME");
        Path file = Path.of(home == null ? "/" : home, HISTORY);
        if (!Files.exists(file) && Files.isWritable(file.toAbsolutePath().getParent())) {
            Files.createFile(file, java.nio.file.attribute.PosixFilePermissions
                    .asFileAttribute(java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        }
        return file;
    }

    private void explainOnQuestionMark(LineReader reader, DefaultParser parser, Completion completion) {
        reader.getWidgets().put("explain", () -> {
            String buffer = reader.getBuffer().upToCursor();
            ParsedLine line = parser.parse(buffer, buffer.length(), Parser.ParseContext.COMPLETE);
            StringBuilder help = new StringBuilder();
            completion.choices(line.words().subList(0, line.wordIndex()), line.word())
                    .forEach(choice -> help.append(fitting(String.format("  %-16s %s", choice.word(),
                            choice.meaning()))).append('\n'));
            reader.printAbove(help.isEmpty() ? "  nothing, or a value" : help.toString().stripTrailing());
            return true;
        });
        KeyMap<Binding> keys = Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN));
        keys.bind(new Reference("explain"), "?");
    }

    private String fitting(String line) {
        int width = Math.max(20, terminal.getColumns()) - 1;
        return line.length() <= width ? line : line.substring(0, width - 1) + "…";
    }

    private void execute(String line) throws IOException {
        try {
            Pipe.Split split = Pipe.split(line);
            List<String> words = Words.split(split.command());
            if (!words.isEmpty() && words.getFirst().equals("import")) {
                ImportCommand.run(words, System.out, System.err);
            } else if (words.contains("--watch") || isTop(words)) {
                watch(words, line);
            } else if (words.contains("trace")) {
                follow(words, split.pipe());
            } else {
                page(words, split.pipe());
            }
        } catch (IllegalArgumentException wrong) {
            terminal.writer().println("lnsctl: " + wrong.getMessage());
        } catch (IOException gone) {
            terminal.writer().println("lnsctl: no answer from lnsd at " + socket + " (" + gone.getMessage()
                    + "); the next command tries again");
            connection.close();
        }
    }

    private static boolean isTop(List<String> words) {
        return words.size() > 1 && words.getFirst().equals("show") && words.get(1).equals("top")
                && !words.contains("--json");
    }

    private void page(List<String> words, Pipe pipe) throws IOException {
        List<String> lines = new ArrayList<>();
        ask(words, line -> {
            if (pipe.passes(line)) {
                lines.add(line);
            }
        });
        pipe.end().ifPresent(lines::add);
        Pager.show(terminal, lines);
    }

    /** What comes live is shown as it comes; Control-C ends it, with the connection. */
    private void follow(List<String> words, Pipe pipe) throws IOException {
        Terminal.SignalHandler former = terminal.handle(Terminal.Signal.INT, _ -> hangUp());
        try (Capture capture = Capture.of(words)) {
            connected().request(capture.words(), line -> {
                if (pipe.passes(line)) {
                    terminal.writer().println(line);
                    terminal.flush();
                }
            }, line -> terminal.writer().println("lnsctl: " + line), capture::packet, terminal::flush);
        } finally {
            terminal.handle(Terminal.Signal.INT, former);
        }
        pipe.end().ifPresent(terminal.writer()::println);
    }

    private void hangUp() {
        try {
            connection.close();
        } catch (IOException closed) {
            terminal.flush(); // it is closed either way
        }
    }

    private void watch(List<String> words, String title) throws IOException {
        List<String> command = new ArrayList<>(words);
        int at = command.indexOf("--watch");
        int seconds = WATCH_SECONDS;
        if (at >= 0) {
            command.remove(at);
            if (at < command.size() && command.get(at).matches("[0-9]{1,5}")) {
                seconds = Math.max(1, Integer.parseInt(command.remove(at)));
            }
        }
        watch(command, WATCHED.matcher(title).replaceFirst(""), seconds);
    }

    /** Shows the answer over the whole screen until q. */
    void watch(List<String> command, String title, int seconds) throws IOException {
        FullScreen.run(terminal, title, seconds, room -> {
            List<String> asked = new ArrayList<>(command);
            if (isTop(command) && !command.contains("--rows")) {
                asked.addAll(List.of("--rows", Integer.toString(room)));
            }
            Pipe pipe = Pipe.split(title).pipe();
            List<String> lines = new ArrayList<>();
            ask(asked, line -> {
                if (pipe.passes(line)) {
                    lines.add(line);
                }
            });
            pipe.end().ifPresent(lines::add);
            return lines;
        });
    }

    /** Runs a command; lines of both kinds go to the same place. */
    void ask(List<String> words, Consumer<String> lines) throws IOException {
        connected().request(words, lines, line -> lines.accept("lnsctl: " + line), () -> {});
    }

    private Connection connected() throws IOException {
        if (!connection.isOpen()) {
            connection = Connection.open(socket);
        }
        connection.terminal(Math.max(20, terminal.getColumns()), System.getenv("NO_COLOR") == null);
        return connection;
    }

    @Override
    public void close() throws IOException {
        connection.close();
        terminal.close();
    }
}

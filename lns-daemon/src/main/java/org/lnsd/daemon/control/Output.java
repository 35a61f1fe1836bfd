package org.lnsd.daemon.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where a command writes its answer. Lines go out as they come; a client that has gone ends the command with an
 * {@link UncheckedIOException}.
 */
public final class Output {

    /** Takes finished lines, without their ends. */
    public interface Lines {
        /** One line for standard output. */
        void out(CharSequence line) throws IOException;

        /** One line for standard error. */
        void error(CharSequence line) throws IOException;

        /** One line with a piece of a capture file in Base64. */
        default void packet(CharSequence base64) throws IOException {
            throw new IOException("no captures here");
        }

        /** Sends what is buffered. */
        void flush() throws IOException;
    }

    private final Lines lines;
    private final int width;
    private final boolean color;
    private boolean json;
    private String user = "";
    private boolean privileged;

    /** Names whom it is for, and whether that one may have packets copied. */
    Output of(String name, boolean mayIntercept) {
        user = name;
        privileged = mayIntercept;
        return this;
    }

    /** Whom it is for; empty: nobody on the control socket. */
    String user() { return user; }

    /** Whether it is for one who may have packets copied. */
    boolean isPrivileged() { return privileged; }

    /**
     * An output.
     *
     * @param width columns of the reader's terminal; 0: no terminal, lines of any length
     * @param color whether it shows colours
     */
    public Output(Lines lines, int width, boolean color) {
        this.lines = lines;
        this.width = width;
        this.color = color;
    }

    /** From now on {@link #isJson} says so. */
    void useJson() { json = true; }

    /** Whether the answer is to be one JSON document. */
    public boolean isJson() { return json; }

    /** Columns of the reader's terminal; 0: unlimited. */
    public int width() { return width; }

    /** Writes a line; line ends in it make several. Control characters, which a peer may have sent, are made visible. */
    public void line(String text) {
        try {
            for (String line : text.split("\n", -1)) {
                lines.out(printable(line));
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Writes one line of explanation for standard error. */
    public void error(String text) {
        try {
            lines.error(printable(text.replace('\n', ' ')));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Sends what is buffered. */
    public void flush() {
        try {
            lines.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Sends octets of a capture file; none: only sees whether the client is still there. */
    public void packet(byte[] octets) {
        try {
            lines.packet(java.util.Base64.getEncoder().encodeToString(octets));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Writes the value as a JSON document. */
    public void json(Object value) {
        try {
            new JsonWriter(lines::out).document(value);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /** Writes a table that fits the width. The rows are read once; widths are taken from the first few hundred. */
    <T> void table(List<Column<T>> columns, Stream<T> rows) {
        new TextTable<>(this, columns).write(rows.iterator());
    }

    /** Writes all rows as JSON or as a table. */
    <T> void rows(List<Column<T>> columns, Stream<T> rows) {
        try (rows) {
            if (json) {
                json(rows);
            } else {
                table(columns, rows);
            }
        }
    }

    /** Writes names and values below each other. */
    void details(List<Map.Entry<String, String>> lines) {
        int longest = lines.stream().mapToInt(line -> line.getKey().length()).max().orElse(0);
        lines.forEach(entry -> line(
                entry.getKey() + " ".repeat(longest - entry.getKey().length() + 2) + entry.getValue()));
    }

    /** The text in bold where colours are shown. */
    public String bold(String text) {
        return color ? "\u001B[1m" + text + "\u001B[0m" : text;
    }

    private static CharSequence printable(String line) {
        StringBuilder clean = null;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean ours = c == '\u001B' && line.startsWith("\u001B[", i)
                    && (line.startsWith("1m", i + 2) || line.startsWith("0m", i + 2));
            if (Character.isISOControl(c) && !ours) {
                clean = clean == null ? new StringBuilder(line) : clean;
                clean.setCharAt(i, '\uFFFD');
            }
        }
        return clean == null ? line : clean;
    }
}

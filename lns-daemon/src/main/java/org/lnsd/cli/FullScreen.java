package org.lnsd.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;

/** The answer to a command over the whole screen, asked again and again until q or Control-C. */
final class FullScreen {

    private static final int TITLE_LINES = 2;

    private FullScreen() {}

    /** Asks once. */
    interface Question {
        /** The answer's lines; what is wrong among them. */
        List<String> ask(int lines) throws IOException;
    }

    static void run(Terminal terminal, String title, int seconds, Question question) throws IOException {
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        try {
            int key = Keys.NONE;
            while (key != 'q' && key != Keys.INTERRUPT && key != Keys.END) {
                int room = Math.max(1, terminal.getRows() - TITLE_LINES - 1);
                draw(terminal, "every " + seconds + " s: " + title + "   (q ends)", question.ask(room), room);
                key = Keys.read(terminal, seconds * 1000L);
            }
        } finally {
            terminal.puts(Capability.cursor_normal);
            terminal.puts(Capability.exit_ca_mode);
            terminal.flush();
        }
    }

    private static void draw(Terminal terminal, String title, List<String> lines, int room) {
        List<String> shown = new ArrayList<>(List.of(title, ""));
        shown.addAll(lines.subList(0, Math.min(lines.size(), room)));
        terminal.puts(Capability.clear_screen);
        terminal.writer().print(String.join("\r\n", shown));
        terminal.flush();
    }
}

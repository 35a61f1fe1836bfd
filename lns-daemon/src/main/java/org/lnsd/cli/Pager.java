package org.lnsd.cli;

import java.io.IOException;
import java.util.List;
import org.jline.terminal.Terminal;

/** Shows lines page by page: space for a page, Enter for a line, q for no more. */
final class Pager {

    private static final String MORE = "--more-- (space: a page, Enter: a line, a: all, q: no more)";

    private Pager() {}

    static void show(Terminal terminal, List<String> lines) throws IOException {
        int page = Math.max(1, terminal.getRows() - 1);
        int room = page;
        for (int i = 0; i < lines.size(); i++) {
            if (room == 0) {
                room = ask(terminal, page, lines.size());
                if (room == 0) {
                    return;
                }
            }
            terminal.writer().println(lines.get(i));
            room--;
        }
        terminal.flush();
    }

    /** How many lines may follow; 0: none. */
    private static int ask(Terminal terminal, int page, int all) throws IOException {
        terminal.writer().print(MORE);
        terminal.flush();
        int key = Keys.read(terminal, 0);
        terminal.writer().print("\r" + " ".repeat(MORE.length()) + "\r");
        return switch (key) {
            case 'q', 'Q', Keys.INTERRUPT, Keys.END -> 0;
            case '\r', '\n' -> 1;
            case 'a' -> all;
            default -> page;
        };
    }
}

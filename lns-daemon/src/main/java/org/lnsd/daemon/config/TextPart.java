package org.lnsd.daemon.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a file's text that can be parsed by itself. The parser needs a hundred times the room of its text, so the users of a large
 * file, which are most of it, are parsed some at a time.
 *
 * @param text the text
 * @param lines where its lines are in the file
 */
record TextPart(String text, LineMap lines) {

    /** Smaller files stay whole; a part has more by one user at most. */
    private static final int PART_CHARACTERS = 1 << 17;
    private static final String USER = "[[user]]";

    /** The text as it is. */
    static TextPart whole(String text) { return new TextPart(text, LineMap.WHOLE); }

    /**
     * Everything but the users, and then the users in order; the whole text if it is short or if where a table begins cannot be told from
     * a line alone.
     */
    static List<TextPart> of(String text) {
        return text.length() <= PART_CHARACTERS || text.contains("\"\"\"") || text.contains("'''")
                ? List.of(whole(text))
                : new Splitter(text).split();
    }

    private static final class Splitter {
        private final String text;
        private final List<TextPart> parts = new ArrayList<>();
        private final StringBuilder rest = new StringBuilder();
        private final LineMap restLines = new LineMap();
        private int restLine = 1;
        private int start;
        private int startLine = 1;
        private boolean users;

        Splitter(String text) { this.text = text; }

        List<TextPart> split() {
            int line = 1;
            for (int begin = 0; begin < text.length(); line++) {
                int end = text.indexOf('\n', begin) + 1;
                end = end == 0 ? text.length() : end;
                onLine(begin, end, line);
                begin = end;
            }
            cut(text.length(), 0);
            parts.addFirst(new TextPart(rest.toString(), restLines));
            return parts;
        }

        private void onLine(int begin, int end, int line) {
            int first = begin;
            while (first < end && (text.charAt(first) == ' ' || text.charAt(first) == '\t')) {
                first++;
            }
            boolean user = text.startsWith(USER, first);
            boolean table = text.startsWith("[", first);
            if (user ? !users || begin - start > PART_CHARACTERS : users && table) {
                cut(begin, line);
                users = user;
            }
        }

        /** Ends what began at {@code start}; the next begins here. */
        private void cut(int end, int line) {
            String piece = text.substring(start, end);
            if (users) {
                parts.add(new TextPart(piece, LineMap.startingAt(startLine)));
            } else {
                restLines.run(restLine, startLine);
                rest.append(piece);
                restLine += line - startLine;
            }
            start = end;
            startLine = line;
        }
    }
}

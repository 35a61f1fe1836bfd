package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.List;

/** A request line as words and back: separated by spaces; in double quotes a word may have spaces, {@code \"} and {@code \\}. */
public final class Words {

    private Words() {}

    /** The words of a line. A quote that is not closed ends with the line. */
    public static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean started = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quoted && i + 1 < line.length()) {
                word.append(line.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                started = true;
            } else if ((c == ' ' || c == '\t') && !quoted) {
                if (started) {
                    words.add(word.toString());
                }
                word.setLength(0);
                started = false;
            } else {
                word.append(c);
                started = true;
            }
        }
        if (started) {
            words.add(word.toString());
        }
        return words;
    }

    /** The words as one line. Line ends, which no word may have, become spaces. */
    public static String join(List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            line.append(line.isEmpty() ? "" : " ").append('"');
            for (int i = 0; i < word.length(); i++) {
                char c = word.charAt(i);
                switch (c) {
                    case '"', '\\' -> line.append('\\').append(c);
                    case '\n', '\r' -> line.append(' ');
                    default -> line.append(c);
                }
            }
            line.append('"');
        }
        return line.toString();
    }
}

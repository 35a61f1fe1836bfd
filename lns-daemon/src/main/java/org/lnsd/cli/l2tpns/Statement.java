package org.lnsd.cli.l2tpns;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of one of l2tpns's files.
 *
 * @param file the file's name
 * @param line where it stands, from 1
 * @param words its words; quotes are gone
 */
record Statement(String file, int line, List<String> words) {

    private static final int SETFORWARD_SECRET = 4;

    Statement {
        words = List.copyOf(words);
    }

    /** The word at that place, empty where there is none. */
    String word(int index) {
        return index < words.size() ? words.get(index) : "";
    }

    /** The words from there on with one space between them. */
    String from(int index) {
        return String.join(" ", words.subList(Math.min(index, words.size()), words.size()));
    }

    /** Where it stands and what it says, without secrets. */
    String shown() {
        return file + ":" + line + ": " + String.join(" ", masked());
    }

    private List<String> masked() {
        List<String> shown = new ArrayList<>(words);
        if (word(0).equals("set") && word(1).endsWith("secret") && shown.size() > 2) {
            return List.of("set", word(1), "***");
        }
        if (word(0).equals("setforward") && shown.size() > SETFORWARD_SECRET) {
            shown.set(SETFORWARD_SECRET, "***");
        }
        return shown;
    }

    /** The words of a line as libcli splits them: by blanks, with either quotes around a word. */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        boolean started = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0 ? c == quote : c == '"' || c == '\'') {
                quote = quote == 0 ? c : 0;
                started = true;
            } else if (quote == 0 && Character.isWhitespace(c)) {
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
}

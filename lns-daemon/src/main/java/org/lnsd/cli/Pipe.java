package org.lnsd.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.lnsd.daemon.control.Words;

/**
 * {@code COMMAND | include TEXT | exclude TEXT | begin TEXT | count}: what the shell leaves of an answer. A text is a regular expression,
 * or where it is none, taken as it is.
 */
final class Pipe {

    /** The words that may follow a {@code |}. */
    static final List<String> WORDS = List.of("include", "exclude", "begin", "count");

    /** The titles of a table's columns, perhaps in bold: the only line of an answer in capitals throughout. */
    private static final Pattern HEAD = Pattern
            .compile("(\\u001B\\[[0-9;]*m)*[A-Z][A-Z0-9 /%+-]*(\\u001B\\[[0-9;]*m)*");

    private final List<Predicate<String>> filters = new ArrayList<>();
    private final boolean counting;
    private boolean begun;
    private int count;

    private Pipe(List<String> stages) {
        boolean counts = false;
        for (String stage : stages) {
            List<String> words = Words.split(stage);
            String word = words.isEmpty() ? "" : words.getFirst();
            Predicate<String> holds = holds(String.join(" ", words.subList(Math.min(1, words.size()), words.size())));
            switch (word) {
                case "include" -> filters.add(holds);
                case "exclude" -> filters.add(holds.negate());
                case "begin" -> filters.add(from(holds));
                case "count" -> counts = true;
                default -> throw new IllegalArgumentException(
                        "| " + word + " is not known; there are include, exclude, begin and count");
            }
        }
        counting = counts;
    }

    /**
     * A line as command and pipe.
     *
     * @throws IllegalArgumentException in words for people
     */
    static Split split(String line) {
        List<String> stages = new ArrayList<>();
        StringBuilder stage = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (c == '|' && !quoted) {
                stages.add(stage.toString());
                stage.setLength(0);
            } else {
                stage.append(c);
            }
        }
        stages.add(stage.toString());
        List<String> after = stages.subList(1, stages.size()).stream().map(String::strip).toList();
        return new Split(stages.getFirst(), new Pipe(after));
    }

    /** A command and what is to be left of its answer. */
    record Split(String command, Pipe pipe) {}

    /** Whether this line is left; none where they are only counted, which the head of a table is not. */
    boolean passes(String line) {
        boolean isHead = !begun && HEAD.matcher(line).matches();
        begun = true;
        for (Predicate<String> filter : filters) {
            if (!filter.test(line)) {
                return false;
            }
        }
        count += isHead ? 0 : 1;
        return !counting;
    }

    /** What stands at the end. */
    Optional<String> end() {
        return counting ? Optional.of(Integer.toString(count)) : Optional.empty();
    }

    private static Predicate<String> holds(String text) {
        try {
            return Pattern.compile(text).asPredicate();
        } catch (PatternSyntaxException plain) {
            return line -> line.contains(text);
        }
    }

    private static Predicate<String> from(Predicate<String> first) {
        boolean[] begun = {false};
        return line -> begun[0] |= first.test(line);
    }
}

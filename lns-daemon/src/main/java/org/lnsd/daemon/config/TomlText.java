package org.lnsd.daemon.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** From the text of a file to the tree of its values; what is wrong with it is told with its place. */
final class TomlText {

    private TomlText() {}

    /** The parts that have values; each is parsed when it is asked for, and what is wrong in it is noted then. */
    static Stream<TomlPart> parse(List<TextPart> parts, HeapRoom room, ErrorList errors) {
        return parts.stream().takeWhile(_ -> !errors.gaveUp()).flatMap(text -> parse(text, room, errors).stream());
    }

    /** The values of a part, none when there are errors. */
    static Optional<TomlPart> parse(TextPart part, HeapRoom room, ErrorList errors) {
        if (!room.isEnoughToParse(part.text())) {
            errors.giveUp(part.lines().inFile(1), room.missing());
            return Optional.empty();
        }
        TomlParseResult parsed = attempt(part.text());
        if (parsed == null) {
            errors.add(part.lines().inFile(firstDefect(part.text())), 1,
                    "the line cannot be understood, TOML 1.0 expected");
            return Optional.empty();
        }
        for (TomlParseError error : parsed.errors()) {
            errors.add(part.lines().inFile(error.position().line()), error.position().column(),
                    expectation(String.valueOf(error.getMessage())));
        }
        return parsed.hasErrors() ? Optional.empty() : Optional.of(new TomlPart(parsed, part.lines()));
    }

    /** The boundary of the parser: some damaged tables, and values nested by the thousand, make it fail instead of telling an error, which is then told for it (null). */
    private static @Nullable TomlParseResult attempt(String toml) {
        try {
            return Toml.parse(toml);
        } catch (RuntimeException | StackOverflowError defect) {
            return null;
        }
    }

    /** The last line of the shortest beginning of the text that the parser fails at. */
    private static int firstDefect(String toml) {
        int good = 0;
        int bad = (int) toml.lines().count();
        while (bad - good > 1) {
            int middle = (good + bad) >>> 1;
            if (attempt(beginning(toml, middle)) == null) {
                bad = middle;
            } else {
                good = middle;
            }
        }
        return bad;
    }

    private static String beginning(String toml, int lines) {
        int end = 0;
        for (int line = 0; line < lines; line++) {
            end = toml.indexOf('\n', end) + 1;
        }
        return toml.substring(0, end);
    }

    /** The few messages of the parser that say what is wrong only. */
    private static String expectation(String message) {
        if (message.contains("previously defined")) {
            return message + ", each key and table once expected";
        }
        return message.endsWith("too large") || message.endsWith("too small")
                ? message + ", an integer of 64 bits expected"
                : message;
    }
}

package org.lnsd.daemon.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ch.qos.logback.classic.spi.ILoggingEvent;
import org.jspecify.annotations.Nullable;

/**
 * The words of a log line, taken from the pattern that wrote it and not from the finished text, so that no peer's name can pretend to
 * be a field.
 *
 * @param event the event's name
 * @param fields key and value, in the order of the line
 * @param text the whole line
 */
record Wording(String event, List<Field> fields, String text) {

    private static final Pattern FIELD = Pattern.compile("([a-z][a-z0-9-]*)=(\"[^\"]*\"|\\S+)");
    private static final String HOLE = "{}";

    /**
     * One {@code key=value}.
     *
     * @param isNumber whether the value is a number and not a text of digits
     */
    record Field(String key, String value, boolean isNumber) {}

    Wording {
        fields = List.copyOf(fields);
    }

    /** The words of the event; {@code veil} gets key and value of each field and says what is written instead. */
    static Wording of(ILoggingEvent event, BinaryOperator<String> veil) {
        return new Writer(event, veil).write();
    }

    /** Fills the holes of a pattern one after the other. */
    private static final class Writer {
        private final String pattern;
        private final @Nullable Object[] arguments;
        private final BinaryOperator<String> veil;
        private final List<Field> fields = new ArrayList<>();
        private final StringBuilder text = new StringBuilder(160);
        private int next;

        Writer(ILoggingEvent event, BinaryOperator<String> veil) {
            boolean prepared = event.getMessage() == null || event.getMessage().startsWith(HOLE);
            this.pattern = String.valueOf(prepared ? event.getFormattedMessage() : event.getMessage());
            this.arguments = prepared || event.getArgumentArray() == null ? new Object[0] : event.getArgumentArray();
            this.veil = veil;
        }

        Wording write() {
            Matcher matcher = FIELD.matcher(pattern);
            int at = 0;
            while (matcher.find()) {
                text.append(fill(pattern.substring(at, matcher.start())));
                field(matcher.group(1), matcher.group(2));
                at = matcher.end();
            }
            text.append(fill(pattern.substring(at)));
            String all = text.toString();
            int space = all.indexOf(' ');
            return new Wording(space < 0 ? all : all.substring(0, space), fields, all);
        }

        private void field(String key, String raw) {
            boolean quoted = raw.startsWith("\"");
            boolean number = raw.equals(HOLE) && next < arguments.length && arguments[next] instanceof Number;
            String value = veil.apply(key, fill(quoted ? raw.substring(1, raw.length() - 1) : raw));
            fields.add(new Field(key, value, number));
            text.append(key).append('=');
            if (quoted || needsQuotes(value)) {
                text.append('"').append(value.replace('"', '\'')).append('"');
            } else {
                text.append(value);
            }
        }

        // What a subscriber calls himself may look like another field.
        private static boolean needsQuotes(String value) {
            return !value.startsWith("[") && (value.indexOf(' ') >= 0 || value.indexOf('"') >= 0);
        }

        private String fill(String part) {
            StringBuilder filled = new StringBuilder(part.length() + 32);
            int at = 0;
            for (int hole = part.indexOf(HOLE); hole >= 0 && next < arguments.length; hole = part.indexOf(HOLE, at)) {
                filled.append(part, at, hole).append(arguments[next++]);
                at = hole + HOLE.length();
            }
            return filled.append(part, at, part.length()).toString();
        }
    }
}

package org.lnsd.daemon.config;

import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

import java.util.ArrayList;
import java.util.List;

/** TOML values as text and back. */
public final class Literals {

    private Literals() {}

    /** The value of a literal of our own; one that does not fit its type is a bug that any test finds. */
    static <T> T read(ValueType<T> type, String literal) {
        TomlParseResult parsed = Toml.parse("value = " + literal);
        Object raw = parsed.get(List.of("value"));
        ErrorList errors = new ErrorList(literal);
        if (parsed.hasErrors() || raw == null) {
            throw new IllegalStateException("bad TOML literal " + literal);
        }
        try {
            T value = type.read(raw, Place.beginning(errors, LineMap.WHOLE));
            if (!errors.sorted().isEmpty()) {
                throw new IllegalStateException(errors.sorted().toString());
            }
            return value;
        } catch (BadValue bad) {
            throw new IllegalStateException("bad literal " + literal + ": " + bad.getMessage(), bad);
        }
    }

    /** The value as TOML on one line. */
    static String write(Object raw) {
        return switch (raw) {
            case String text -> quote(text);
            case TomlArray array -> {
                List<String> elements = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    elements.add(write(array.get(i)));
                }
                yield "[" + String.join(", ", elements) + "]";
            }
            case TomlTable table -> {
                List<String> entries = new ArrayList<>();
                table.entrySet().forEach(entry -> entries.add(entry.getKey() + " = " + write(entry.getValue())));
                yield "{ " + String.join(", ", entries) + " }";
            }
            default -> raw.toString();
        };
    }

    /** A basic string with what TOML 1.0 wants escaped. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').appendCodePoint(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7F) {
                        quoted.append(String.format("\\u%04X", c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}

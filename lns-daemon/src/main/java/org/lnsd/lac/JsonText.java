package org.lnsd.lac;

import java.util.Locale;

/** Writes one JSON document (RFC 8259) from front to back. */
final class JsonText {

    private static final int FIRST_PRINTABLE = 0x20;

    private final StringBuilder text = new StringBuilder();
    private boolean first = true;

    JsonText open(char bracket) {
        separate();
        text.append(bracket);
        first = true;
        return this;
    }

    JsonText close(char bracket) {
        text.append(bracket);
        first = false;
        return this;
    }

    JsonText name(String name) {
        separate();
        quote(name);
        text.append(": ");
        first = true;
        return this;
    }

    JsonText field(String name, String value) {
        name(name).separate();
        quote(value);
        return this;
    }

    JsonText field(String name, long value) { return raw(name, Long.toString(value)); }

    JsonText field(String name, boolean value) { return raw(name, Boolean.toString(value)); }

    /** Three digits after the point are enough for milliseconds and rates. */
    JsonText field(String name, double value) {
        return raw(name, String.format(Locale.ROOT, "%.3f", value));
    }

    String text() { return text.append('\n').toString(); }

    private JsonText raw(String name, String value) {
        name(name).separate();
        text.append(value);
        return this;
    }

    private void separate() {
        if (!first) {
            text.append(", ");
        }
        first = false;
    }

    private void quote(String value) {
        text.append('"');
        for (int index = 0; index < value.length(); index++) {
            char character = value.charAt(index);
            if (character == '"' || character == '\\') {
                text.append('\\').append(character);
            } else if (character < FIRST_PRINTABLE) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            } else {
                text.append(character);
            }
        }
        text.append('"');
    }
}

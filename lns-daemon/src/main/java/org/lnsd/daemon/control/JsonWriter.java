package org.lnsd.daemon.control;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.net.IpAddresses;

/**
 * Writes views as JSON while it reads them, so a stream of 50,000 sessions takes no more memory than one. A record becomes an object,
 * its components in kebab-case; an enum constant its name in kebab-case; an empty Optional null; a Duration seconds.
 */
public final class JsonWriter {

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            String[] keys = new String[components.length];
            for (int i = 0; i < keys.length; i++) {
                components[i].getAccessor().setAccessible(true);
                keys[i] = kebab(components[i].getName());
            }
            return new Shape(components, keys);
        }
    };

    /** Takes finished lines. */
    public interface LineSink {
        /** One line without its end, only valid during the call. */
        void line(CharSequence line) throws IOException;
    }

    private final LineSink sink;
    private final StringBuilder out = new StringBuilder(1024);

    @SuppressWarnings("ArrayRecordComponent") // private to this class, never compared
    private record Shape(RecordComponent[] components, String[] keys) {}

    /** A writer to what is given; its errors are passed on. */
    public JsonWriter(LineSink sink) { this.sink = sink; }

    /** Writes one document, its last line included. */
    public void document(@Nullable Object value) throws IOException {
        write(value);
        newLine();
    }

    private void newLine() throws IOException {
        sink.line(out);
        out.setLength(0);
    }

    // Elements of a stream or collection stand on lines of their own.
    private void write(@Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.append("null");
            case Optional<?> optional -> write(optional.orElse(null));
            case OptionalLong optional ->
                out.append(optional.isPresent() ? Long.toString(optional.getAsLong()) : "null");
            case Double number -> out.append(number.isNaN() || number.isInfinite() ? "null" : number.toString());
            case Number number -> out.append(number.toString());
            case Boolean bool -> out.append(bool.toString());
            case Enum<?> constant -> writeText(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            case InetAddress address -> writeText(IpAddresses.format(address));
            case InetSocketAddress address -> writeText(IpAddresses.format(address));
            case Duration duration -> writeSeconds(duration);
            case Map<?, ?> map -> writeMap(map);
            case Stream<?> stream -> writeArray(stream.iterator());
            case Iterable<?> all when !(value instanceof java.nio.file.Path) -> writeArray(all.iterator());
            case Record view when isView(view) -> writeRecord(view);
            default -> writeText(value.toString());
        }
    }

    /** The component name {@code octetsIn} as {@code octets-in}; {@code ipv6cp} and {@code ipv4} stay what they are. */
    public static String kebab(String camelCase) {
        StringBuilder text = new StringBuilder(camelCase.length() + 4);
        camelCase.chars().forEach(c -> {
            if (Character.isUpperCase(c)) {
                text.append('-');
            }
            text.append((char) Character.toLowerCase(c));
        });
        return text.toString();
    }

    // Values such as IpPrefix are records with a text form of their own.
    private static boolean isView(Record value) { return !(value instanceof org.lnsd.daemon.net.IpPrefix); }

    private void writeRecord(Record view) throws IOException {
        Shape shape = SHAPES.get(view.getClass());
        out.append('{');
        for (int i = 0; i < shape.keys.length; i++) {
            if (i > 0) {
                out.append(", ");
            }
            out.append('"').append(shape.keys[i]).append("\": ");
            try {
                write(shape.components[i].getAccessor().invoke(view));
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException("accessor of " + view.getClass(), impossible);
            }
        }
        out.append('}');
    }

    private void writeMap(Map<?, ?> map) throws IOException {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            writeText(String.valueOf(entry.getKey()));
            out.append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        out.append('}');
    }

    private void writeArray(Iterator<?> elements) throws IOException {
        out.append('[');
        boolean first = true;
        while (elements.hasNext()) {
            if (!first) {
                out.append(',');
            }
            newLine();
            write(elements.next());
            first = false;
        }
        out.append(']');
    }

    private void writeSeconds(Duration duration) throws IOException {
        out.append(duration.toMillis() % 1000 == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1000.0));
    }

    private void writeText(String text) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
                continue;
            }
            out.append(text, plain, i);
            plain = i + 1;
            writeSpecial(text, i);
        }
        out.append(text, plain, text.length()).append('"');
    }

    private void writeSpecial(String text, int at) {
        char c = text.charAt(at);
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                boolean lonely = Character.isSurrogate(c) && !isPaired(text, at);
                if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || lonely) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }

    private static boolean isPaired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}

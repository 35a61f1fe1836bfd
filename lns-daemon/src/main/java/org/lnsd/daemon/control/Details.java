package org.lnsd.daemon.control;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A view as name and value lines, for people: the same names as in JSON. */
final class Details {

    private Details() {}

    static List<Map.Entry<String, String>> of(Record view) {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        for (RecordComponent component : view.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                String name = component.getName();
                lines.add(Map.entry(JsonWriter.kebab(name), text(name, component.getAccessor().invoke(view))));
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException("accessor of " + view.getClass(), impossible);
            }
        }
        return lines;
    }

    private static String text(String name, Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(present -> text(name, present)).orElse("-");
            case OptionalLong optional -> optional.isPresent() ? text(name, optional.getAsLong()) : "-";
            case Long number when name.endsWith("Seconds") -> Format.seconds(number);
            case Long number when name.startsWith("octets") -> number + " (" + Format.octets(number) + ")";
            case Long number when name.endsWith("Bps") || name.startsWith("bitsPerSecond") -> Format.rate(number);
            case List<?> list ->
                list.isEmpty() ? "-" : String.join(" ", list.stream().map(element -> text(name, element)).toList());
            case Record nested when !(value instanceof org.lnsd.daemon.net.IpPrefix) -> String.join(", ",
                    of(nested).stream().map(line -> line.getKey() + " " + line.getValue()).toList());
            case java.net.InetAddress address -> org.lnsd.daemon.net.IpAddresses.format(address);
            default -> Format.orDash(value.toString());
        };
    }
}

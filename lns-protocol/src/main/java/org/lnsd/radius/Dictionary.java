package org.lnsd.radius;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Names of attributes, read from a file in FreeRADIUS' format (VENDOR, ATTRIBUTE, BEGIN-VENDOR, END-VENDOR; other lines are passed over). Immutable. */
public final class Dictionary {
    private final Map<AttributeType, String> names;

    private Dictionary(Map<AttributeType, String> names) { this.names = Map.copyOf(names); }

    /** The dictionary that comes with lnsd. */
    public static Dictionary builtIn() {
        try (BufferedReader file = new BufferedReader(new InputStreamReader(
                java.util.Objects.requireNonNull(Dictionary.class.getResourceAsStream("dictionary"),
                        "dictionary is missing"),
                StandardCharsets.UTF_8))) {
            return read(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Reads a dictionary. Lines that make no sense are passed over. */
    public static Dictionary read(BufferedReader file) throws IOException {
        Map<AttributeType, String> names = new HashMap<>();
        Map<String, Integer> vendors = new HashMap<>();
        int vendor = 0;
        for (String line = file.readLine(); line != null; line = file.readLine()) {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length >= 3 && words[0].equals("VENDOR")) {
                vendors.put(words[1], number(words[2]));
            } else if (words.length >= 2 && words[0].equals("BEGIN-VENDOR")) {
                vendor = vendors.getOrDefault(words[1], 0);
            } else if (words[0].equals("END-VENDOR")) {
                vendor = 0;
            } else if (words.length >= 4 && words[0].equals("ATTRIBUTE") && number(words[2]) > 0) {
                names.putIfAbsent(new AttributeType(vendor, number(words[2])), words[1]);
            }
        }
        return new Dictionary(names);
    }

    /** The name of an attribute, {@code Attr-26.VENDOR.NUMBER} where it has none. */
    public String nameOf(AttributeType type) {
        return names.getOrDefault(type, "Attr-" + type);
    }

    private static int number(String text) { return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0; }
}

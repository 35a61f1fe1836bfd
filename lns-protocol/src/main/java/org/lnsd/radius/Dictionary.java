package org.lnsd.radius;

import java.util.HashMap;
import java.util.Map;

/** Names of attributes, read from a file in FreeRADIUS' format (VENDOR, ATTRIBUTE, BEGIN-VENDOR, END-VENDOR; other lines are passed over). Immutable. */
public final class Dictionary {
    private final Map<AttributeType, String> names;

    private Dictionary(Map<AttributeType, String> names) { this.names = Map.copyOf(names); }

    /** Reads a dictionary. Lines that make no sense are passed over. The one that comes with lnsd is the resource {@code dictionary} of this package. */
    public static Dictionary parse(String text) {
        Map<AttributeType, String> names = new HashMap<>();
        Map<String, Integer> vendors = new HashMap<>();
        int vendor = 0;
        for (String line : text.split("\n", -1)) {
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

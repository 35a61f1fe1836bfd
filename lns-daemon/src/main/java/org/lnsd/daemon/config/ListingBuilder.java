package org.lnsd.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Makes the listing of a file without errors, part by part: its tables are where the schema has tables. */
final class ListingBuilder {

    private static final String MASK = "\"***\"";

    private final Map<String, List<ConfigurationListing.Table>> tables = new HashMap<>();

    /** Adds what stands in a part. */
    void add(TomlPart part) {
        for (TableSchema schema : Schema.tables()) {
            Object found = part.root().get(List.of(schema.path().split("\\.")));
            if (found instanceof TomlArray array) {
                for (int i = 0; i < array.size() && array.get(i) instanceof TomlTable table; i++) {
                    add(schema, table, part.lines());
                }
            } else if (found instanceof TomlTable single) {
                add(schema, single, part.lines());
            }
        }
    }

    ListingBuilder with(TomlPart part) {
        add(part);
        return this;
    }

    ConfigurationListing build() {
        List<ConfigurationListing.Table> all = new ArrayList<>();
        for (TableSchema schema : Schema.tables()) {
            if (!tables.containsKey(schema.path()) && !schema.absent()) {
                add(schema, Toml.parse(""), LineMap.WHOLE);
            }
            all.addAll(tables.getOrDefault(schema.path(), List.of()));
        }
        return new ConfigurationListing(List.copyOf(all));
    }

    private void add(TableSchema schema, TomlTable table, LineMap lines) {
        List<ConfigurationListing.Table> former = tables.computeIfAbsent(schema.path(), _ -> new ArrayList<>());
        Object named = table.get(List.of("name"));
        String name = schema.repeated()
                ? schema.path() + "." + (named instanceof String text ? text : Integer.toString(former.size() + 1))
                : schema.path();
        former.add(new ConfigurationListing.Table(schema.header(), name, values(schema, table, lines)));
    }

    private static List<ConfigurationListing.Value> values(TableSchema schema, TomlTable table, LineMap lines) {
        List<ConfigurationListing.Value> values = new ArrayList<>();
        for (Key<?> key : schema.keys()) {
            Object raw = table.get(List.of(key.name()));
            if (raw != null) {
                TomlPosition position = table.inputPositionOf(List.of(key.name()));
                String literal = Literals.write(raw);
                values.add(new ConfigurationListing.Value(key.name(), key.type().isSecret() ? MASK : literal,
                        position == null ? 0 : lines.inFile(position.line()), key.effect(), literal.hashCode()));
            } else if (key.presence() == Presence.DEFAULT) {
                values.add(new ConfigurationListing.Value(key.name(), key.literal(), 0, key.effect(),
                        key.literal().hashCode()));
            }
        }
        return List.copyOf(values);
    }
}

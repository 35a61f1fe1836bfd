package org.lnsd.daemon.config;

import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every value of a running configuration as text, with where it comes from; secrets are masked, so it may be shown.
 *
 * @param tables the tables in the order of the reference, those that repeat once for each
 */
public record ConfigurationListing(List<Table> tables) {

    /** Of a file with errors. */
    static final ConfigurationListing NONE = new ConfigurationListing(List.of());

    private static final String MASK = "\"***\"";

    /**
     * One table.
     *
     * @param header {@code [node]} or {@code [[pool]]}
     * @param name its path, and for one of several also its name: {@code pool.default}
     * @param values its values
     */
    public record Table(String header, String name, List<Value> values) {}

    /**
     * One value.
     *
     * @param key its key
     * @param literal the value as TOML, masked where it is a secret
     * @param line where it stands in the file; 0: it is the default
     * @param effect when a changed value takes effect
     * @param fingerprint equal for equal values, also of secrets, within this process
     */
    public record Value(String key, String literal, int line, Effect effect, int fingerprint) {}

    /** Of a file without errors: its tables are where the schema has tables. */
    static ConfigurationListing of(TomlTable root) {
        List<Table> tables = new ArrayList<>();
        for (TableSchema schema : Schema.tables()) {
            Object found = root.get(List.of(schema.path().split("\\.")));
            if (found instanceof TomlArray array) {
                for (int i = 0; i < array.size(); i++) {
                    tables.add(table(schema, array.getTable(i), Integer.toString(i + 1)));
                }
            } else if (found instanceof TomlTable single) {
                tables.add(table(schema, single, ""));
            } else if (!schema.absent()) {
                tables.add(table(schema, org.tomlj.Toml.parse(""), ""));
            }
        }
        return new ConfigurationListing(List.copyOf(tables));
    }

    /** Re-loadable TOML (but for the secrets), each value with its origin as a comment. */
    public String toToml() {
        StringBuilder text = new StringBuilder(4096);
        for (Table table : tables) {
            text.append(table.header()).append('\n');
            for (Value value : table.values()) {
                String line = value.key() + " = " + value.literal();
                text.append(line).append(" ".repeat(Math.max(1, 48 - line.length())))
                        .append(value.line() == 0 ? "# default" : "# line " + value.line())
                        .append('\n');
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** What is different in the other one, one line each: {@code ppp.mru: 1500 -> 1492 (for new sessions)}. */
    public List<String> changesTo(ConfigurationListing next) {
        Map<String, Value> before = flat();
        Map<String, Value> after = next.flat();
        List<String> changes = new ArrayList<>();
        before.forEach((path, value) -> {
            Value now = after.get(path);
            if (now == null) {
                changes.add(path + ": " + value.literal() + " removed" + when(value.effect()));
            } else if (now.fingerprint() != value.fingerprint() || !now.literal().equals(value.literal())) {
                changes.add(path + ": " + value.literal() + " -> " + now.literal() + when(now.effect()));
            }
        });
        after.forEach((path, value) -> {
            if (!before.containsKey(path)) {
                changes.add(path + ": " + value.literal() + " added" + when(value.effect()));
            }
        });
        return changes;
    }

    private static String when(Effect effect) {
        return switch (effect) {
            case LIVE -> "";
            case NEW_SESSIONS -> " (for new tunnels and sessions)";
            case RESTART -> " (needs a restart)";
        };
    }

    private Map<String, Value> flat() {
        Map<String, Value> all = new LinkedHashMap<>();
        tables.forEach(table -> table.values().forEach(value -> all.put(table.name() + "." + value.key(), value)));
        return all;
    }

    private static Table table(TableSchema schema, TomlTable table, String number) {
        List<Value> values = new ArrayList<>();
        for (Key<?> key : schema.keys()) {
            Object raw = table.get(List.of(key.name()));
            if (raw != null) {
                TomlPosition position = table.inputPositionOf(List.of(key.name()));
                String literal = Literals.write(raw);
                values.add(new Value(key.name(), key.type().isSecret() ? MASK : literal,
                        position == null ? 0 : position.line(), key.effect(),
                        literal.hashCode()));
            } else if (key.presence() == Presence.DEFAULT) {
                values.add(new Value(key.name(), key.literal(), 0, key.effect(), key.literal().hashCode()));
            }
        }
        Object named = table.get(List.of("name"));
        String name = schema.repeated()
                ? schema.path() + "." + (named instanceof String text ? text : number)
                : schema.path();
        return new Table(schema.header(), name, List.copyOf(values));
    }
}

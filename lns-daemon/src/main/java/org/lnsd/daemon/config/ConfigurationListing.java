package org.lnsd.daemon.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Every value of a running configuration as text, with where it comes from; secrets are masked, so it may be shown.
 *
 * @param tables the tables in the order of the reference, those that repeat once for each
 */
public record ConfigurationListing(List<Table> tables) {

    /** Of a file with errors. */
    static final ConfigurationListing NONE = new ConfigurationListing(List.of());

    /**
     * One table.
     *
     * @param header {@code [node]} or {@code [[pool]]}
     * @param name its path, and for one of several also its name: {@code pool.default}
     * @param values its values
     */
    public record Table(String header, String name, List<Value> values) {

        Map<String, Value> byKey() {
            Map<String, Value> all = new LinkedHashMap<>();
            values.forEach(value -> all.put(value.key(), value));
            return all;
        }
    }

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
    public Stream<String> changesTo(ConfigurationListing next) {
        Map<String, Table> before = byName();
        Map<String, Table> after = next.byName();
        Stream<String> changed = before.entrySet().stream()
                .flatMap(table -> changes(table.getKey(), table.getValue(), after.get(table.getKey())));
        return Stream.concat(changed, after.entrySet().stream().filter(table -> !before.containsKey(table.getKey()))
                .flatMap(table -> changes(table.getKey(), null, table.getValue())));
    }

    private static Stream<String> changes(String name, @Nullable Table before, @Nullable Table after) {
        Map<String, Value> old = before == null ? Map.of() : before.byKey();
        Map<String, Value> now = after == null ? Map.of() : after.byKey();
        return Stream.concat(old.keySet().stream(), now.keySet().stream().filter(key -> !old.containsKey(key)))
                .mapMulti((key, lines) -> {
                    String change = change(old.get(key), now.get(key));
                    if (change != null) {
                        lines.accept(name + "." + key + ": " + change);
                    }
                });
    }

    private static @Nullable String change(@Nullable Value old, @Nullable Value now) {
        if (old == null || now == null) {
            Value only = old == null ? now : old;
            return only == null ? null : only.literal() + (old == null ? " added" : " removed") + when(only.effect());
        }
        return old.fingerprint() == now.fingerprint() && old.literal().equals(now.literal())
                ? null
                : old.literal() + " -> " + now.literal() + when(now.effect());
    }

    private static String when(Effect effect) {
        return switch (effect) {
            case LIVE -> "";
            case NEW_SESSIONS -> " (for new tunnels and sessions)";
            case RESTART -> " (needs a restart)";
        };
    }

    private Map<String, Table> byName() {
        Map<String, Table> all = new LinkedHashMap<>();
        tables.forEach(table -> all.put(table.name(), table));
        return all;
    }
}

package org.lnsd.daemon.config;

import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads one table by its schema; what is wrong is noted and reading goes on. */
final class TableReader {

    private final TomlTable table;
    private final Place place;
    private final Set<String> wrong = new HashSet<>();

    private TableReader(TomlTable table, Place place) {
        this.table = table;
        this.place = place;
    }

    /** A reader for the table, keys unknown to the schema noted; {@code subtables} are names that others read. */
    static TableReader of(TomlTable table, Place place, TableSchema schema, List<String> subtables) {
        List<String> known = new ArrayList<>(subtables);
        schema.keys().forEach(key -> known.add(key.name()));
        checkUnknown(table, place, known, schema.path().isEmpty() ? "" : " in " + schema.header());
        return new TableReader(table, place);
    }

    /** A reader for an inline table with these keys. */
    static TableReader inline(TomlTable table, Place place, List<Key<?>> keys) {
        checkUnknown(table, place, keys.stream().map(Key::name).toList(), "");
        return new TableReader(table, place);
    }

    private static void checkUnknown(TomlTable table, Place place, List<String> known, String where) {
        for (String name : table.keySet()) {
            if (!known.contains(name)) {
                String hint = NearestWord.of(name, known).map(near -> "did you mean \"" + near + "\"?")
                        .orElseGet(() -> "expected one of " + String.join(", ", known));
                placeOf(table, place, name).error("unknown key \"" + name + "\"" + where + ", " + hint);
            }
        }
    }

    /** The place of the table itself. */
    Place place() { return place; }

    /** The place of a key, of the table where the key is not given. */
    Place placeOf(Key<?> key) {
        return has(key) ? placeOf(table, place, key.name()) : place;
    }

    boolean has(Key<?> key) { return table.contains(List.of(key.name())); }

    /** Whether the key is given, and its value was read without an error. */
    boolean isRight(Key<?> key) {
        return has(key) && !wrong.contains(key.name());
    }

    /** The value, or the default, or after an error a stand-in. */
    <T> T get(Key<T> key) {
        Object raw = table.get(List.of(key.name()));
        if (raw == null) {
            if (key.presence() == Presence.REQUIRED) {
                place.error("key \"" + key.name() + "\" is missing, " + key.type().description() + " expected");
            }
            return key.fallback();
        }
        T value = read(key, raw);
        return value == null ? key.type().placeholder() : value;
    }

    /** The value, or empty where it is not given or wrong. */
    <T> Optional<T> optional(Key<T> key) {
        Object raw = table.get(List.of(key.name()));
        return raw == null ? Optional.empty() : Optional.ofNullable(read(key, raw));
    }

    /** The value with its place. */
    <T> Located<T> located(Key<T> key) {
        return new Located<>(get(key), placeOf(key));
    }

    private <T> @Nullable T read(Key<T> key, Object raw) {
        Place at = placeOf(key);
        try {
            return key.type().read(raw, at);
        } catch (BadValue bad) {
            wrong.add(key.name());
            at.error(key.name() + ": " + bad.getMessage());
            return null;
        }
    }

    /** The subtable, or an empty one at this table's place. */
    TableReader subtable(TableSchema schema, List<String> subtables) {
        Object raw = table.get(List.of(schema.name()));
        Place at = raw == null ? place : placeOf(table, place, schema.name());
        if (raw != null && !(raw instanceof TomlTable)) {
            at.error(schema.header() + " is " + ValueTypes.kind(raw) + ", a table expected");
        }
        return of(raw instanceof TomlTable found ? found : org.tomlj.Toml.parse(""), at, schema, subtables);
    }

    boolean hasSubtable(TableSchema schema) { return table.contains(List.of(schema.name())); }

    /** All tables of an array of tables. */
    <T> List<Located<T>> each(TableSchema schema, Function<TableReader, T> reader) {
        Object raw = table.get(List.of(schema.name()));
        if (raw == null) {
            return List.of();
        }
        List<Located<T>> all = new ArrayList<>();
        Place at = placeOf(table, place, schema.name());
        if (!(raw instanceof TomlArray array)) {
            at.error("[" + schema.path() + "] is " + ValueTypes.kind(raw) + ", an array of tables expected: "
                    + schema.header());
            return List.of();
        }
        for (int i = 0; i < array.size(); i++) {
            Place element = place.at(array.inputPositionOf(i));
            if (array.get(i) instanceof TomlTable found) {
                all.add(new Located<>(reader.apply(of(found, element, schema, List.of())), element));
            } else {
                element.error(ValueTypes.kind(array.get(i)) + ", a table " + schema.header() + " expected");
            }
        }
        return all;
    }

    private static Place placeOf(TomlTable table, Place place, String name) {
        org.tomlj.TomlPosition position = table.inputPositionOf(List.of(name));
        return position == null ? place : place.at(position);
    }
}

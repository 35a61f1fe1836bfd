package org.lnsd.daemon.snmp;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * A conceptual table (RFC 2578 section 7.1.12): values are made when they are asked for.
 *
 * @param prefix the table's entry; column and index follow
 * @param rows the rows of the moment, ordered by index
 * @param columns the columns, ordered by number
 * @param <R> what a row shows
 */
record Table<R>(OID prefix, Supplier<List<Row<R>>> rows, List<Column<R>> columns) implements Subtree {

    /** One row. */
    record Row<R>(OID index, R value) {}

    /**
     * One column.
     *
     * @param number the last part of its object identifier
     * @param value its value in a row; null: the row has no such instance
     */
    record Column<R>(int number, Function<R, @Nullable Variable> value) {}

    @Override
    public Optional<Variable> get(OID instance) {
        if (!instance.startsWith(prefix) || instance.size() <= prefix.size() + 1) {
            return Optional.empty();
        }
        int number = instance.get(prefix.size());
        OID index = tail(instance, prefix.size() + 1);
        List<Row<R>> present = rows.get();
        int at = firstFrom(present, index, true);
        if (at >= present.size() || !present.get(at).index().equals(index)) {
            return Optional.empty();
        }
        return columns.stream().filter(column -> column.number() == number).findFirst()
                .flatMap(column -> Optional.ofNullable(column.value().apply(present.get(at).value())));
    }

    @Override
    public Optional<VariableBinding> next(OID after) {
        boolean inside = after.startsWith(prefix) && after.size() > prefix.size();
        if (!inside && after.compareTo(prefix) > 0) {
            return Optional.empty();
        }
        long number = inside ? after.getUnsigned(prefix.size()) : 0;
        List<Row<R>> present = rows.get();
        for (Column<R> column : columns) {
            if (column.number() >= number) {
                boolean within = inside && column.number() == number && after.size() > prefix.size() + 1;
                int at = within ? firstFrom(present, tail(after, prefix.size() + 1), false) : 0;
                Optional<VariableBinding> found = firstWithValue(column, present, at);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<VariableBinding> firstWithValue(Column<R> column, List<Row<R>> present, int from) {
        for (int at = from; at < present.size(); at++) {
            Row<R> row = present.get(at);
            Variable value = column.value().apply(row.value());
            if (value != null) {
                OID entry = new OID(prefix.getValue(), new int[]{column.number()});
                return Optional.of(new VariableBinding(new OID(entry.getValue(), row.index().getValue()), value));
            }
        }
        return Optional.empty();
    }

    private static OID tail(OID oid, int from) { return new OID(oid.getValue(), from, oid.size() - from); }

    /** The place of the first row whose index is not before this one, or behind it. */
    private static <R> int firstFrom(List<Row<R>> rows, OID index, boolean included) {
        int low = 0;
        int high = rows.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = rows.get(middle).index().compareTo(index);
            if (order > 0 || included && order == 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}

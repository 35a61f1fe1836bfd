package org.lnsd.daemon.snmp;

import java.lang.ref.SoftReference;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.snmp4j.smi.OID;

/**
 * The rows of a table, kept for a moment, so that a walk over 50,000 of them does not gather them for each answer; when memory is short
 * they are given up. Used by the agent's thread only.
 *
 * @param <R> what a row shows
 */
final class Rows<R> implements Supplier<List<Table.Row<R>>> {

    private static final long KEEP_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int SMALL = 100;

    private final Supplier<Stream<R>> source;
    private final Function<R, OID> index;
    private final LongSupplier clockNs;
    private SoftReference<List<Table.Row<R>>> kept = new SoftReference<>(null);
    private long gatheredNs;

    Rows(Supplier<Stream<R>> source, Function<R, OID> index, LongSupplier clockNs) {
        this.source = source;
        this.index = index;
        this.clockNs = clockNs;
    }

    @Override
    public List<Table.Row<R>> get() {
        long nowNs = clockNs.getAsLong();
        List<Table.Row<R>> rows = kept.get();
        if (rows == null || rows.size() < SMALL || nowNs - gatheredNs > KEEP_NS) {
            rows = source.get().map(value -> new Table.Row<>(index.apply(value), value))
                    .sorted(Comparator.comparing(Table.Row<R>::index)).toList();
            kept = new SoftReference<>(rows);
            gatheredNs = nowNs;
        }
        return rows;
    }
}

package org.lnsd.daemon.forwarding;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.filter.CompiledFilter;

/**
 * The limits of the rows that have some; a flag of the row says so, others are not looked up here. The control loop writes,
 * all loops read.
 */
final class RowLimits {

    private final AtomicReferenceArray<@Nullable Entry> entries;

    /** Limits as a packet needs them. */
    record Entry(@Nullable CompiledFilter filterIn, @Nullable CompiledFilter filterOut) {}

    RowLimits(int maximumRows) { entries = new AtomicReferenceArray<>(maximumRows); }

    /** The limits of a row; null: it has lost them just now. */
    @Nullable
    Entry of(int row) { return entries.getAcquire(row); }

    /** Sets a row's limits and returns the flags that it must have. */
    int set(int row, Limits limits) {
        Entry entry = new Entry(limits.filterIn().orElse(null), limits.filterOut().orElse(null));
        int flags = (entry.filterIn == null ? 0 : Rows.LIMITED_IN) | (entry.filterOut == null ? 0 : Rows.LIMITED_OUT);
        entries.setRelease(row, flags == 0 ? null : entry);
        return flags;
    }

    void clear(int row) { entries.setRelease(row, null); }
}

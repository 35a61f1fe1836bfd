package org.lnsd.daemon.forwarding;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.daemon.shaping.Policer;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.daemon.shaping.Shaper;

/**
 * The limits of the rows that have some; a flag of the row says so, others are not looked up here. The control loop writes,
 * all loops read.
 */
final class RowLimits {

    private final AtomicReferenceArray<@Nullable Entry> entries;
    private final PacketPool pool;

    /** Limits as a packet needs them. */
    record Entry(@Nullable CompiledFilter filterIn, @Nullable CompiledFilter filterOut, @Nullable Policer policer,
            @Nullable ShapedLine line) {
        boolean limitsIn() { return filterIn != null || policer != null; }

        boolean limitsOut() { return filterOut != null || line != null; }
    }

    /** No row has limits; what will wait, waits in the pool. */
    RowLimits(int maximumRows, PacketPool pool) {
        entries = new AtomicReferenceArray<>(maximumRows);
        this.pool = pool;
    }

    PacketPool pool() { return pool; }

    /** The limits of a row; null: it has lost them just now. */
    @Nullable
    Entry of(int row) { return entries.getAcquire(row); }

    /** Sets a row's limits and returns the flags that it must have. */
    int set(int row, Limits limits, long nowNs) {
        Entry former = of(row);
        Entry entry = new Entry(limits.filterIn().orElse(null), limits.filterOut().orElse(null),
                policer(former == null ? null : former.policer, limits.rateIn(), nowNs),
                line(former == null ? null : former.line, row, limits.rateOut(), nowNs));
        entries.setRelease(row, entry.limitsIn() || entry.limitsOut() ? entry : null);
        return (entry.limitsIn() ? Rows.LIMITED_IN : 0) | (entry.limitsOut() ? Rows.LIMITED_OUT : 0);
    }

    private static @Nullable Policer policer(@Nullable Policer former, Rate rate, long nowNs) {
        if (!rate.isLimited()) {
            return null;
        }
        return former != null && former.rate().equals(rate) ? former : new Policer(rate, nowNs);
    }

    // A new rate keeps what waits, so that a transfer goes on without loss.
    private @Nullable ShapedLine line(@Nullable ShapedLine former, int row, Rate rate, long nowNs) {
        if (!rate.isLimited()) {
            if (former != null) {
                former.shaper.close();
            }
            return null;
        }
        if (former == null) {
            return new ShapedLine(row, new Shaper(pool, rate, nowNs));
        }
        former.shaper.rate(rate);
        return former;
    }

    /** The row goes: what waits is dropped. */
    void clear(int row) {
        Entry former = of(row);
        if (former != null && former.line != null) {
            former.line.shaper.close();
        }
        entries.setRelease(row, null);
    }
}

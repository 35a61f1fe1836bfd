package org.lnsd.daemon.forwarding;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
    private static final int SMALLEST_PACKET_BURST = 16;

    private final AtomicReferenceArray<@Nullable Entry> entries;
    private final PacketPool pool;
    // Of the control loop; at most one for each configured LAC.
    private final Map<String, ShapedCarrier> carriers = new HashMap<>();
    private final Map<String, PolicedCarrier> carriersUp = new HashMap<>();

    /** Limits as a packet needs them. */
    record Entry(@Nullable CompiledFilter filterIn, @Nullable CompiledFilter filterOut, @Nullable Policer policer,
            @Nullable PolicedLine share, @Nullable ShapedLine line, @Nullable Policer packetsIn,
            @Nullable Policer packetsOut, @Nullable DnsDetour dns, boolean suspended, @Nullable PacketTap tap) {
        boolean limitsIn() {
            return filterIn != null || policer != null || share != null || packetsIn != null || dns != null
                    || suspended;
        }

        boolean limitsOut() {
            return filterOut != null || line != null || packetsOut != null || dns != null || suspended;
        }
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
                share(former == null ? null : former.share, limits, nowNs),
                line(former == null ? null : former.line, row, limits, nowNs),
                policer(former == null ? null : former.packetsIn, packets(limits), nowNs),
                policer(former == null ? null : former.packetsOut, packets(limits), nowNs),
                dns(former == null ? null : former.dns, limits), limits.suspended(),
                limits.tap().orElse(null));
        entries.setRelease(row, entry.limitsIn() || entry.limitsOut() || entry.tap != null ? entry : null);
        return (entry.limitsIn() ? Rows.LIMITED_IN : 0) | (entry.limitsOut() ? Rows.LIMITED_OUT : 0)
                | (entry.tap != null ? Rows.TAPPED : 0);
    }

    private static @Nullable Policer policer(@Nullable Policer former, Rate rate, long nowNs) {
        if (!rate.isLimited()) {
            return null;
        }
        return former != null && former.rate().equals(rate) ? former : new Policer(rate, nowNs);
    }

    private static @Nullable DnsDetour dns(@Nullable DnsDetour former, Limits limits) {
        DnsRedirect wanted = limits.dns().orElse(null);
        if (wanted == null) {
            return null;
        }
        return former != null && former.redirect().equals(wanted) ? former : new DnsDetour(wanted);
    }

    // Packets as if each were a byte.
    private static Rate packets(Limits limits) {
        int most = limits.packetsPerSecond();
        return most == 0 ? Rate.UNLIMITED : new Rate(8L * most, Math.max(SMALLEST_PACKET_BURST, most / 8));
    }

    private @Nullable PolicedLine share(@Nullable PolicedLine former, Limits limits, long nowNs) {
        CarrierLimit limit = limits.carrier().filter(all -> all.up().isLimited()).orElse(null);
        if (limit == null) {
            return null;
        }
        PolicedCarrier carrier = carriersUp.computeIfAbsent(limit.name(), _ -> new PolicedCarrier(limit.up(), nowNs));
        carrier.rate(limit.up(), nowNs);
        return former != null && former.carrier == carrier ? former : new PolicedLine(carrier, nowNs);
    }

    // A new rate keeps what waits, so that a transfer goes on without loss.
    private @Nullable ShapedLine line(@Nullable ShapedLine former, int row, Limits limits, long nowNs) {
        Rate rate = limits.rateOut();
        Optional<CarrierLimit> shared = limits.carrier().filter(all -> all.down().isLimited());
        if (!rate.isLimited() && shared.isEmpty()) {
            if (former != null) {
                former.shaper.close();
            }
            return null;
        }
        ShapedLine line = former == null ? new ShapedLine(row, new Shaper(pool, rate, nowNs)) : former;
        line.shaper.rate(rate);
        line.carrier = shared.map(limit -> carrier(limit, nowNs)).orElse(null);
        return line;
    }

    private ShapedCarrier carrier(CarrierLimit limit, long nowNs) {
        ShapedCarrier carrier = carriers.computeIfAbsent(limit.name(), _ -> new ShapedCarrier(limit.down(), nowNs));
        carrier.rate(limit.down());
        return carrier;
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

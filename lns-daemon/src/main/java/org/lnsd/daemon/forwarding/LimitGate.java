package org.lnsd.daemon.forwarding;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.filter.PacketFields;
import org.lnsd.daemon.filter.Verdict;
import org.lnsd.daemon.shaping.Policer;

/** Judges the packets of rows with limits; one instance a loop. */
final class LimitGate {

    private final RowLimits limits;
    private final LoopCounters counters;
    private final int thread;
    private final Refusal refusal;
    private final PacketFields fields = new PacketFields();

    /** Tells a packet's sender that it was dropped on purpose. */
    interface Refusal {
        /** Nobody is told. */
        Refusal SILENT = new Refusal() {
            @Override
            public void tellSubscriber(int row, long packet, int lengthBytes, long nowNs) {
                // Silent.
            }

            @Override
            public void tellUnreachable(int row, long packet, int lengthBytes, long nowNs) {
                // Silent.
            }

            @Override
            public void tellOther(long packet, int lengthBytes, long nowNs) {
                // Silent.
            }
        };

        /** One from the row's subscriber. */
        void tellSubscriber(int row, long packet, int lengthBytes, long nowNs);

        /** One from the row's subscriber whose destination there is not. */
        void tellUnreachable(int row, long packet, int lengthBytes, long nowNs);

        /** One to a subscriber. */
        void tellOther(long packet, int lengthBytes, long nowNs);
    }

    /** A gate that drops silently. */
    LimitGate(RowLimits limits, LoopCounters counters, int thread) {
        this(limits, counters, thread, Refusal.SILENT);
    }

    /** A gate for the thread of this number. */
    LimitGate(RowLimits limits, LoopCounters counters, int thread, Refusal refusal) {
        this.refusal = refusal;
        this.limits = limits;
        this.counters = counters;
        this.thread = thread;
    }

    /** Whether a packet from the subscriber goes on; counts it otherwise. */
    boolean admitsIn(int row, long packet, int lengthBytes, long nowNs) {
        RowLimits.Entry entry = limits.of(row);
        if (entry == null) {
            return true;
        }
        if (entry.suspended()) {
            counters.dropIn(row, DropReason.SUSPENDED);
            refusal.tellSubscriber(row, packet, lengthBytes, nowNs);
            return false;
        }
        DnsDetour dns = entry.dns();
        if (dns != null) {
            dns.query(packet, lengthBytes);
        }
        CompiledFilter filter = entry.filterIn();
        Verdict verdict = judged(filter, packet, lengthBytes);
        if (verdict != Verdict.PERMIT) {
            if (verdict == Verdict.REJECT) {
                refusal.tellSubscriber(row, packet, lengthBytes, nowNs);
            }
            counters.dropIn(row, DropReason.FILTER);
            return false;
        }
        Policer packets = entry.packetsIn();
        if (packets != null && !packets.admits(1, nowNs)) {
            counters.dropIn(row, DropReason.PACKET_RATE);
            return false;
        }
        Policer policer = entry.policer();
        if (policer != null && !policer.admits(lengthBytes, nowNs)) {
            counters.dropIn(row, DropReason.RATE);
            return false;
        }
        PolicedLine share = entry.share();
        if (share != null && !share.admits(lengthBytes, nowNs)) {
            if (policer != null) {
                policer.refund(lengthBytes);
            }
            counters.dropIn(row, DropReason.RATE);
            return false;
        }
        return true;
    }

    /** A packet from the subscriber to the network of its own link goes no further (RFC 4443 section 3.1). */
    void refuseReturn(int row, long packet, int lengthBytes, long nowNs) {
        counters.dropIn(row, DropReason.NOT_FORWARDED);
        refusal.tellUnreachable(row, packet, lengthBytes, nowNs);
    }

    /** Whether a (super-)packet to the subscriber, of so many packets, goes on; counts them otherwise. */
    boolean admitsOut(int row, long packet, int lengthBytes, int packets, long nowNs) {
        RowLimits.Entry entry = limits.of(row);
        if (entry == null) {
            return true;
        }
        if (entry.suspended()) {
            counters.dropOut(row, DropReason.SUSPENDED, packets);
            refusal.tellOther(packet, lengthBytes, nowNs);
            return false;
        }
        Policer cap = entry.packetsOut();
        if (cap != null && !cap.admits(packets, nowNs)) {
            counters.dropOut(row, DropReason.PACKET_RATE, packets);
            return false;
        }
        CompiledFilter filter = entry.filterOut();
        Verdict verdict = judged(filter, packet, lengthBytes);
        if (verdict != Verdict.PERMIT) {
            if (verdict == Verdict.REJECT) {
                refusal.tellOther(packet, lengthBytes, nowNs);
            }
            counters.dropOut(row, DropReason.FILTER, packets);
            return false;
        }
        return true;
    }

    /** Lets a packet that goes on to the subscriber come from the name server that it has asked. */
    void restore(int row, long packet, int lengthBytes) {
        RowLimits.Entry entry = limits.of(row);
        DnsDetour dns = entry == null ? null : entry.dns();
        if (dns != null) {
            dns.answer(packet, lengthBytes);
        }
    }

    /** The queue to the subscriber, if it has one. */
    @Nullable
    ShapedLine line(int row) {
        RowLimits.Entry entry = limits.of(row);
        return entry == null ? null : entry.line();
    }

    /** Shows a packet that goes on to the row's tap. */
    void tap(int row, long packet, int lengthBytes) {
        RowLimits.Entry entry = limits.of(row);
        PacketTap tap = entry == null ? null : entry.tap();
        if (tap != null) {
            tap.packet(packet, lengthBytes);
        }
    }

    private Verdict judged(@Nullable CompiledFilter filter, long packet, int lengthBytes) {
        if (filter == null) {
            return Verdict.PERMIT;
        }
        return fields.read(packet, lengthBytes) ? filter.judge(fields, thread) : Verdict.DENY;
    }
}

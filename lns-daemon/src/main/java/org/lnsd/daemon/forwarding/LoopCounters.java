package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;

/** What one loop counted: plain numbers that it alone writes; others read and sum them. */
@SuppressWarnings("EnumOrdinal") // the ordinal indexes an array of this run only
final class LoopCounters {
    private static final int STRIDE = 128;
    static final int PACKETS_IN = 0;
    static final int OCTETS_IN = 8;
    static final int PACKETS_OUT = 16;
    static final int OCTETS_OUT = 24;
    /** To be added to the four above for the IPv6 part. */
    static final int IPV6 = 32;
    private static final int DROPS_IN = 64;
    private static final int DROPS_OUT = 72;
    private static final int ACTIVITY_IN = 80;
    private static final int RECEIVED = 88;
    private static final int PUNT_WINDOW = 96;
    private static final int PUNTS = 104;
    private static final int ACTIVITY_OUT = 112;

    private final long rows;
    final long[] drops = new long[DropReason.values().length];
    long packetsIn;
    long octetsIn;
    long packetsOut;
    long octetsOut;
    long controlMessages;
    long punted;
    long fragmented;

    LoopCounters(int maximumRows) { rows = Memory.map((long) maximumRows * STRIDE); }

    /** A packet from the subscriber. */
    void in(int row, int octets, boolean ipv6, long nowNs) {
        long at = at(row);
        add(at + PACKETS_IN, 1);
        add(at + OCTETS_IN, octets);
        if (ipv6) {
            add(at + IPV6 + PACKETS_IN, 1);
            add(at + IPV6 + OCTETS_IN, octets);
        }
        Memory.putLong(at + ACTIVITY_IN, nowNs);
        Memory.putLong(at + RECEIVED, nowNs);
        packetsIn++;
        octetsIn += octets;
    }

    /** Packets to the subscriber. */
    void out(int row, int packets, long octets, boolean ipv6, long nowNs) {
        long at = at(row);
        add(at + PACKETS_OUT, packets);
        add(at + OCTETS_OUT, octets);
        if (ipv6) {
            add(at + IPV6 + PACKETS_OUT, packets);
            add(at + IPV6 + OCTETS_OUT, octets);
        }
        Memory.putLong(at + ACTIVITY_OUT, nowNs);
        packetsOut += packets;
        octetsOut += octets;
    }

    void drop(DropReason reason) { drops[reason.ordinal()]++; }

    void dropIn(int row, DropReason reason) {
        drops[reason.ordinal()]++;
        add(at(row) + DROPS_IN, 1);
    }

    void dropOut(int row, DropReason reason) {
        drops[reason.ordinal()]++;
        add(at(row) + DROPS_OUT, 1);
    }

    void dropOut(int row, DropReason reason, int packets) {
        drops[reason.ordinal()] += packets;
        add(at(row) + DROPS_OUT, packets);
    }

    /** Notes a control frame; false if the row has had its share of this window (2^27 ns, about an eighth of a second). */
    boolean mayPunt(int row, long nowNs, int mostPerWindow) {
        long at = at(row);
        long window = nowNs >>> 27;
        long punts = Memory.getLong(at + PUNT_WINDOW) == window ? Memory.getLong(at + PUNTS) : 0;
        Memory.putLong(at + PUNT_WINDOW, window);
        Memory.putLong(at + PUNTS, punts + 1);
        Memory.putLong(at + RECEIVED, nowNs);
        return punts < mostPerWindow;
    }

    /** Notes a frame that came too early; those have at most {@code mostPerWindow} of the row's share. */
    boolean mayWait(int row, long nowNs, int mostPerWindow) {
        long at = at(row);
        boolean may = Memory.getLong(at + PUNT_WINDOW) != nowNs >>> 27 || Memory.getLong(at + PUNTS) < mostPerWindow;
        return may && mayPunt(row, nowNs, mostPerWindow);
    }

    void addTo(int row, SessionCounters sum) {
        long at = at(row);
        sum.packetsIn += Memory.getLong(at + PACKETS_IN);
        sum.octetsIn += Memory.getLong(at + OCTETS_IN);
        sum.packetsOut += Memory.getLong(at + PACKETS_OUT);
        sum.octetsOut += Memory.getLong(at + OCTETS_OUT);
        sum.ipv6PacketsIn += Memory.getLong(at + IPV6 + PACKETS_IN);
        sum.ipv6OctetsIn += Memory.getLong(at + IPV6 + OCTETS_IN);
        sum.ipv6PacketsOut += Memory.getLong(at + IPV6 + PACKETS_OUT);
        sum.ipv6OctetsOut += Memory.getLong(at + IPV6 + OCTETS_OUT);
        sum.dropsIn += Memory.getLong(at + DROPS_IN);
        sum.dropsOut += Memory.getLong(at + DROPS_OUT);
        sum.lastInNs = SessionCounters.later(sum.lastInNs, Memory.getLong(at + ACTIVITY_IN));
        sum.lastOutNs = SessionCounters.later(sum.lastOutNs, Memory.getLong(at + ACTIVITY_OUT));
        sum.lastReceivedNs = SessionCounters.later(sum.lastReceivedNs, Memory.getLong(at + RECEIVED));
    }

    /** A row begins anew; no loop may be using it. */
    void clear(int row) { Memory.fill(at(row), STRIDE, 0); }

    private long at(int row) { return rows + (long) row * STRIDE; }

    private static void add(long address, long amount) { Memory.putLong(address, Memory.getLong(address) + amount); }

    void close() { Memory.unmap(rows); }
}

package org.lnsd.daemon.forwarding;

/** A session's counters as {@link Forwarding#read} fills them; "in" is from the subscriber, octets are those of IP packets. */
public final class SessionCounters {
    public long packetsIn;
    public long octetsIn;
    public long packetsOut;
    public long octetsOut;
    public long ipv6PacketsIn;
    public long ipv6OctetsIn;
    public long ipv6PacketsOut;
    public long ipv6OctetsOut;
    public long dropsIn;
    public long dropsOut;
    /** When a packet last came from the subscriber, by the clock of the loops ({@code System.nanoTime}); 0: never. */
    public long lastInNs;
    /** When a packet last went to the subscriber; 0: never. */
    public long lastOutNs;
    /** When something last came from the subscriber, control frames included; 0: never. */
    public long lastReceivedNs;

    /** When a packet last went either way; 0: never. */
    public long lastActivityNs() {
        return later(lastInNs, lastOutNs);
    }

    /** Adds what another session has. */
    public void add(SessionCounters other) {
        packetsIn += other.packetsIn;
        octetsIn += other.octetsIn;
        packetsOut += other.packetsOut;
        octetsOut += other.octetsOut;
        ipv6PacketsIn += other.ipv6PacketsIn;
        ipv6OctetsIn += other.ipv6OctetsIn;
        ipv6PacketsOut += other.ipv6PacketsOut;
        ipv6OctetsOut += other.ipv6OctetsOut;
        dropsIn += other.dropsIn;
        dropsOut += other.dropsOut;
        lastInNs = later(lastInNs, other.lastInNs);
        lastOutNs = later(lastOutNs, other.lastOutNs);
        lastReceivedNs = later(lastReceivedNs, other.lastReceivedNs);
    }

    /** Returns the later of two times of that clock, of which 0 is never. */
    static long later(long one, long other) {
        return one == 0 || (other != 0 && other - one > 0) ? other : one;
    }

    /** Sets everything to zero. */
    public void reset() {
        packetsIn = 0;
        octetsIn = 0;
        packetsOut = 0;
        octetsOut = 0;
        ipv6PacketsIn = 0;
        ipv6OctetsIn = 0;
        ipv6PacketsOut = 0;
        ipv6OctetsOut = 0;
        dropsIn = 0;
        dropsOut = 0;
        lastInNs = 0;
        lastOutNs = 0;
        lastReceivedNs = 0;
    }
}

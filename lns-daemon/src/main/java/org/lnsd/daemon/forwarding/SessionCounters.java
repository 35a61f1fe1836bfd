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
    /** When a packet last went either way, by the clock of the loops ({@code System.nanoTime}); 0: never. */
    public long lastActivityNs;
    /** When something last came from the subscriber, control frames included; 0: never. */
    public long lastReceivedNs;
}

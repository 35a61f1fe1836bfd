package org.lnsd.daemon.forwarding;

/** The look-ups of the path: (tunnel, session) to row, and addresses to row. Written by the control loop, read by all. */
final class Tables {
    private final NarrowRowTable sessions = new NarrowRowTable();
    private final PrefixTable ipv4 = new PrefixTable(NarrowRowTable::new);
    private final PrefixTable ipv6 = new PrefixTable(RowTable::new);

    int session(int localTunnelId, int localSessionId) { return sessions.find(key(localTunnelId, localSessionId), 0); }

    int ipv4(int address) { return ipv4.find((long) address << 32, 0); }

    int ipv6(long high, long low) { return ipv6.find(high, low); }

    void putSession(int localTunnelId, int localSessionId, int row) {
        sessions.put(key(localTunnelId, localSessionId), 0, row);
    }

    void removeSession(int localTunnelId, int localSessionId, int row) {
        sessions.remove(key(localTunnelId, localSessionId), 0, row);
    }

    private static long key(int localTunnelId, int localSessionId) {
        return (long) localTunnelId << 48 | (long) localSessionId << 32;
    }

    PrefixTable ipv4() { return ipv4; }

    PrefixTable ipv6() { return ipv6; }
}

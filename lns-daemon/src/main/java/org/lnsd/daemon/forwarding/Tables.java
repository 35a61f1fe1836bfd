package org.lnsd.daemon.forwarding;

/** The look-ups of the path: (tunnel, session) to row, and addresses to row. Written by the control loop, read by all. */
final class Tables {
    private final RowTable sessions = new RowTable();
    private final PrefixTable ipv4 = new PrefixTable();
    private final PrefixTable ipv6 = new PrefixTable();

    int session(int localTunnelId, int localSessionId) { return sessions.find(localTunnelId, localSessionId); }

    int ipv4(int address) { return ipv4.find((long) address << 32, 0); }

    int ipv6(long high, long low) { return ipv6.find(high, low); }

    void putSession(int localTunnelId, int localSessionId, int row) {
        sessions.put(localTunnelId, localSessionId, row);
    }

    void removeSession(int localTunnelId, int localSessionId, int row) {
        sessions.remove(localTunnelId, localSessionId, row);
    }

    PrefixTable ipv4() { return ipv4; }

    PrefixTable ipv6() { return ipv6; }
}

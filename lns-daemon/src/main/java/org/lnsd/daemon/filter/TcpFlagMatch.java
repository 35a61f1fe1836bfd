package org.lnsd.daemon.filter;

/**
 * TCP flags of a rule (RFC 9293 section 3.1).
 *
 * @param set flags that must be set
 * @param clear flags that must be clear
 * @param all whether every condition must hold, or one is enough
 */
record TcpFlagMatch(int set, int clear, boolean all) {
    static final TcpFlagMatch ANY = new TcpFlagMatch(0, 0, true);
    /** A packet of a connection that exists: ACK or RST. */
    static final TcpFlagMatch ESTABLISHED = new TcpFlagMatch(0x14, 0, false);

    boolean isAny() { return (set | clear) == 0; }

    boolean matches(int flags) {
        int held = flags & set;
        int missing = ~flags & clear;
        return all ? held == set && missing == clear : (held | missing) != 0;
    }
}

package org.lnsd.daemon.aaa;

/**
 * What names a session to a RADIUS server, the same in each of its requests. Texts that are not known are empty.
 *
 * @param acctSessionId unique across restarts, see {@link AcctSessionIds}
 * @param multiSessionId Acct-Multi-Session-Id, empty unless in a multilink bundle
 * @param nasPort tunnel id and session id: stays the same while the session lives
 * @param calledNumber Called Number of the call
 * @param callingNumber Calling Number of the call
 * @param callSerialNumber of the call (Acct-Tunnel-Connection)
 * @param transmitBps speed towards the subscriber in bit/s, 0 when not known
 * @param receiveBps speed from the subscriber in bit/s, 0 when not known
 * @param tunnel the tunnel it came through
 * @param accessLine what is known of the line
 */
public record SessionIdentity(String acctSessionId, String multiSessionId, int nasPort, String calledNumber,
        String callingNumber, long callSerialNumber, long transmitBps, long receiveBps, TunnelIdentity tunnel,
        AccessLine accessLine) {
    /** The lower bits of {@code nasPort}; the others are the tunnel's id. */
    public static final int SESSION_ID_BITS = 16;

    /** Returns {@code nasPort} as text behind the name of the peer, for example {@code wholesale-a:12/345}; empty without a tunnel. */
    public String nasPortId() {
        return tunnel.equals(TunnelIdentity.NONE)
                ? ""
                : tunnel.assignmentId() + ":" + (nasPort >>> SESSION_ID_BITS) + "/"
                        + (nasPort & (1 << SESSION_ID_BITS) - 1);
    }

    /** Returns the same session as a link of a bundle. */
    public SessionIdentity inBundle(String bundleId) {
        return new SessionIdentity(acctSessionId, bundleId, nasPort, calledNumber, callingNumber,
                callSerialNumber, transmitBps, receiveBps, tunnel, accessLine);
    }

    /** Returns the same session with other speeds. */
    public SessionIdentity atSpeeds(long newTransmitBps, long newReceiveBps) {
        return new SessionIdentity(acctSessionId, multiSessionId, nasPort, calledNumber, callingNumber,
                callSerialNumber, newTransmitBps, newReceiveBps, tunnel, accessLine);
    }
}

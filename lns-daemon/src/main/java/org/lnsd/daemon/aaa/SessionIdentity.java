package org.lnsd.daemon.aaa;

/**
 * What names a session to a RADIUS server, the same in each of its requests. Texts that are not known are empty.
 *
 * @param acctSessionId unique across restarts, see {@link AcctSessionIds}
 * @param multiSessionId Acct-Multi-Session-Id, empty unless in a multilink bundle
 * @param nasPort number that stays the same while the session lives
 * @param nasPortId the same as text, for example {@code wholesale-a:12/345}
 * @param calledNumber Called Number of the call
 * @param callingNumber Calling Number of the call
 * @param transmitBps speed towards the subscriber in bit/s, 0 when not known
 * @param receiveBps speed from the subscriber in bit/s, 0 when not known
 * @param tunnel the tunnel it came through
 * @param accessLine what is known of the line
 */
public record SessionIdentity(String acctSessionId, String multiSessionId, int nasPort, String nasPortId,
        String calledNumber, String callingNumber, long transmitBps, long receiveBps, TunnelIdentity tunnel,
        AccessLine accessLine) {
    /** Returns the same session as a link of a bundle. */
    public SessionIdentity inBundle(String bundleId) {
        return new SessionIdentity(acctSessionId, bundleId, nasPort, nasPortId, calledNumber, callingNumber,
                transmitBps, receiveBps, tunnel, accessLine);
    }
}

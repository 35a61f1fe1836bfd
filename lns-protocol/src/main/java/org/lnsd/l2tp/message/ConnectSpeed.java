package org.lnsd.l2tp.message;

/**
 * One Connect Speed Update AVP (RFC 5515 section 6.1).
 *
 * @param remoteSessionId the session id of the receiver of the message
 * @param txConnectSpeedBps towards the subscriber, 32 bits unsigned
 * @param rxConnectSpeedBps from the subscriber, 32 bits unsigned
 */
public record ConnectSpeed(int remoteSessionId, long txConnectSpeedBps, long rxConnectSpeedBps) {
    /** The most that 32 bits can tell of a speed. */
    public static final long MOST_BPS = 0xffff_ffffL;

    /** What 32 bits can tell of a speed: the most that they hold when it is more. */
    static long told(long bps) {
        return Math.min(bps, MOST_BPS);
    }
}

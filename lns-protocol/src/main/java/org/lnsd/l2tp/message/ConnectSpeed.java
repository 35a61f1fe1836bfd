package org.lnsd.l2tp.message;

/**
 * One Connect Speed Update AVP (RFC 5515 section 5).
 *
 * @param remoteSessionId the session id of the receiver of the message
 * @param txConnectSpeedBps towards the subscriber, 32 bits unsigned
 * @param rxConnectSpeedBps from the subscriber, 32 bits unsigned
 */
public record ConnectSpeed(int remoteSessionId, long txConnectSpeedBps, long rxConnectSpeedBps) {}

package org.lnsd.ppp.link;

import org.jspecify.annotations.Nullable;

/**
 * What the LAC negotiated with the subscriber before the call came to us (RFC 2661 section 4.4.5, AVPs 26 to 33).
 *
 * @param initialReceivedConfreq options of the first Configure-Request from the subscriber, null if not given
 * @param lastSentConfreq options of the LAC's last Configure-Request, null if not given
 * @param lastReceivedConfreq options of the subscriber's last Configure-Request, null if not given
 * @param authenType Proxy Authen Type, 0 if not given
 * @param authenName the name the subscriber gave
 * @param authenChallenge the LAC's CHAP challenge
 * @param authenId id of the CHAP or PAP exchange, -1 if not given
 * @param authenResponse the CHAP response or the PAP password
 */
@SuppressWarnings("ArrayRecordComponent")
public record ProxyNegotiation(byte @Nullable [] initialReceivedConfreq, byte @Nullable [] lastSentConfreq,
        byte @Nullable [] lastReceivedConfreq, int authenType, byte @Nullable [] authenName,
        byte @Nullable [] authenChallenge, int authenId, byte @Nullable [] authenResponse) {}

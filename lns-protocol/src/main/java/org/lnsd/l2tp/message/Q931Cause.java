package org.lnsd.l2tp.message;

/**
 * The cause of an unsolicited ISDN disconnect (RFC 2661 section 4.4.5, Q.931 Cause Code AVP).
 *
 * @param code 16 bits
 * @param message the Q.931 message code, 8 bits
 * @param advisory human readable, may be empty
 */
public record Q931Cause(int code, int message, String advisory) {}

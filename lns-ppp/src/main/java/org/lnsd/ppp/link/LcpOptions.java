package org.lnsd.ppp.link;

/**
 * What LCP has agreed on, as octets: the options of the last two Configure-Requests, without code, identifier and length.
 *
 * @param sent ours
 * @param received the peer's
 * @param localAccm the characters that the peer escapes, all bits set if not negotiated
 */
@SuppressWarnings("ArrayRecordComponent")
public record LcpOptions(byte[] sent, byte[] received, int localAccm) {}

package org.lnsd.daemon.history;

/**
 * One thing that happened.
 *
 * @param timeMs when, milliseconds since 1970
 * @param stage where: call, lcp, authentication, radius, ipcp, ipv6cp, state, end
 * @param text what, decoded, without secrets
 */
public record HistoryEvent(long timeMs, String stage, String text) {}

package org.lnsd.daemon.control;

/**
 * The traffic of one address family of a session.
 *
 * @param octetsIn from the subscriber
 * @param octetsOut to the subscriber
 * @param packetsIn from the subscriber
 * @param packetsOut to the subscriber
 */
public record FamilyTraffic(long octetsIn, long octetsOut, long packetsIn, long packetsOut) {
    /** Nothing. */
    public static final FamilyTraffic NONE = new FamilyTraffic(0, 0, 0, 0);
}

package org.lnsd.daemon.aaa;

/**
 * What a session has transferred, both families together. In: from the subscriber.
 *
 * @param octetsIn octets of IP packets from the subscriber
 * @param octetsOut octets of IP packets to the subscriber
 * @param packetsIn IP packets from the subscriber
 * @param packetsOut IP packets to the subscriber
 * @param ipv6OctetsIn the part of {@code octetsIn} that is IPv6
 * @param ipv6OctetsOut the part of {@code octetsOut} that is IPv6
 * @param ipv6PacketsIn the part of {@code packetsIn} that is IPv6
 * @param ipv6PacketsOut the part of {@code packetsOut} that is IPv6
 * @param links how many links its multilink bundle has had so far, 0 without one
 */
public record SessionUsage(long octetsIn, long octetsOut, long packetsIn, long packetsOut, long ipv6OctetsIn,
        long ipv6OctetsOut, long ipv6PacketsIn, long ipv6PacketsOut, int links) {
    /** Nothing transferred. */
    public static final SessionUsage NONE = new SessionUsage(0, 0, 0, 0, 0, 0, 0, 0, 0);
}

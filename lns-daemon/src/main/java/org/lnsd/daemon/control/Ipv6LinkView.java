package org.lnsd.daemon.control;

import java.net.Inet6Address;
import java.util.List;

import org.lnsd.daemon.net.IpPrefix;

/**
 * What IPv6 is on a session's link.
 *
 * @param interfaceId the subscriber's interface identifier in hexadecimal; empty: IPv6CP is not up
 * @param prefixes all prefixes of the link
 * @param delegated all prefixes that may be delegated
 * @param addresses the addresses for DHCPv6
 * @param leased what DHCPv6 has leased now
 * @param dropped packets to the link that were malformed, invalid or over the rate
 */
public record Ipv6LinkView(String interfaceId, List<IpPrefix> prefixes, List<IpPrefix> delegated,
        List<Inet6Address> addresses, List<IpPrefix> leased, long dropped) {
    /** Nothing. */
    public static final Ipv6LinkView NONE = new Ipv6LinkView("", List.of(), List.of(), List.of(), List.of(), 0);
}

package org.lnsd.daemon.aaa;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.lnsd.daemon.net.IpPrefix;

/**
 * The addresses a session has got, for its accounting records.
 *
 * @param ipv4 the subscriber's address
 * @param ipv6InterfaceId the interface identifier agreed by IPv6CP
 * @param ipv6Prefixes prefixes of the link
 * @param delegatedPrefixes prefixes delegated by DHCPv6
 * @param ipv6Addresses addresses given by DHCPv6
 */
public record SessionAddresses(Optional<Inet4Address> ipv4, OptionalLong ipv6InterfaceId, List<IpPrefix> ipv6Prefixes,
        List<IpPrefix> delegatedPrefixes, List<Inet6Address> ipv6Addresses) {
    /** No address yet. */
    public static final SessionAddresses NONE = new SessionAddresses(Optional.empty(), OptionalLong.empty(), List.of(),
            List.of(), List.of());

    /** Copies the lists. */
    public SessionAddresses {
        ipv6Prefixes = List.copyOf(ipv6Prefixes);
        delegatedPrefixes = List.copyOf(delegatedPrefixes);
        ipv6Addresses = List.copyOf(ipv6Addresses);
    }
}

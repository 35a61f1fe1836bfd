package org.lnsd.daemon.session;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;
import org.lnsd.daemon.net.IpPrefix;

/**
 * What a session may use, each held in the pools until it is released.
 *
 * @param ipv4           the subscriber's address
 * @param ipv4Routes     further prefixes routed to it
 * @param ipv6Prefixes   prefixes of the link, the first of them /64
 * @param ipv6Delegated  prefixes for delegation
 * @param ipv6Addresses  single addresses, for DHCPv6
 * @param ipv6Routes     further prefixes routed to it, single addresses among them
 * @param held           what the pools must get back
 */
public record AssignedAddresses(Optional<Inet4Address> ipv4, List<IpPrefix> ipv4Routes, List<IpPrefix> ipv6Prefixes,
        List<IpPrefix> ipv6Delegated, List<Inet6Address> ipv6Addresses, List<IpPrefix> ipv6Routes,
        List<IpPrefix> held) {

    /** Nothing. */
    public static final AssignedAddresses NONE = new AssignedAddresses(Optional.empty(), List.of(), List.of(),
            List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public AssignedAddresses {
        ipv4Routes = List.copyOf(ipv4Routes);
        ipv6Prefixes = List.copyOf(ipv6Prefixes);
        ipv6Delegated = List.copyOf(ipv6Delegated);
        ipv6Addresses = List.copyOf(ipv6Addresses);
        ipv6Routes = List.copyOf(ipv6Routes);
        held = List.copyOf(held);
    }

    /** Returns the subscriber's address as a prefix, the one that is held if it is. */
    Optional<IpPrefix> ipv4Host() {
        return ipv4.map(address -> {
            IpPrefix host = IpPrefix.ofHost(address);
            int at = held.indexOf(host);
            return at < 0 ? host : held.get(at);
        });
    }

    /** Returns the prefixes as a list that takes no memory of its own if they are just what is held: the usual case. */
    List<IpPrefix> shared(List<IpPrefix> prefixes) {
        return prefixes.equals(held) ? held : List.copyOf(prefixes);
    }

    /** Returns whether there is anything for IPv6. */
    public boolean hasIpv6() {
        return !ipv6Prefixes.isEmpty() || !ipv6Delegated.isEmpty() || !ipv6Routes.isEmpty();
    }
}

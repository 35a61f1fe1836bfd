package org.lnsd.daemon.forwarding;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import org.lnsd.daemon.net.IpPrefix;

/**
 * What is behind a session: the destinations that are sent into it and the only sources that may come out of it (BCP 38).
 *
 * @param ipv4         the subscriber's own address; empty: no IPv4 unless there are routes
 * @param ipv4Routes   further IPv4 prefixes routed to it
 * @param ipv6Prefixes link prefix, delegated prefixes, addresses and routes
 * @param sourceCheck  drop packets from other sources
 * @param mssClamp     lower the MSS of TCP SYN segments in both directions to what the link's MTU allows
 */
public record Networks(Optional<Inet4Address> ipv4, List<IpPrefix> ipv4Routes, List<IpPrefix> ipv6Prefixes,
        boolean sourceCheck, boolean mssClamp) {
    public Networks {
        ipv4Routes = List.copyOf(ipv4Routes);
        ipv6Prefixes = List.copyOf(ipv6Prefixes);
    }
}

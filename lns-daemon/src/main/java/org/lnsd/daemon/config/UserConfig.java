package org.lnsd.daemon.config;

import org.lnsd.daemon.net.IpPrefix;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;

/**
 * A table {@code [[user]]}: an embedded subscriber.
 *
 * @param name user name, realm included
 * @param password the password
 * @param ipv4 the address; empty: from a pool
 * @param ipv6Prefix the /64 of the link; empty: from a pool
 * @param ipv6Delegated the delegated prefix; empty: from a pool
 * @param routes prefixes routed to the subscriber, of both families
 * @param pool the pool for what is not given here; empty: {@code default}
 * @param rateDown limit towards the subscriber; empty: that of {@code [ppp]}
 * @param rateUp limit from the subscriber; empty: that of {@code [ppp]}
 * @param filterIn filter for what comes from the subscriber
 * @param filterOut filter for what goes to the subscriber
 * @param garden the walled garden that the line is in; empty: none
 * @param volumeLimitBytes octets both ways after which {@code on-volume-limit} of {@code [ppp]} takes place; empty: any number
 */
public record UserConfig(String name, Secret password, Optional<Inet4Address> ipv4, Optional<IpPrefix> ipv6Prefix,
        Optional<IpPrefix> ipv6Delegated,
        List<IpPrefix> routes, Optional<String> pool, Optional<LineRate> rateDown, Optional<LineRate> rateUp,
        Optional<String> filterIn,
        Optional<String> filterOut, Optional<String> garden, Optional<Long> volumeLimitBytes) {}

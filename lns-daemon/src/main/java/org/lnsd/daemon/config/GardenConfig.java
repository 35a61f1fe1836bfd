package org.lnsd.daemon.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;

/**
 * A table {@code [[garden]]}: what a line may do that is parked.
 *
 * @param name      what users, RADIUS and lnsctl call it
 * @param filterIn  filter for what comes from the subscriber, instead of its own
 * @param filterOut filter for what goes to the subscriber, instead of its own
 * @param dnsIpv4   name servers instead of those of {@code [ppp]}; empty: those
 * @param dnsIpv6   the same for IPv6
 * @param rateDown  limit towards the subscriber; empty: its own
 * @param rateUp    limit from the subscriber; empty: its own
 */
public record GardenConfig(String name, String filterIn, Optional<String> filterOut, List<Inet4Address> dnsIpv4,
        List<Inet6Address> dnsIpv6, Optional<LineRate> rateDown, Optional<LineRate> rateUp) {}

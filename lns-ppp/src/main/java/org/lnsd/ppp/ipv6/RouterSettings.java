package org.lnsd.ppp.ipv6;

import java.util.List;

/**
 * What a router advertises on one link (RFC 4861 section 6.2.1, RFC 8106).
 *
 * @param linkLocal our own address on the link
 * @param prefixes the prefixes of the link
 * @param managed the M flag: addresses by DHCPv6
 * @param otherConfiguration the O flag: other configuration by DHCPv6
 * @param mtuBytes the MTU option; 0: none is sent
 * @param hopLimit Cur Hop Limit; 0: unspecified
 * @param routerLifetimeSeconds AdvDefaultLifetime, from MaxRtrAdvInterval to 9000; 0: no default router
 * @param dnsServers RDNSS (RFC 8106 section 5.1)
 * @param searchDomains DNSSL (RFC 8106 section 5.2)
 * @param minimumIntervalNs MinRtrAdvInterval, 3 s to three quarters of the other
 * @param maximumIntervalNs MaxRtrAdvInterval, 4 s to 1800 s
 */
public record RouterSettings(Ipv6Address linkLocal, List<AdvertisedPrefix> prefixes, boolean managed,
        boolean otherConfiguration, int mtuBytes,
        int hopLimit, int routerLifetimeSeconds, List<Ipv6Address> dnsServers, List<String> searchDomains,
        long minimumIntervalNs,
        long maximumIntervalNs) {
    private static final long SECOND_NS = 1_000_000_000L;

    /** Checks the ranges of RFC 4861 section 6.2.1. */
    public RouterSettings {
        prefixes = List.copyOf(prefixes);
        dnsServers = List.copyOf(dnsServers);
        searchDomains = List.copyOf(searchDomains);
        if (maximumIntervalNs < 4 * SECOND_NS || maximumIntervalNs > 1800 * SECOND_NS
                || minimumIntervalNs < 3 * SECOND_NS || minimumIntervalNs > maximumIntervalNs * 3 / 4) {
            throw new IllegalArgumentException("advertisement interval " + minimumIntervalNs + " to "
                    + maximumIntervalNs + " ns, expected at least 3 s to 4..1800 s, the shorter at most 3/4");
        }
        if (routerLifetimeSeconds != 0 && (routerLifetimeSeconds > 9000
                || routerLifetimeSeconds * SECOND_NS < maximumIntervalNs)) {
            throw new IllegalArgumentException("router lifetime " + routerLifetimeSeconds
                    + " s, expected 0, or from the longer interval to 9000");
        }
    }

    /** How long hosts keep our name servers and search domains: three of the longer intervals (RFC 8106 sections 5.1 and 5.2). */
    long resolverSeconds() {
        return 3 * (maximumIntervalNs / SECOND_NS);
    }

    /** The defaults of the RFC: an interval of 200 to 600 s and a router lifetime three times the longer one. */
    public static RouterSettings of(Ipv6Address linkLocal, List<AdvertisedPrefix> prefixes, int mtuBytes,
            List<Ipv6Address> dnsServers,
            List<String> searchDomains, boolean managed) {
        return new RouterSettings(linkLocal, prefixes, managed, true, mtuBytes, 64, 1800, dnsServers, searchDomains,
                200_000_000_000L,
                600_000_000_000L);
    }
}

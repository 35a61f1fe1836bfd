package org.lnsd.ppp.ipv6;

import java.util.List;

/**
 * What the DHCPv6 server of one link has to give (RFC 8415).
 *
 * @param linkLocal our own address on the link
 * @param serverDuid our DUID, the same over restarts (RFC 8415 section 11); 3 to 130 octets
 * @param delegated the prefixes that may be delegated on this link, one for each IA_PD in turn
 * @param addresses the addresses for IA_NA, one for each in turn
 * @param links the prefixes of the link itself: other addresses in them are wrong, but not of another link
 * @param preferredSeconds preferred lifetime; T1 and T2 are half and four fifths of it
 * @param validSeconds valid lifetime, at least the preferred one
 * @param dnsServers option 23
 * @param searchDomains option 24
 * @param rapidCommit whether a Solicit with Rapid Commit is answered by a Reply
 */
public record Dhcp6Settings(Ipv6Address linkLocal, byte[] serverDuid, List<Ipv6Prefix> delegated,
        List<Ipv6Address> addresses, List<Ipv6Prefix> links,
        long preferredSeconds, long validSeconds, List<Ipv6Address> dnsServers, List<String> searchDomains,
        boolean rapidCommit) {
    /** Copies and checks. */
    public Dhcp6Settings {
        serverDuid = serverDuid.clone();
        delegated = List.copyOf(delegated);
        addresses = List.copyOf(addresses);
        links = List.copyOf(links);
        dnsServers = List.copyOf(dnsServers);
        searchDomains = List.copyOf(searchDomains);
        if (serverDuid.length < Dhcp6Option.Duid.MINIMUM_BYTES || serverDuid.length > Dhcp6Option.Duid.MAXIMUM_BYTES) {
            throw new IllegalArgumentException("DUID of " + serverDuid.length + " octets, expected 3 to 130");
        }
        if (preferredSeconds < 2 || preferredSeconds > validSeconds) {
            throw new IllegalArgumentException(
                    "preferred lifetime " + preferredSeconds + " s, valid lifetime " + validSeconds
                            + " s, expected 2 <= preferred <= valid");
        }
    }

    @Override
    public byte[] serverDuid() { return serverDuid.clone(); }

    /** The leases there are for an association of this kind. */
    List<Ipv6Prefix> leases(boolean delegation) {
        return delegation ? delegated : addresses.stream().map(address -> new Ipv6Prefix(address, 128)).toList();
    }

    /** Whether the address could be of this link (RFC 8415 sections 18.3.2 and 18.3.3). */
    boolean isOnLink(Ipv6Prefix address) {
        return addresses.contains(address.address())
                || links.stream().anyMatch(link -> link.contains(address.address()));
    }
}

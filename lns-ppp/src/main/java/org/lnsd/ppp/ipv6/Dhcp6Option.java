package org.lnsd.ppp.ipv6;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The options of DHCPv6 that a server of prefixes and addresses understands (RFC 8415 section 21, RFC 3646); all others are {@link Other}. */
sealed interface Dhcp6Option {
    int CLIENT_ID = 1;
    int SERVER_ID = 2;
    int IA_NA = 3;
    int IA_TA = 4;
    int IA_ADDRESS = 5;
    int OPTION_REQUEST = 6;
    int PREFERENCE = 7;
    int STATUS_CODE = 13;
    int RAPID_COMMIT = 14;
    int DNS_SERVERS = 23;
    int DOMAIN_LIST = 24;
    int IA_PD = 25;
    int IA_PREFIX = 26;
    int INFORMATION_REFRESH_TIME = 32;

    /** Client Identifier (section 21.2). */
    record ClientId(Duid duid) implements Dhcp6Option {}

    /** Server Identifier (section 21.3). */
    record ServerId(Duid duid) implements Dhcp6Option {}

    /** Identity association for addresses (section 21.4) or for prefix delegation (section 21.21); addresses are prefixes of 128 bits. */
    record Association(boolean delegation, int iaid, long t1Seconds, long t2Seconds, List<Lease> leases,
            Optional<Status> status)
            implements
                Dhcp6Option {
        public Association {
            leases = List.copyOf(leases);
        }
    }

    /** An address or a prefix in an association with its lifetimes (sections 21.6 and 21.22). */
    record Lease(Ipv6Prefix prefix, long preferredSeconds, long validSeconds) {}

    /** Identity association for temporary addresses (section 21.5); none are given, the status says so. */
    record TemporaryAssociation(int iaid, Optional<Status> status) implements Dhcp6Option {}

    /** Option Request (section 21.7). */
    record OptionRequest(List<Integer> codes) implements Dhcp6Option {
        public OptionRequest {
            codes = List.copyOf(codes);
        }
    }

    /** Preference (section 21.8). */
    record Preference(int value) implements Dhcp6Option {}

    /** Status Code (section 21.13). */
    record Status(int code, String message) implements Dhcp6Option {
        static final int SUCCESS = 0;
        static final int NO_ADDRS_AVAIL = 2;
        static final int NO_BINDING = 3;
        static final int NOT_ON_LINK = 4;
        static final int USE_MULTICAST = 5;
        static final int NO_PREFIX_AVAIL = 6;
    }

    /** Rapid Commit (section 21.14). */
    record RapidCommit() implements Dhcp6Option {}

    /** DNS Recursive Name Server (RFC 3646 section 3). */
    record DnsServers(List<Ipv6Address> servers) implements Dhcp6Option {
        public DnsServers {
            servers = List.copyOf(servers);
        }
    }

    /** Domain Search List (RFC 3646 section 4). */
    record DomainList(List<String> domains) implements Dhcp6Option {
        public DomainList {
            domains = List.copyOf(domains);
        }
    }

    /** Information Refresh Time (section 21.23). */
    record InformationRefreshTime(long seconds) implements Dhcp6Option {}

    /** An option that is not looked into. */
    record Other(int code) implements Dhcp6Option {}

    /** A DHCP Unique Identifier (section 11): 2 octets of type and up to 128 more, compared as they are. */
    final class Duid {
        static final int MINIMUM_BYTES = 3;
        static final int MAXIMUM_BYTES = 130;
        private final byte[] octets;

        Duid(byte[] octets) { this.octets = octets.clone(); }

        byte[] octets() { return octets.clone(); }

        @Override
        public boolean equals(Object other) { return other instanceof Duid duid && Arrays.equals(octets, duid.octets); }

        @Override
        public int hashCode() { return Arrays.hashCode(octets); }
    }
}

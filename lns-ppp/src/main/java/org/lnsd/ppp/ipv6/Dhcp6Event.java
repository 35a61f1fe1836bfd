package org.lnsd.ppp.ipv6;

/** What the DHCPv6 server tells its shell: a route to a prefix lives from {@link Granted} to {@link Ended}. */
public sealed interface Dhcp6Event {
    /** The prefix or address. */
    Ipv6Prefix prefix();

    /** Given or renewed; repeated for the same prefix on each renewal. {@code delegation}: a prefix of IA_PD, else an address of IA_NA. */
    record Granted(Ipv6Prefix prefix, boolean delegation, long validUntilNs) implements Dhcp6Event {}

    /** No longer valid. */
    record Ended(Ipv6Prefix prefix, boolean delegation, Cause cause) implements Dhcp6Event {}

    /** Why a lease ended. */
    enum Cause {
        /** The client sent Release. */
        RELEASED,
        /** The client sent Decline: somebody else has the address. */
        DECLINED,
        /** The valid lifetime passed without a renewal. */
        EXPIRED,
        /** The settings no longer have it. */
        WITHDRAWN
    }
}

package org.lnsd.daemon.aaa;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.lnsd.daemon.net.IpPrefix;

/**
 * What a subscriber may have, as RADIUS or its user entry says. Everything is optional; what is absent comes from the
 * configuration. Immutable; change it through {@link #toBuilder}.
 *
 * @param ipv4 Framed-IP-Address, when it is a real address
 * @param ipv4FromPool Framed-IP-Address 255.255.255.254: an address of our own pool is wanted
 * @param ipv4UserChoice Framed-IP-Address 255.255.255.255: the subscriber may choose its address
 * @param ipv4Netmask Framed-IP-Netmask: with {@code ipv4} the whole network is the subscriber's
 * @param pool Framed-Pool
 * @param ipv4Routes Framed-Route
 * @param ipv6Prefixes Framed-IPv6-Prefix
 * @param ipv6Pool Framed-IPv6-Pool
 * @param delegatedPrefixes Delegated-IPv6-Prefix
 * @param delegatedPool Delegated-IPv6-Prefix-Pool
 * @param ipv6Addresses Framed-IPv6-Address, for DHCPv6 IA_NA
 * @param ipv6AddressPool Stateful-IPv6-Address-Pool
 * @param ipv6Routes Framed-IPv6-Route
 * @param ipv6InterfaceId Framed-Interface-Id: identifier for the subscriber's end
 * @param dns4 DNS servers for IPCP, in order
 * @param nbns4 NBNS servers for IPCP, in order
 * @param dns6 DNS-Server-IPv6-Address
 * @param mtu Framed-MTU in bytes
 * @param sessionTimeout Session-Timeout
 * @param terminateAfterTimeout Termination-Action: {@code RADIUS_REQUEST} asks to authenticate again instead of ending
 * @param state State, opaque: goes back in the request that Termination-Action asks for
 * @param idleTimeout Idle-Timeout
 * @param interimInterval Acct-Interim-Interval
 * @param rateDown limit towards the subscriber
 * @param rateUp limit from the subscriber
 * @param filterIn name of the filter for packets from the subscriber
 * @param filterOut name of the filter for packets to the subscriber
 * @param classes Class, opaque, in order: echoed in accounting
 * @param chargeableUserIdentity Chargeable-User-Identity, opaque: echoed in accounting
 * @param portLimit Port-Limit: links in a bundle, or simultaneous sessions
 * @param replyMessage Reply-Message
 * @param line walled garden and the like
 */
public record Profile(Optional<Inet4Address> ipv4, boolean ipv4FromPool, boolean ipv4UserChoice,
        Optional<Inet4Address> ipv4Netmask, Optional<String> pool, List<Ipv4Route> ipv4Routes,
        List<IpPrefix> ipv6Prefixes, Optional<String> ipv6Pool, List<IpPrefix> delegatedPrefixes,
        Optional<String> delegatedPool, List<Inet6Address> ipv6Addresses, Optional<String> ipv6AddressPool,
        List<Ipv6Route> ipv6Routes, Optional<Long> ipv6InterfaceId, List<Inet4Address> dns4, List<Inet4Address> nbns4,
        List<Inet6Address> dns6, OptionalInt mtu, Optional<Duration> sessionTimeout,
        TerminationAction terminateAfterTimeout, Optional<byte[]> state, Optional<Duration> idleTimeout,
        Optional<Duration> interimInterval,
        Optional<RateLimit> rateDown, Optional<RateLimit> rateUp, Optional<String> filterIn, Optional<String> filterOut,
        List<byte[]> classes, Optional<byte[]> chargeableUserIdentity, OptionalInt portLimit, String replyMessage,
        LineRules line) {
    private static final Profile EMPTY = new ProfileBuilder().build();

    /** Termination-Action, RFC 2865 section 5.29. */
    public enum TerminationAction {
        /** The session ends. */
        DEFAULT,
        /** The subscriber is authenticated again. */
        RADIUS_REQUEST
    }

    /** A profile that says nothing. */
    public static Profile empty() { return EMPTY; }

    /** Of what differs between subscribers most: all fields would cost more than asking for equality now and then. */
    @Override
    public int hashCode() {
        int addresses = (ipv4.hashCode() * 31 + ipv6Prefixes.hashCode()) * 31 + delegatedPrefixes.hashCode();
        int limits = (rateDown.hashCode() * 31 + rateUp.hashCode()) * 31 + filterIn.hashCode();
        return (addresses * 31 + limits) * 31 + pool.hashCode();
    }

    /** A builder that begins with this profile. */
    public ProfileBuilder toBuilder() {
        return new ProfileBuilder(this);
    }
}

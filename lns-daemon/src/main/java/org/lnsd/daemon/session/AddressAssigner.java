package org.lnsd.daemon.session;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.config.PoolConfig;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.pool.Family;
import org.lnsd.daemon.pool.Pools;
import org.lnsd.ppp.link.NetworkSettings;
import org.lnsd.ppp.link.NetworkSettings.AddressChoice;

/**
 * Gives a session its addresses, in the order of the contract: what authentication says, then the pool that it names,
 * then the peer's pool or {@code default}. All or nothing.
 */
public final class AddressAssigner {

    private static final String DEFAULT_POOL = "default";

    private final Pools pools;
    private final Map<String, PoolConfig> configured;

    /** Takes addresses from and gives them back to these pools, which are configured as given. */
    public AddressAssigner(Pools pools, List<PoolConfig> configured) {
        this.pools = pools;
        this.configured = configured.stream().collect(Collectors.toUnmodifiableMap(PoolConfig::name, pool -> pool));
    }

    /** What came of it: the addresses, or why there are none. */
    public sealed interface Assignment {
        /** All that is needed. */
        record Given(AssignedAddresses addresses) implements Assignment {}

        /** Something is missing; nothing is held. */
        record Missing(String why) implements Assignment {}
    }

    /**
     * Assigns addresses.
     *
     * @param user     the subscriber, for sticky addresses
     * @param profile  what authentication said
     * @param peerPool the pool of the LAC's configuration, if any
     * @param ipv6     whether IPv6 is offered
     * @return the addresses, each held until {@link #release}
     */
    public Assignment assign(String user, Profile profile, Optional<String> peerPool, boolean ipv6) {
        List<IpPrefix> held = new ArrayList<>();
        try {
            Optional<Inet4Address> ipv4 = ipv4(user, profile, peerPool, held);
            if (!ipv6) {
                return given(new AssignedAddresses(ipv4, ipv4Routes(profile), List.of(), List.of(), List.of(),
                        List.of(), held));
            }
            List<IpPrefix> links = links(user, profile, peerPool, held);
            List<IpPrefix> delegated = delegated(user, profile, peerPool, held);
            List<Inet6Address> addresses = ipv6Addresses(user, profile, held);
            return given(new AssignedAddresses(ipv4, ipv4Routes(profile), links, delegated, addresses,
                    ipv6Routes(profile, addresses), held));
        } catch (NoAddressException missing) {
            held.forEach(prefix -> pools.release(prefix, user));
            return new Assignment.Missing(missing.why);
        }
    }

    /**
     * Gives a session other IPv6 prefixes where its profile now says so; what the profile says as before stays.
     *
     * @param former   what the session has
     * @param next     what authentication says now
     * @param peerPool the pool of the LAC's configuration, if any
     * @return the addresses, in place of the former ones; those that it lost are given back
     */
    public Assignment renumber(SessionGrant former, Profile next, Optional<String> peerPool) {
        AssignedAddresses present = former.addresses();
        Profile before = former.profile();
        boolean sameLinks = present.ipv6Prefixes().equals(next.ipv6Prefixes())
                || before.ipv6Prefixes().equals(next.ipv6Prefixes()) && before.ipv6Pool().equals(next.ipv6Pool());
        boolean sameDelegated = present.ipv6Delegated().equals(next.delegatedPrefixes())
                || before.delegatedPrefixes().equals(next.delegatedPrefixes())
                        && before.delegatedPool().equals(next.delegatedPool());
        List<IpPrefix> fresh = new ArrayList<>();
        try {
            List<IpPrefix> links = sameLinks ? present.ipv6Prefixes() : links(former.user(), next, peerPool, fresh);
            List<IpPrefix> delegated = sameDelegated
                    ? present.ipv6Delegated()
                    : delegated(former.user(), next, peerPool, fresh);
            List<IpPrefix> held = new ArrayList<>(present.held());
            held.addAll(fresh);
            lost(present.ipv6Prefixes(), links, former.user(), held);
            lost(present.ipv6Delegated(), delegated, former.user(), held);
            Assignment renumbered = given(new AssignedAddresses(present.ipv4(), ipv4Routes(next), links, delegated,
                    present.ipv6Addresses(), ipv6Routes(next, present.ipv6Addresses()), held));
            routes(present).forEach(pools::giveBack);
            return renumbered;
        } catch (NoAddressException missing) {
            fresh.forEach(prefix -> pools.release(prefix, former.user()));
            return new Assignment.Missing(missing.why);
        }
    }

    private void lost(List<IpPrefix> former, List<IpPrefix> next, String user, List<IpPrefix> held) {
        for (IpPrefix prefix : former) {
            if (!next.contains(prefix) && held.remove(prefix)) {
                pools.release(prefix, user);
            }
        }
    }

    /** What is routed to the session is not handed out, whatever pool it lies in. */
    private Assignment given(AssignedAddresses addresses) {
        routes(addresses).forEach(pools::setAside);
        return new Assignment.Given(addresses);
    }

    private static List<IpPrefix> routes(AssignedAddresses addresses) {
        return Stream.concat(addresses.ipv4Routes().stream(), addresses.ipv6Routes().stream()).toList();
    }

    /** Gives back what {@link #assign} held. */
    public void release(String user, AssignedAddresses addresses) {
        addresses.held().forEach(prefix -> pools.release(prefix, user));
        routes(addresses).forEach(pools::giveBack);
    }

    /** The pools for IPv6 that a profile names and that do not exist or have none: the session is without. */
    List<String> missingPools(Profile profile) {
        List<String> missing = new ArrayList<>();
        profile.ipv6Pool().filter(pool -> profile.ipv6Prefixes().isEmpty() && !hands(pool, Family.IPV6_PREFIX))
                .ifPresent(missing::add);
        profile.delegatedPool()
                .filter(pool -> profile.delegatedPrefixes().isEmpty() && !hands(pool, Family.IPV6_DELEGATED))
                .ifPresent(missing::add);
        return missing;
    }

    /**
     * Framed-IP-Address 255.255.255.255: the subscriber has the address that it asks for instead of the one it got, if its pool
     * would hand it out. Empty: it keeps that.
     */
    Optional<SessionGrant> choose(SessionGrant given, Inet4Address wished, Optional<String> peerPool) {
        AssignedAddresses present = given.addresses();
        if (!given.profile().ipv4UserChoice() || present.ipv4().isEmpty()
                || !pools.takeIpv4(pool(given.profile().pool(), peerPool), wished)) {
            return Optional.empty();
        }
        List<IpPrefix> held = new ArrayList<>(present.held());
        held.remove(IpPrefix.ofHost(present.ipv4().get()));
        pools.release(present.ipv4().get(), given.user());
        held.addFirst(IpPrefix.ofHost(wished));
        return Optional.of(new SessionGrant(given.user(), given.profile(), new AssignedAddresses(Optional.of(wished),
                present.ipv4Routes(), present.ipv6Prefixes(), present.ipv6Delegated(), present.ipv6Addresses(),
                present.ipv6Routes(), held)));
    }

    /** Returns the link settings for IPCP; {@code choice} is asked if authentication lets the subscriber choose. */
    static NetworkSettings.Ipv4 ipcp(Inet4Address local, Inet4Address peer, Profile profile,
            List<Inet4Address> configuredDns, AddressChoice choice) {
        return new NetworkSettings.Ipv4(local, peer, profile.dns4().isEmpty() ? configuredDns : profile.dns4(),
                profile.nbns4(), profile.ipv4UserChoice() ? choice : AddressChoice.NONE);
    }

    private Optional<Inet4Address> ipv4(String user, Profile profile, Optional<String> peerPool, List<IpPrefix> held)
            throws NoAddressException {
        if (profile.ipv4().isPresent()) {
            hold(IpPrefix.ofHost(profile.ipv4().get()), held);
            return profile.ipv4();
        }
        String pool = pool(profile.pool(), peerPool);
        Optional<Inet4Address> taken = pools.takeIpv4(pool, user);
        if (taken.isPresent()) {
            held.add(IpPrefix.ofHost(taken.get()));
        } else if (profile.pool().isPresent() && !pools.exists(pool) || hands(pool, Family.IPV4)) {
            throw new NoAddressException("pool " + pool + (pools.exists(pool)
                    ? " has no free IPv4 address"
                    : " does not exist"));
        }
        return taken;
    }

    private List<IpPrefix> links(String user, Profile profile, Optional<String> peerPool, List<IpPrefix> held)
            throws NoAddressException {
        return ipv6(user, profile.ipv6Prefixes(),
                ipv6Pool(profile.ipv6Pool(), profile, peerPool, Family.IPV6_PREFIX), Family.IPV6_PREFIX, held);
    }

    private List<IpPrefix> delegated(String user, Profile profile, Optional<String> peerPool, List<IpPrefix> held)
            throws NoAddressException {
        return ipv6(user, profile.delegatedPrefixes(),
                ipv6Pool(profile.delegatedPool(), profile, peerPool, Family.IPV6_DELEGATED), Family.IPV6_DELEGATED,
                held);
    }

    /** RFC 6911 section 3.5: an address of the pool that is named, the first of a /64 that nobody else gets. */
    private List<Inet6Address> ipv6Addresses(String user, Profile profile, List<IpPrefix> held)
            throws NoAddressException {
        Optional<String> pool = profile.ipv6AddressPool();
        if (!profile.ipv6Addresses().isEmpty() || pool.isEmpty()) {
            return profile.ipv6Addresses();
        }
        IpPrefix taken = pools.takePrefix(pool.get(), user)
                .orElseThrow(() -> new NoAddressException("pool " + pool.get() + " has no free IPv6 address"));
        held.add(taken);
        byte[] octets = taken.address().getAddress();
        octets[octets.length - 1] = 1;
        return List.of((Inet6Address) IpAddresses.ofBytes(octets));
    }

    private List<IpPrefix> ipv6(String user, List<IpPrefix> given, String pool, Family family, List<IpPrefix> held)
            throws NoAddressException {
        if (!given.isEmpty()) {
            for (IpPrefix prefix : given) {
                hold(prefix, held);
            }
            return given;
        }
        BiFunction<String, String, Optional<IpPrefix>> take = family == Family.IPV6_PREFIX
                ? pools::takePrefix
                : pools::takeDelegated;
        Optional<IpPrefix> taken = take.apply(pool, user);
        if (taken.isEmpty() && hands(pool, family)) {
            throw new NoAddressException("pool " + pool + " has no free IPv6 prefix");
        }
        taken.ifPresent(held::add);
        return taken.map(List::of).orElse(List.of());
    }

    private void hold(IpPrefix prefix, List<IpPrefix> held) throws NoAddressException {
        if (!pools.reserve(prefix)) {
            throw new NoAddressException("address " + prefix + " is in use by another session");
        }
        held.add(prefix);
    }

    private boolean hands(String pool, Family family) {
        PoolConfig config = configured.get(pool);
        return config != null && switch (family) {
            case IPV4 -> !config.ipv4().isEmpty();
            case IPV6_PREFIX -> config.ipv6Prefix().isPresent();
            case IPV6_DELEGATED -> config.ipv6Delegated().isPresent();
        };
    }

    private static String pool(Optional<String> named, Optional<String> peerPool) {
        return named.or(() -> peerPool).orElse(DEFAULT_POOL);
    }

    /**
     * IPv6 has attributes of its own for its pools (RFC 3162, RFC 6911): a Framed-Pool (RFC 2869 section 5.18) that has none
     * says nothing of it.
     */
    private String ipv6Pool(Optional<String> named, Profile profile, Optional<String> peerPool, Family family) {
        return pool(named.or(() -> profile.pool().filter(pool -> hands(pool, family))), peerPool);
    }

    private static List<IpPrefix> ipv4Routes(Profile profile) {
        List<IpPrefix> routes = new ArrayList<>();
        profile.ipv4Routes().forEach(route -> routes.add(route.prefix()));
        if (profile.ipv4().isPresent() && profile.ipv4Netmask().isPresent()) {
            int bits = Integer.bitCount(IpAddresses.toInt(profile.ipv4Netmask().get()));
            if (bits > 0 && bits < 32) {
                routes.add(IpPrefix.of(profile.ipv4().get(), bits));
            }
        }
        return routes;
    }

    private static List<IpPrefix> ipv6Routes(Profile profile, List<Inet6Address> addresses) {
        List<IpPrefix> routes = new ArrayList<>();
        profile.ipv6Routes().forEach(route -> routes.add(route.prefix()));
        addresses.forEach(address -> routes.add(IpPrefix.ofHost(address)));
        return routes;
    }

    private static final class NoAddressException extends Exception {

        private static final long serialVersionUID = 1;

        private final String why;

        NoAddressException(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }
}

package org.lnsd.daemon.aaa;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.lnsd.daemon.aaa.Profile.TerminationAction;
import org.lnsd.daemon.net.IpPrefix;

/** Collects a {@link Profile}. Methods are named after the profile's parts; those of lists add one element. */
public final class ProfileBuilder {
    private Optional<Inet4Address> ipv4 = Optional.empty();
    private boolean ipv4FromPool;
    private boolean ipv4UserChoice;
    private Optional<Inet4Address> ipv4Netmask = Optional.empty();
    private Optional<String> pool = Optional.empty();
    private final List<Ipv4Route> ipv4Routes = new ArrayList<>();
    private final List<IpPrefix> ipv6Prefixes = new ArrayList<>();
    private Optional<String> ipv6Pool = Optional.empty();
    private final List<IpPrefix> delegatedPrefixes = new ArrayList<>();
    private Optional<String> delegatedPool = Optional.empty();
    private final List<Inet6Address> ipv6Addresses = new ArrayList<>();
    private Optional<String> ipv6AddressPool = Optional.empty();
    private final List<Ipv6Route> ipv6Routes = new ArrayList<>();
    private Optional<Long> ipv6InterfaceId = Optional.empty();
    private final List<Inet4Address> dns4 = new ArrayList<>();
    private final List<Inet4Address> nbns4 = new ArrayList<>();
    private final List<Inet6Address> dns6 = new ArrayList<>();
    private OptionalInt mtu = OptionalInt.empty();
    private Optional<Duration> sessionTimeout = Optional.empty();
    private TerminationAction terminateAfterTimeout = TerminationAction.DEFAULT;
    private Optional<byte[]> state = Optional.empty();
    private Optional<Duration> idleTimeout = Optional.empty();
    private Optional<Duration> interimInterval = Optional.empty();
    private Optional<RateLimit> rateDown = Optional.empty();
    private Optional<RateLimit> rateUp = Optional.empty();
    private Optional<String> filterIn = Optional.empty();
    private Optional<String> filterOut = Optional.empty();
    private final List<byte[]> classes = new ArrayList<>();
    private Optional<byte[]> chargeableUserIdentity = Optional.empty();
    private OptionalInt portLimit = OptionalInt.empty();
    private String replyMessage = "";
    private LineRules line = LineRules.NONE;

    /** Begins with nothing. */
    public ProfileBuilder() {
        // Everything is empty at first.
    }

    /** Begins with what {@code profile} has. */
    ProfileBuilder(Profile profile) {
        ipv4 = profile.ipv4();
        ipv4FromPool = profile.ipv4FromPool();
        ipv4UserChoice = profile.ipv4UserChoice();
        ipv4Netmask = profile.ipv4Netmask();
        pool = profile.pool();
        ipv4Routes.addAll(profile.ipv4Routes());
        ipv6Prefixes.addAll(profile.ipv6Prefixes());
        ipv6Pool = profile.ipv6Pool();
        delegatedPrefixes.addAll(profile.delegatedPrefixes());
        delegatedPool = profile.delegatedPool();
        ipv6Addresses.addAll(profile.ipv6Addresses());
        ipv6AddressPool = profile.ipv6AddressPool();
        ipv6Routes.addAll(profile.ipv6Routes());
        ipv6InterfaceId = profile.ipv6InterfaceId();
        dns4.addAll(profile.dns4());
        nbns4.addAll(profile.nbns4());
        dns6.addAll(profile.dns6());
        mtu = profile.mtu();
        sessionTimeout = profile.sessionTimeout();
        terminateAfterTimeout = profile.terminateAfterTimeout();
        state = profile.state();
        idleTimeout = profile.idleTimeout();
        interimInterval = profile.interimInterval();
        rateDown = profile.rateDown();
        rateUp = profile.rateUp();
        filterIn = profile.filterIn();
        filterOut = profile.filterOut();
        classes.addAll(profile.classes());
        chargeableUserIdentity = profile.chargeableUserIdentity();
        portLimit = profile.portLimit();
        replyMessage = profile.replyMessage();
        line = profile.line();
    }

    /** Sets {@link Profile#ipv4}. */
    public ProfileBuilder ipv4(Inet4Address value) {
        ipv4 = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#ipv4FromPool}. */
    public ProfileBuilder ipv4FromPool(boolean value) {
        ipv4FromPool = value;
        return this;
    }

    /** Sets {@link Profile#ipv4UserChoice}. */
    public ProfileBuilder ipv4UserChoice(boolean value) {
        ipv4UserChoice = value;
        return this;
    }

    /** Sets {@link Profile#ipv4Netmask}. */
    public ProfileBuilder ipv4Netmask(Inet4Address value) {
        ipv4Netmask = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#pool}. */
    public ProfileBuilder pool(String value) {
        pool = Optional.of(value);
        return this;
    }

    /** Adds to {@link Profile#ipv4Routes}. */
    public ProfileBuilder ipv4Route(Ipv4Route value) {
        ipv4Routes.add(value);
        return this;
    }

    /** Takes the IPv6 prefixes, pools and routes of another profile in place of its own. */
    public ProfileBuilder ipv6Of(Profile other) {
        ipv6Prefixes.clear();
        ipv6Prefixes.addAll(other.ipv6Prefixes());
        delegatedPrefixes.clear();
        delegatedPrefixes.addAll(other.delegatedPrefixes());
        ipv6Routes.clear();
        ipv6Routes.addAll(other.ipv6Routes());
        ipv6Pool = other.ipv6Pool();
        delegatedPool = other.delegatedPool();
        return this;
    }

    /** Takes over what may change while the subscriber keeps its addresses: limits, filters, what accounting echoes. */
    public ProfileBuilder limitsOf(Profile other) {
        sessionTimeout = other.sessionTimeout();
        terminateAfterTimeout = other.terminateAfterTimeout();
        state = other.state();
        idleTimeout = other.idleTimeout();
        interimInterval = other.interimInterval();
        rateDown = other.rateDown();
        rateUp = other.rateUp();
        filterIn = other.filterIn();
        filterOut = other.filterOut();
        portLimit = other.portLimit();
        line = other.line();
        chargeableUserIdentity = other.chargeableUserIdentity();
        return classes(other.classes());
    }

    /** Adds to {@link Profile#ipv6Prefixes}. */
    public ProfileBuilder ipv6Prefix(IpPrefix value) {
        ipv6Prefixes.add(value);
        return this;
    }

    /** Sets {@link Profile#ipv6Pool}. */
    public ProfileBuilder ipv6Pool(String value) {
        ipv6Pool = Optional.of(value);
        return this;
    }

    /** Adds to {@link Profile#delegatedPrefixes}. */
    public ProfileBuilder delegatedPrefix(IpPrefix value) {
        delegatedPrefixes.add(value);
        return this;
    }

    /** Sets {@link Profile#delegatedPool}. */
    public ProfileBuilder delegatedPool(String value) {
        delegatedPool = Optional.of(value);
        return this;
    }

    /** Adds to {@link Profile#ipv6Addresses}. */
    public ProfileBuilder ipv6Address(Inet6Address value) {
        ipv6Addresses.add(value);
        return this;
    }

    /** Sets {@link Profile#ipv6AddressPool}. */
    public ProfileBuilder ipv6AddressPool(String value) {
        ipv6AddressPool = Optional.of(value);
        return this;
    }

    /** Adds to {@link Profile#ipv6Routes}. */
    public ProfileBuilder ipv6Route(Ipv6Route value) {
        ipv6Routes.add(value);
        return this;
    }

    /** Sets {@link Profile#ipv6InterfaceId}. */
    public ProfileBuilder ipv6InterfaceId(long value) {
        ipv6InterfaceId = Optional.of(value);
        return this;
    }

    /** Adds to {@link Profile#dns4}. */
    public ProfileBuilder dns4(Inet4Address value) {
        return server(dns4, dns4.size(), value);
    }

    /** Puts the primary server first in {@link Profile#dns4}, wherever its attribute stood. */
    public ProfileBuilder primaryDns4(Inet4Address value) {
        return server(dns4, 0, value);
    }

    /** What names a server a second time, in another vendor's form, is passed over. */
    private ProfileBuilder server(List<Inet4Address> servers, int position, Inet4Address value) {
        if (!servers.contains(value)) {
            servers.add(position, value);
        }
        return this;
    }

    /** Adds to {@link Profile#nbns4}. */
    public ProfileBuilder nbns4(Inet4Address value) {
        return server(nbns4, nbns4.size(), value);
    }

    /** Puts the primary server first in {@link Profile#nbns4}. */
    public ProfileBuilder primaryNbns4(Inet4Address value) {
        return server(nbns4, 0, value);
    }

    /** Adds to {@link Profile#dns6}. */
    public ProfileBuilder dns6(Inet6Address value) {
        dns6.add(value);
        return this;
    }

    /** Sets {@link Profile#mtu}. */
    public ProfileBuilder mtu(int value) {
        mtu = OptionalInt.of(value);
        return this;
    }

    /** Sets {@link Profile#sessionTimeout}. */
    public ProfileBuilder sessionTimeout(Duration value) {
        sessionTimeout = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#terminateAfterTimeout}. */
    public ProfileBuilder terminateAfterTimeout(TerminationAction value) {
        terminateAfterTimeout = value;
        return this;
    }

    /** Sets {@link Profile#state}. */
    public ProfileBuilder state(byte[] value) {
        state = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#idleTimeout}. */
    public ProfileBuilder idleTimeout(Duration value) {
        idleTimeout = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#interimInterval}. */
    public ProfileBuilder interimInterval(Duration value) {
        interimInterval = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#rateDown}. */
    public ProfileBuilder rateDown(RateLimit value) {
        rateDown = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#rateUp}. */
    public ProfileBuilder rateUp(RateLimit value) {
        rateUp = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#filterIn}. */
    public ProfileBuilder filterIn(String value) {
        filterIn = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#filterOut}. */
    public ProfileBuilder filterOut(String value) {
        filterOut = Optional.of(value);
        return this;
    }

    /** Replaces {@link Profile#classes}. */
    public ProfileBuilder classes(List<byte[]> values) {
        classes.clear();
        classes.addAll(values);
        return this;
    }

    /** Adds to {@link Profile#classes}. */
    public ProfileBuilder addClass(byte[] value) {
        classes.add(value);
        return this;
    }

    /** Sets {@link Profile#chargeableUserIdentity}. */
    public ProfileBuilder chargeableUserIdentity(byte[] value) {
        chargeableUserIdentity = Optional.of(value);
        return this;
    }

    /** Sets {@link Profile#portLimit}. */
    public ProfileBuilder portLimit(int value) {
        portLimit = OptionalInt.of(value);
        return this;
    }

    /** Sets {@link Profile#replyMessage}. */
    public ProfileBuilder replyMessage(String value) {
        replyMessage = value;
        return this;
    }

    /** Replaces {@link Profile#dns4} and {@link Profile#dns6} where there are others. */
    public ProfileBuilder otherDns(List<Inet4Address> ipv4Servers, List<Inet6Address> ipv6Servers) {
        if (!ipv4Servers.isEmpty()) {
            dns4.clear();
            dns4.addAll(ipv4Servers);
        }
        if (!ipv6Servers.isEmpty()) {
            dns6.clear();
            dns6.addAll(ipv6Servers);
        }
        return this;
    }

    /** Replaces the bits of the mask in the volume limit, which RADIUS tells in two halves. */
    public ProfileBuilder volumeLimit(long bits, long mask) {
        return line(LineRules.ofVolume(line.volumeBytes().orElse(0) & ~mask | bits));
    }

    /** Adds what is said to {@link Profile#line}. */
    public ProfileBuilder line(LineRules more) {
        line = line.with(more);
        return this;
    }

    /** The finished profile. */
    public Profile build() {
        return new Profile(ipv4, ipv4FromPool, ipv4UserChoice, ipv4Netmask, pool, List.copyOf(ipv4Routes),
                List.copyOf(ipv6Prefixes), ipv6Pool, List.copyOf(delegatedPrefixes), delegatedPool,
                List.copyOf(ipv6Addresses), ipv6AddressPool, List.copyOf(ipv6Routes), ipv6InterfaceId,
                List.copyOf(dns4), List.copyOf(nbns4), List.copyOf(dns6), mtu, sessionTimeout, terminateAfterTimeout,
                state, idleTimeout, interimInterval, rateDown, rateUp, filterIn, filterOut, List.copyOf(classes),
                chargeableUserIdentity, portLimit, replyMessage, line);
    }
}

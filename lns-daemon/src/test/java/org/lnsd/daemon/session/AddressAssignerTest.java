package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.ProfileBuilder;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.pool.Pools;
import org.lnsd.daemon.session.AddressAssigner.Assignment;

/** What a session gets, and what it gets instead when its profile changes. */
class AddressAssignerTest {

    private static final String POOLS = """
            [[pool]]
            name = "default"
            ipv6-prefix = "2001:db8:1::/48"
            ipv6-delegated = { prefix = "2001:db8:100::/40", length = 56 }
            [[pool]]
            name = "street"
            ipv4 = ["100.64.0.0/28"]
            exclude = ["100.64.0.0/32"]
            [[pool]]
            name = "other"
            ipv6-prefix = "2001:db8:2::/48"
            ipv6-delegated = { prefix = "2001:db8:200::/40", length = 56 }
            [[pool]]
            name = "single"
            ipv6-prefix = "2001:db8:3::/64"
            """;

    private final Configuration configuration = configuration();
    private final Pools pools = new Pools(configuration.pools(), () -> 0);
    private final AddressAssigner assigner = new AddressAssigner(pools, configuration.pools());

    private static Configuration configuration() {
        return switch (ConfigurationLoader.parse("test.toml", POOLS)) {
            case LoadedConfiguration.Valid(Configuration valid) -> valid;
            case LoadedConfiguration.Invalid(var errors) -> throw new IllegalArgumentException(errors.toString());
        };
    }

    private AssignedAddresses assign(String user, Profile profile) {
        return ((Assignment.Given) assigner.assign(user, profile, Optional.empty(), true)).addresses();
    }

    private AssignedAddresses renumber(String user, Profile before, AssignedAddresses present, Profile next) {
        return ((Assignment.Given) assigner.renumber(new SessionGrant(user, before, present), next, Optional.empty()))
                .addresses();
    }

    // RFC 2869 section 5.18: Framed-Pool; RFC 6911 sections 3.4 and 3.5 have attributes for the pools of IPv6
    @Test
    void aPoolOfIpv4OnlySaysNothingOfIpv6() {
        AssignedAddresses addresses = assign("alice", new ProfileBuilder().pool("street").build());
        assertThat(addresses.ipv4()).hasToString("Optional[/100.64.0.2]");
        assertThat(addresses.ipv6Prefixes()).containsExactly(IpPrefix.parse("2001:db8:1::/64"));
        assertThat(addresses.ipv6Delegated()).containsExactly(IpPrefix.parse("2001:db8:100::/56"));
        AssignedAddresses ofLac = ((Assignment.Given) assigner.assign("bob",
                new ProfileBuilder().pool("street").build(),
                Optional.of("other"), true)).addresses();
        assertThat(ofLac.ipv6Prefixes()).as("the pool of its LAC").containsExactly(IpPrefix.parse("2001:db8:2::/64"));
        assigner.release("alice", addresses);
        assigner.release("bob", ofLac);
        assertThat(pools.statistics()).allMatch(pool -> pool.used() == 0);
    }

    @Test
    void aPoolThatHasIpv6IsNotLeftForAnother() {
        AssignedAddresses first = assign("alice", new ProfileBuilder().pool("single").build());
        assertThat(first.ipv6Prefixes()).containsExactly(IpPrefix.parse("2001:db8:3::/64"));
        assertThat(first.ipv6Delegated()).as("it has none of these").hasSize(1);
        assertThat(assigner.assign("bob", new ProfileBuilder().pool("single").build(), Optional.empty(), true))
                .as("dry").isInstanceOf(Assignment.Missing.class);
        assertThat(pools.statistics()).filteredOn(pool -> pool.used() != 0).hasSize(2);
    }

    @Test
    void anotherPoolRenumbersOnlyWhatItIsNamedFor() {
        AssignedAddresses first = assign("alice", Profile.empty());
        Profile next = new ProfileBuilder().ipv6Pool("other").build();
        AssignedAddresses second = renumber("alice", Profile.empty(), first, next);
        assertThat(second.ipv6Prefixes()).containsExactly(IpPrefix.parse("2001:db8:2::/64"));
        assertThat(second.ipv6Delegated()).isEqualTo(first.ipv6Delegated());
        assigner.release("alice", second);
        assertThat(pools.statistics()).allMatch(pool -> pool.used() == 0);
    }

    @Test
    void whatTheProfileNamesAlreadyIsKept() {
        AssignedAddresses first = assign("alice", Profile.empty());
        Profile fixed = new ProfileBuilder().ipv6Prefix(first.ipv6Prefixes().getFirst()).build();
        assertThat(renumber("alice", Profile.empty(), first, fixed)).isEqualTo(first);
    }

    @Test
    void aPoolThatHasNothingLeavesAllAsItWas() {
        Profile single = new ProfileBuilder().ipv6Pool("single").build();
        assign("bob", single);
        AssignedAddresses first = assign("alice", Profile.empty());
        assertThat(assigner.renumber(new SessionGrant("alice", Profile.empty(), first), single, Optional.empty()))
                .isInstanceOf(Assignment.Missing.class);
        assertThat(pools.reserve(first.ipv6Prefixes().getFirst())).isFalse();
    }

    // RFC 6911 section 3.5
    @Test
    void anAddressPoolGivesAnAddressForDhcp() {
        AssignedAddresses given = assign("alice", new ProfileBuilder().ipv6AddressPool("single").build());
        assertThat(given.ipv6Addresses()).extracting(IpPrefix::ofHost)
                .containsExactly(IpPrefix.parse("2001:db8:3::1/128"));
        assertThat(given.ipv6Routes()).isEqualTo(List.of(IpPrefix.parse("2001:db8:3::1/128")));
        assigner.release("alice", given);
        assertThat(pools.statistics()).allMatch(pool -> pool.used() == 0);
    }

    @Test
    void poolsThatCannotGiveIpv6AreNamed() {
        Profile wrong = new ProfileBuilder().ipv6Pool("nowhere").delegatedPool("single").build();
        assertThat(assigner.missingPools(wrong)).containsExactly("nowhere", "single");
        assertThat(assigner.missingPools(new ProfileBuilder().ipv6Pool("other").build())).isEmpty();
        assertThat(assigner.missingPools(Profile.empty())).isEmpty();
        assertThat(assign("alice", wrong).ipv6Prefixes()).isEmpty();
    }

    // RFC 2865 section 5.9: Framed-IP-Netmask makes the whole network the subscriber's
    @Test
    void aStaticNetworkInAPoolIsHeldAsLongAsItsSession() {
        Profile fixed = new ProfileBuilder().ipv4(IpAddresses.parseIpv4("100.64.0.9").orElseThrow())
                .ipv4Netmask(IpAddresses.parseIpv4("255.255.255.248").orElseThrow()).build();
        IpPrefix network = IpPrefix.parse("100.64.0.8/29");
        AssignedAddresses office = assign("office", fixed);
        assertThat(office.ipv4Routes()).containsExactly(network);
        Profile pooled = new ProfileBuilder().pool("street").build();
        for (int i = 0; i < 6; i++) { // .0 and our own .1 are not for subscribers
            assertThat(assign("user" + i, pooled).ipv4()).hasValueSatisfying(
                    address -> assertThat(network.contains(address)).isFalse());
        }
        assertThat(assigner.assign("late", pooled, Optional.empty(), true)).isInstanceOf(Assignment.Missing.class);
        assigner.release("office", office);
        assertThat(assign("late", pooled).ipv4())
                .hasValueSatisfying(address -> assertThat(network.contains(address)).isTrue());
    }
}

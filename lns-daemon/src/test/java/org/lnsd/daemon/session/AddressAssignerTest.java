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
}

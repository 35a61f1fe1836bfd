package org.lnsd.daemon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.lnsd.daemon.config.DelegatedConfig;
import org.lnsd.daemon.config.PoolConfig;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

class PoolsTest {

    private long nowNs;

    @Test
    void handsOutEveryAddressOnceAndThenRunsDry() {
        Pools pools = pools(Duration.ZERO, "10.0.0.4/30", "10.1.0.0/31");
        Set<Inet4Address> given = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            given.add(pools.takeIpv4("default", "user" + i).orElseThrow());
        }
        assertThat(given).hasSize(6);
        assertThat(pools.takeIpv4("default", "late")).isEmpty();
        assertThat(pools.statistics().getFirst().exhausted()).isEqualTo(1);
        assertThat(pools.statistics().getFirst().used()).isEqualTo(6);
    }

    @Test
    void givesBackTheSameAddressToTheSameUser() {
        Pools pools = pools(Duration.ofMinutes(5), "10.0.0.0/24");
        Inet4Address first = pools.takeIpv4("default", "alice").orElseThrow();
        pools.release(first, "alice");
        assertThat(pools.takeIpv4("default", "bob")).isNotEqualTo(Optional.of(first));
        assertThat(pools.takeIpv4("default", "alice")).contains(first);
    }

    @Test
    void breaksTheQuarantineRatherThanRefusing() {
        Pools pools = pools(Duration.ofMinutes(5), "10.0.0.0/32");
        Inet4Address only = pools.takeIpv4("default", "alice").orElseThrow();
        pools.release(only, "alice");
        assertThat(pools.takeIpv4("default", "bob")).contains(only);
        assertThat(pools.takeIpv4("default", "alice")).isEmpty();
    }

    @Test
    void neverHandsOutWhatIsReservedOrExcluded() {
        Pools pools = new Pools(List.of(
                new PoolConfig("default", List.of(IpPrefix.parse("10.0.0.4/30")), Optional.empty(), Optional.empty(),
                        List.of(IpPrefix.parse("10.0.0.5")), Duration.ZERO)),
                () -> nowNs);
        assertThat(pools.reserve(address("10.0.0.6"))).isTrue();
        assertThat(pools.reserve(address("10.0.0.6"))).isFalse();
        assertThat(pools.takeIpv4("default", "a")).contains(address("10.0.0.4"));
        assertThat(pools.takeIpv4("default", "b")).contains(address("10.0.0.7"));
        assertThat(pools.takeIpv4("default", "c")).isEmpty();
        pools.release(address("10.0.0.6"), "r");
        assertThat(pools.takeIpv4("default", "c")).contains(address("10.0.0.6"));
        assertThat(pools.reserve(address("192.0.2.1"))).as("in no pool").isTrue();
        assertThat(pools.reserve(address("192.0.2.1"))).isFalse();
        pools.release(address("192.0.2.1"), "r");
        assertThat(pools.reserve(address("192.0.2.1"))).isTrue();
    }

    @Test
    void addressesThatLookLikeNetworksOrBroadcastsAreLeftOut() {
        Pools pools = pools(Duration.ZERO, "10.0.0.0/23", "10.1.0.0/30", "10.2.0.252/30", "10.3.0.254/31", "10.4.0.0");
        Set<String> given = new HashSet<>();
        for (Optional<Inet4Address> next = pools.takeIpv4("default", "0"); next.isPresent(); next = pools
                .takeIpv4("default", String.valueOf(given.size()))) {
            given.add(next.get().getHostAddress());
        }
        assertThat(given).hasSize(508 + 3 + 3 + 2 + 1).contains("10.0.0.1", "10.0.1.254", "10.1.0.3", "10.2.0.252",
                "10.3.0.255", "10.4.0.0")
                .doesNotContain("10.0.0.0", "10.0.0.255", "10.0.1.0", "10.0.1.255", "10.1.0.0", "10.2.0.255");
        assertThat(pools.statistics().getFirst().total()).isEqualTo(given.size());
        assertThat(pools.reserve(address("10.0.0.0"))).as("a given address may be any").isTrue();
        pools.release(address("10.0.0.0"), "r");
        assertThat(pools.takeIpv4("default", "late")).isEmpty();
    }

    @Test
    void cutsPrefixes() {
        Pools pools = new Pools(List.of(new PoolConfig("default", List.of(),
                Optional.of(IpPrefix.parse("2001:db8:100::/40")),
                Optional.of(new DelegatedConfig(IpPrefix.parse("2001:db8:4000::/36"), 56)), List.of(), Duration.ZERO)),
                () -> nowNs);
        assertThat(pools.takePrefix("default", "a")).contains(IpPrefix.parse("2001:db8:100::/64"));
        assertThat(pools.takePrefix("default", "b")).contains(IpPrefix.parse("2001:db8:100:1::/64"));
        assertThat(pools.takeDelegated("default", "a")).contains(IpPrefix.parse("2001:db8:4000::/56"));
        assertThat(pools.takeDelegated("default", "b")).contains(IpPrefix.parse("2001:db8:4000:100::/56"));
        assertThat(pools.takeIpv4("default", "a")).isEmpty();
        assertThat(pools.takeIpv4("other", "a")).isEmpty();
    }

    @Test
    void keepsWhatIsInUseWhenTheConfigurationChanges() {
        Pools pools = pools(Duration.ZERO, "10.0.0.0/31");
        Inet4Address first = pools.takeIpv4("default", "a").orElseThrow();
        pools.update(List.of(config("new", Duration.ZERO, "10.0.0.0/31")));
        assertThat(pools.takeIpv4("default", "b")).isEmpty();
        assertThat(pools.takeIpv4("new", "b")).isPresent().isNotEqualTo(Optional.of(first));
        assertThat(pools.takeIpv4("new", "c")).isEmpty();
    }

    @Test
    void anAddressWhoseRangeLeavesAndComesBackStaysWithItsOwner() {
        Pools pools = pools(Duration.ZERO, "10.0.0.4/31");
        Inet4Address first = pools.takeIpv4("default", "a").orElseThrow();
        assertThat(pools.reserve(address("10.9.0.4"))).isTrue();
        pools.update(List.of(config("default", Duration.ZERO, "10.9.0.4/31")));
        assertThat(pools.takeIpv4("default", "b")).as("the other is given").contains(address("10.9.0.5"));
        assertThat(pools.takeIpv4("default", "c")).isEmpty();
        pools.update(List.of(config("default", Duration.ZERO, "10.0.0.4/31")));
        assertThat(pools.takeIpv4("default", "b")).isPresent().isNotEqualTo(Optional.of(first));
        assertThat(pools.takeIpv4("default", "c")).isEmpty();
        pools.release(first, "a");
        assertThat(pools.takeIpv4("default", "c")).contains(first);
    }

    @Test
    void aReloadForgetsNeitherQuarantineNorWhoHadWhat() {
        Pools pools = pools(Duration.ofMinutes(5), "10.0.0.4/30");
        Inet4Address first = pools.takeIpv4("default", "a").orElseThrow();
        pools.release(first, "a");
        pools.update(List.of(config("default", Duration.ofMinutes(5), "10.0.0.4/30"),
                config("new", Duration.ZERO, "10.1.0.4")));
        assertThat(pools.takeIpv4("default", "b")).isPresent().isNotEqualTo(Optional.of(first));
        assertThat(pools.takeIpv4("default", "a")).contains(first);
    }

    @Test
    void skipsALargeExclusionAtOnce() {
        List<IpPrefix> exclude = Stream.of("2001:db8::/32", "2001:db9::/48", "2001:db9:1:1::5").map(IpPrefix::parse)
                .toList(); // the first alone is 4 thousand million links
        Pools pools = new Pools(List.of(new PoolConfig("default", List.of(),
                Optional.of(IpPrefix.parse("2001:db8::/31")), Optional.empty(), exclude, Duration.ZERO)), () -> nowNs);
        assertThat(pools.takePrefix("default", "a")).contains(IpPrefix.parse("2001:db9:1::/64"));
        assertThat(pools.takePrefix("default", "b")).contains(IpPrefix.parse("2001:db9:1:2::/64"));
    }

    @Test
    void anExclusionOfTheWholeRangeLeavesNothing() {
        Pools pools = new Pools(List.of(new PoolConfig("default", List.of(IpPrefix.parse("10.0.0.0/8")),
                Optional.empty(), Optional.empty(), List.of(IpPrefix.parse("10.0.0.0/7")), Duration.ZERO)),
                () -> nowNs);
        assertThat(pools.takeIpv4("default", "a")).isEmpty();
    }

    // A customer's static network lies in the pool that others get their addresses from
    @Test
    void handsNothingOutOfANetworkThatIsRoutedToASession() {
        Pools pools = pools(Duration.ZERO, "10.0.0.32/28");
        IpPrefix network = IpPrefix.parse("10.0.0.32/29");
        Inet4Address early = pools.takeIpv4("default", "early").orElseThrow();
        assertThat(early).isEqualTo(address("10.0.0.32"));
        pools.setAside(network);
        pools.setAside(network);
        pools.release(early, "early");
        List<Inet4Address> given = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            given.add(pools.takeIpv4("default", i == 3 ? "early" : "user" + i).orElseThrow());
        }
        assertThat(given).doesNotHaveDuplicates().allMatch(address -> !network.contains(address));
        assertThat(pools.takeIpv4("default", "late")).isEmpty();
        pools.giveBack(network);
        assertThat(pools.takeIpv4("default", "late")).as("another session has it still").isEmpty();
        pools.update(List.of(config("default", Duration.ofSeconds(1), "10.0.0.32/28")));
        assertThat(pools.takeIpv4("default", "late")).as("after a reload").isEmpty();
        pools.giveBack(network);
        for (int i = 0; i < 8; i++) {
            given.add(pools.takeIpv4("default", "late" + i).orElseThrow());
        }
        assertThat(given).doesNotHaveDuplicates().hasSize(16);
    }

    @Test
    void handsNoBlockOutOfALargerPrefixThatIsReserved() {
        Pools pools = new Pools(List.of(new PoolConfig("default", List.of(), Optional.empty(),
                Optional.of(new DelegatedConfig(IpPrefix.parse("2001:db8:4000::/44"), 56)), List.of(), Duration.ZERO)),
                () -> nowNs);
        assertThat(pools.reserve(IpPrefix.parse("2001:db8:4000::/48"))).isTrue();
        assertThat(pools.takeDelegated("default", "a")).contains(IpPrefix.parse("2001:db8:4001::/56"));
        pools.release(IpPrefix.parse("2001:db8:4000::/48"), "static");
        for (int i = 0; i < 15 * 256 - 1; i++) {
            assertThat(pools.takeDelegated("default", "b" + i)).isPresent();
        }
        assertThat(pools.takeDelegated("default", "c")).contains(IpPrefix.parse("2001:db8:4000::/56"));
    }

    @Test
    void neverGivesOneAddressToTwoUnderChurn() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Pools pools = pools(Duration.ofNanos(50), "10.0.0.64/26", "10.2.0.64/27");
        Set<Inet4Address> inUse = new HashSet<>();
        List<Inet4Address> order = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            nowNs++;
            String user = "user" + random.nextInt(120);
            if (random.nextInt(100) < 52) {
                pools.takeIpv4("default", user).ifPresentOrElse(address -> {
                    assertThat(inUse.add(address)).isTrue();
                    order.add(address);
                }, () -> assertThat(inUse).hasSize(96));
            } else if (!order.isEmpty()) {
                Inet4Address gone = order.remove(random.nextInt(order.size()));
                inUse.remove(gone);
                pools.release(gone, user);
            }
        }
        assertThat(pools.statistics().getFirst().used()).isEqualTo(inUse.size());
    }

    private Pools pools(Duration quarantine, String... ranges) {
        return new Pools(List.of(config("default", quarantine, ranges)), () -> nowNs);
    }

    private static PoolConfig config(String name, Duration quarantine, String... ranges) {
        return new PoolConfig(name, List.of(ranges).stream().map(IpPrefix::parse).toList(), Optional.empty(),
                Optional.empty(), List.of(), quarantine);
    }

    private static Inet4Address address(String text) { return IpAddresses.parseIpv4(text).orElseThrow(); }
}

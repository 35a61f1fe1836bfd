package org.lnsd.daemon.pool;

import org.lnsd.daemon.config.PoolConfig;
import org.lnsd.daemon.net.IpPrefix;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One configured pool: up to one set of blocks for each family. */
final class Pool {

    private static final int LINK_PREFIX_LENGTH = 64;

    private final PoolConfig config;
    private final Map<Family, BlockSet> sets = new EnumMap<>(Family.class);

    Pool(PoolConfig config, SetAside setAside) {
        this.config = config;
        long quarantineNs = config.quarantine().toNanos();
        if (!config.ipv4().isEmpty()) {
            sets.put(Family.IPV4, new BlockSet(config.ipv4(), 32, config.exclude(), quarantineNs, setAside));
        }
        config.ipv6Prefix().ifPresent(prefix -> sets.put(Family.IPV6_PREFIX,
                new BlockSet(List.of(prefix), LINK_PREFIX_LENGTH, config.exclude(), quarantineNs, setAside)));
        config.ipv6Delegated().ifPresent(delegated -> sets.put(Family.IPV6_DELEGATED,
                new BlockSet(List.of(delegated.prefix()), delegated.length(), config.exclude(), quarantineNs,
                        setAside)));
    }

    boolean is(PoolConfig other) { return config.equals(other); }

    Optional<IpPrefix> take(Family family, String stickyKey, long nowNs) {
        BlockSet set = sets.get(family);
        return set == null ? Optional.empty() : set.take(stickyKey, nowNs);
    }

    boolean takeIpv4(IpPrefix wished) {
        BlockSet set = sets.get(Family.IPV4);
        return set != null && set.takeThis(wished);
    }

    boolean reserve(IpPrefix prefix) { return sets.values().stream().allMatch(set -> set.reserve(prefix)); }

    void release(IpPrefix prefix, String stickyKey, long nowNs) {
        sets.values().forEach(set -> set.release(prefix, stickyKey, nowNs));
    }

    void collectUsed(Consumer<IpPrefix> into) { sets.values().forEach(set -> set.collectUsed(into)); }

    void ranges(Consumer<IpPrefix> into) { sets.values().forEach(set -> set.ranges().forEach(into)); }

    void statistics(long nowNs, Consumer<PoolStatistics> into) {
        sets.forEach((family, set) -> into.accept(set.statistics(config.name(), family, nowNs)));
    }
}

package org.lnsd.daemon.pool;

import org.lnsd.daemon.config.PoolConfig;
import org.lnsd.daemon.net.IpPrefix;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * All address pools. Nothing is handed out twice; whoever comes back gets what he had, as long as nobody needed it.
 * Every method may be called from any thread and takes constant time.
 */
public final class Pools {

    /** The pool used where authentication names none. */
    public static final String DEFAULT = "default";

    private final LongSupplier clockNs;
    private Map<String, Pool> pools;
    /** What RADIUS or a user's entry gave, in a pool's range or not, and what was in use when the pools changed last. */
    private final Set<IpPrefix> given = new HashSet<>();
    private final SetAside setAside = new SetAside();

    /**
     * Pools as configured.
     *
     * @param clockNs a monotonic clock
     */
    public Pools(List<PoolConfig> configs, LongSupplier clockNs) {
        this.clockNs = clockNs;
        this.pools = Map.of();
        update(configs);
    }

    /**
     * Takes over a changed configuration. A pool that is as before stays, with the memory of who had what. What is in use stays
     * with its owner and is never handed out until it is released, even if its range leaves and comes back meanwhile.
     */
    public synchronized void update(List<PoolConfig> configs) {
        pools.values().forEach(pool -> pool.collectUsed(given::add));
        Map<String, Pool> next = new LinkedHashMap<>();
        for (PoolConfig config : configs) {
            Pool former = pools.get(config.name());
            Pool pool = former != null && former.is(config) ? former : new Pool(config, setAside);
            given.forEach(pool::reserve);
            next.put(config.name(), pool);
        }
        pools = next;
    }

    /** Whether a pool of that name exists. */
    public synchronized boolean exists(String pool) {
        return pools.containsKey(pool);
    }

    /**
     * An IPv4 address for the session of {@code stickyKey} (the user's name), or empty: no such pool, or it is dry.
     * Returned with {@link #release(Inet4Address, String)}.
     */
    public Optional<Inet4Address> takeIpv4(String pool, String stickyKey) {
        return take(pool, stickyKey, Family.IPV4).map(prefix -> (Inet4Address) prefix.address());
    }

    /**
     * Takes the address that a subscriber asks for, if the pool would hand it out and nobody has it. Returned with
     * {@link #release(Inet4Address, String)}.
     */
    public synchronized boolean takeIpv4(String pool, Inet4Address wished) {
        Pool found = pools.get(pool);
        return found != null && found.takeIpv4(IpPrefix.ofHost(wished));
    }

    /** A /64 for the link of a session, or empty: no such pool, or it is dry. */
    public Optional<IpPrefix> takePrefix(String pool, String stickyKey) {
        return take(pool, stickyKey, Family.IPV6_PREFIX);
    }

    /** A prefix to delegate, or empty: no such pool, or it is dry. */
    public Optional<IpPrefix> takeDelegated(String pool, String stickyKey) {
        return take(pool, stickyKey, Family.IPV6_DELEGATED);
    }

    /**
     * Marks an address that RADIUS or a user's entry gave, so that no pool hands it out. What lies outside of all pools is not
     * looked after and always free. Ended with {@link #release(IpPrefix, String)}.
     *
     * @return false: a session has it already
     */
    public boolean reserve(Inet4Address address) { return reserve(IpPrefix.ofHost(address)); }

    /**
     * Marks a prefix that RADIUS or a user's entry gave. Where it covers several blocks of a pool, those that are free are not handed out.
     *
     * @return false: a session has it already
     */
    public synchronized boolean reserve(IpPrefix prefix) {
        if (!given.add(prefix)) {
            return false;
        }
        for (Pool pool : pools.values()) {
            if (!pool.reserve(prefix)) {
                given.remove(prefix);
                return false;
            }
        }
        setAside.add(prefix);
        return true;
    }

    /** No pool hands out what lies in the prefix, which is routed to a session, or to several. What has been handed out stays. */
    public synchronized void setAside(IpPrefix prefix) {
        setAside.add(prefix);
    }

    /** A session that had the prefix routed to it has ended. */
    public synchronized void giveBack(IpPrefix prefix) {
        setAside.remove(prefix);
    }

    /** Gives back an address, taken or reserved, on behalf of the user that had it. What no pool holds is ignored. */
    public void release(Inet4Address address, String stickyKey) {
        release(IpPrefix.ofHost(address), stickyKey);
    }

    /** Gives back a prefix, taken or reserved. */
    public synchronized void release(IpPrefix prefix, String stickyKey) {
        long nowNs = clockNs.getAsLong();
        if (given.remove(prefix)) {
            setAside.remove(prefix);
        }
        pools.values().forEach(pool -> pool.release(prefix, stickyKey, nowNs));
    }

    /** What every pool holds and has given, pools in the order of the configuration. */
    public synchronized List<PoolStatistics> statistics() {
        List<PoolStatistics> all = new ArrayList<>();
        long nowNs = clockNs.getAsLong();
        pools.values().forEach(pool -> pool.statistics(nowNs, all::add));
        return all;
    }

    /** The prefixes that the pools hand out from, for routes of whole pools. */
    public synchronized List<IpPrefix> ranges() {
        List<IpPrefix> all = new ArrayList<>();
        pools.values().forEach(pool -> pool.ranges(all::add));
        return all;
    }

    private synchronized Optional<IpPrefix> take(String pool, String stickyKey, Family family) {
        Pool found = pools.get(pool);
        return found == null ? Optional.empty() : found.take(family, stickyKey, clockNs.getAsLong());
    }
}

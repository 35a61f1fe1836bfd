package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;

import org.lnsd.daemon.net.IpPrefix;

import java.time.Duration;
import java.util.List;

/** {@code [[pool]]}. */
final class PoolTable {

    private static final int LINK_PREFIX_LENGTH = 64;

    private static final Key<IpPrefix> DELEGATED_PREFIX = Key.required("prefix", ValueTypes.unicastPrefix(false),
            "\"2001:db8:4000::/36\"", LIVE,
            "out of which prefixes are delegated");
    private static final Key<Integer> DELEGATED_LENGTH = Key.of("length", ValueTypes.integer(1, LINK_PREFIX_LENGTH),
            "56", LIVE,
            "length of each delegated prefix");

    private static final Key<String> NAME = Key.required("name", ValueTypes.name(), "\"default\"", LIVE,
            "its name; \"default\" is used where authentication names none");
    private static final Key<List<IpPrefix>> IPV4 = Key.of("ipv4", ValueTypes.list(ValueTypes.unicastPrefix(true)),
            "[]", LIVE,
            "ranges of addresses, such as [\"100.64.0.0/18\"]; our own end of the links and what ends in 0 or 255 is left out");
    private static final Key<IpPrefix> IPV6_PREFIX = Key.optional("ipv6-prefix", ValueTypes.unicastPrefix(false),
            "\"2001:db8:100::/40\"", LIVE,
            "one /64 a session, announced by RA");
    private static final Key<DelegatedConfig> IPV6_DELEGATED = Key.optional("ipv6-delegated",
            ValueTypes.table(List.of(DELEGATED_PREFIX, DELEGATED_LENGTH), PoolTable::delegated),
            "{ prefix = \"2001:db8:4000::/36\", length = 56 }", LIVE,
            "prefixes for the subscribers' own networks, by DHCPv6");
    private static final Key<List<IpPrefix>> EXCLUDE = Key.of("exclude", ValueTypes.list(ValueTypes.prefix()), "[]",
            LIVE,
            "addresses and prefixes in these ranges that are not handed out");
    private static final Key<Duration> QUARANTINE = Key.of("quarantine",
            ValueTypes.duration(Duration.ZERO, Duration.ofDays(30)), "\"5m\"", LIVE,
            "how long what was released is kept for the user that had it, while there is other left");

    static final TableSchema SCHEMA = new TableSchema("pool", true, true, "Addresses for sessions.",
            List.of(NAME, IPV4, IPV6_PREFIX, IPV6_DELEGATED, EXCLUDE, QUARANTINE));

    private PoolTable() {}

    static PoolConfig read(TableReader in, CrossChecks checks) {
        PoolConfig pool = new PoolConfig(in.get(NAME), in.get(IPV4), in.optional(IPV6_PREFIX),
                in.optional(IPV6_DELEGATED), in.get(EXCLUDE),
                in.get(QUARANTINE));
        if (!in.has(IPV4) && !in.has(IPV6_PREFIX) && !in.has(IPV6_DELEGATED)) {
            in.place().error("pool " + Literals.quote(pool.name())
                    + " has no addresses, ipv4, ipv6-prefix or ipv6-delegated expected");
        }
        checks.poolName(new Located<>(pool.name(), in.placeOf(NAME)));
        pool.ipv4().forEach(range -> checks.poolRange(pool.name(), new Located<>(range, in.placeOf(IPV4))));
        pool.ipv6Prefix().ifPresent(range -> {
            if (range.length() > LINK_PREFIX_LENGTH) {
                in.placeOf(IPV6_PREFIX)
                        .error("ipv6-prefix: " + range + " has no room for a /64, a length of at most 64 expected");
            }
            checks.poolRange(pool.name(), new Located<>(range, in.placeOf(IPV6_PREFIX)));
        });
        pool.ipv6Delegated().ifPresent(
                range -> checks.poolRange(pool.name(), new Located<>(range.prefix(), in.placeOf(IPV6_DELEGATED))));
        return pool;
    }

    private static DelegatedConfig delegated(TableReader in) {
        DelegatedConfig delegated = new DelegatedConfig(in.get(DELEGATED_PREFIX), in.get(DELEGATED_LENGTH));
        boolean isRead = in.isRight(DELEGATED_PREFIX) && in.isRight(DELEGATED_LENGTH);
        if (isRead && delegated.length() < delegated.prefix().length()) {
            in.placeOf(DELEGATED_LENGTH)
                    .error("length " + delegated.length() + " is shorter than that of prefix " + delegated.prefix()
                            + ", "
                            + delegated.prefix().length() + " to 64 expected");
        }
        return delegated;
    }
}

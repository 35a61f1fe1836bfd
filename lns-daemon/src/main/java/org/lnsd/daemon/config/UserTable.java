package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;

import org.lnsd.daemon.net.IpPrefix;

import java.net.Inet4Address;
import java.nio.file.Path;
import java.util.List;

/** {@code [[user]]}. */
final class UserTable {

    private static final Key<String> NAME = Key.required("name", ValueTypes.name(), "\"alice@example.net\"", LIVE,
            "user name, realm included");
    private static final Key<Secret> PASSWORD = Key.optional("password", ValueTypes.secret(), "\"...\"", LIVE,
            "the password");
    private static final Key<Path> PASSWORD_FILE = Key.optional("password-file", ValueTypes.path(),
            "\"/etc/lnsd/alice.password\"", LIVE,
            "a file that holds the password instead");
    private static final Key<Inet4Address> IPV4 = Key.optional("ipv4", ValueTypes.ipv4Address(), "\"203.0.113.7\"",
            LIVE,
            "the address; absent: from a pool");
    private static final Key<IpPrefix> IPV6_PREFIX = Key.optional("ipv6-prefix", ValueTypes.prefix(false),
            "\"2001:db8:1:7::/64\"", LIVE,
            "the /64 of the link; absent: from a pool");
    private static final Key<IpPrefix> IPV6_DELEGATED = Key.optional("ipv6-delegated", ValueTypes.prefix(false),
            "\"2001:db8:700::/56\"", LIVE,
            "the prefix for the subscriber's network; absent: from a pool");
    private static final Key<List<IpPrefix>> ROUTES = Key.of("routes", ValueTypes.list(ValueTypes.prefix()), "[]", LIVE,
            "what else is routed to the subscriber, such as [\"198.51.100.0/29\"]");
    private static final Key<String> POOL = Key.optional("pool", ValueTypes.name(), "\"default\"", LIVE,
            "the pool for what is not given here");
    private static final Key<LineRate> RATE_DOWN = Key.optional("rate-down", ValueTypes.lineRate(), "\"20Mbit/s\"",
            LIVE,
            "limit towards the subscriber: a rate, or a part of the line's speed such as \"90%\"");
    private static final Key<LineRate> RATE_UP = Key.optional("rate-up", ValueTypes.lineRate(), "\"5Mbit/s\"", LIVE,
            "limit from the subscriber");
    private static final Key<String> FILTER_IN = Key.optional("filter-in", ValueTypes.name(), "\"no-smtp\"", LIVE,
            "name of the filter for what comes from the subscriber");
    private static final Key<String> FILTER_OUT = Key.optional("filter-out", ValueTypes.name(), "\"no-smtp\"", LIVE,
            "name of the filter for what goes to the subscriber");

    private static final Key<String> GARDEN = Key.optional("garden", ValueTypes.name(), "\"unpaid\"", LIVE,
            "name of the walled garden that the line is in");
    private static final Key<Long> VOLUME_LIMIT = Key.optional("volume-limit", ValueTypes.volume(), "\"50GB\"", LIVE,
            "both directions together, each session; then on-volume-limit of [ppp] takes place");

    static final TableSchema SCHEMA = new TableSchema("user", true, true,
            "An embedded subscriber: no RADIUS server needed.", List.of(NAME, PASSWORD,
                    PASSWORD_FILE, IPV4, IPV6_PREFIX, IPV6_DELEGATED, ROUTES, POOL, RATE_DOWN, RATE_UP, FILTER_IN,
                    FILTER_OUT, GARDEN, VOLUME_LIMIT));

    private UserTable() {}

    static UserConfig read(TableReader in, CrossChecks checks) {
        Secret password = SecretReader.required(in, PASSWORD, PASSWORD_FILE);
        UserConfig user = new UserConfig(in.get(NAME), password, in.optional(IPV4), in.optional(IPV6_PREFIX),
                in.optional(IPV6_DELEGATED),
                in.get(ROUTES), in.optional(POOL), in.optional(RATE_DOWN), in.optional(RATE_UP),
                in.optional(FILTER_IN),
                in.optional(FILTER_OUT), in.optional(GARDEN), in.optional(VOLUME_LIMIT));
        checks.userName(new Located<>(user.name(), in.placeOf(NAME)));
        user.pool().ifPresent(pool -> checks.poolUsed(new Located<>(pool, in.placeOf(POOL))));
        user.filterIn().ifPresent(name -> checks.filterUsed(new Located<>(name, in.placeOf(FILTER_IN))));
        user.filterOut().ifPresent(name -> checks.filterUsed(new Located<>(name, in.placeOf(FILTER_OUT))));
        user.garden().ifPresent(name -> checks.gardenUsed(new Located<>(name, in.placeOf(GARDEN))));
        user.ipv4().ifPresent(
                address -> checks.userRange(user.name(), new Located<>(IpPrefix.ofHost(address), in.placeOf(IPV4))));
        user.ipv6Prefix().ifPresent(prefix -> {
            if (prefix.length() != 64) {
                in.placeOf(IPV6_PREFIX)
                        .error("ipv6-prefix: " + prefix + " has length " + prefix.length() + ", 64 expected");
            }
            checks.userRange(user.name(), new Located<>(prefix, in.placeOf(IPV6_PREFIX)));
        });
        user.ipv6Delegated().ifPresent(prefix -> {
            if (prefix.length() > 64) {
                in.placeOf(IPV6_DELEGATED).error(
                        "ipv6-delegated: " + prefix + " has length " + prefix.length() + ", at most 64 expected");
            }
            checks.userRange(user.name(), new Located<>(prefix, in.placeOf(IPV6_DELEGATED)));
        });
        return user;
    }
}

package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;
import static org.lnsd.daemon.config.Effect.RESTART;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code [radius]}. */
final class RadiusTable {

    private static final ValueType<Optional<InetAddress>> ADDRESS_OR_EMPTY = ValueTypes.text(
            text -> text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ValueTypes.address().read(text, Place.nowhere())),
            Optional.empty(), "an address, or \"\"");

    private static final Key<Optional<InetAddress>> NAS_IP_ADDRESS = Key.of("nas-ip-address", ADDRESS_OR_EMPTY, "\"\"",
            RESTART,
            "NAS-IP-Address (or NAS-IPv6-Address), such as \"192.0.2.10\"; empty: the address that requests come from");
    private static final Key<Optional<InetAddress>> SOURCE_ADDRESS = Key.of("source-address", ADDRESS_OR_EMPTY, "\"\"",
            LIVE,
            "what requests are sent from; empty: what the kernel picks");
    private static final Key<Boolean> ACCOUNTING = Key.of("accounting", ValueTypes.bool(), "true", RESTART,
            "send Accounting-Requests");
    private static final Key<Duration> TIMEOUT = Key.of("timeout",
            ValueTypes.duration(Duration.ofMillis(50), Duration.ofSeconds(60)), "\"3s\"", LIVE,
            "the wait before a request is sent again");
    private static final Key<Integer> ATTEMPTS = Key.of("attempts", ValueTypes.integer(1, 20), "3", LIVE,
            "transmissions to one server");
    private static final Key<Duration> INTERIM_INTERVAL = Key.of("interim-interval",
            ValueTypes.duration(Duration.ZERO, Duration.ofDays(1)), "\"10m\"",
            LIVE, "between interim records; a RADIUS Acct-Interim-Interval overrides it; \"0s\": none");
    private static final Key<Boolean> REQUIRE_MESSAGE_AUTHENTICATOR = Key.of("require-message-authenticator",
            ValueTypes.bool(), "true", LIVE,
            "drop answers without Message-Authenticator");
    private static final Key<RadiusPolicy> POLICY = Key.of("policy", ValueTypes.constant(RadiusPolicy.class),
            "\"ordered\"", LIVE,
            "which server is asked: ordered (the first that lives) | round-robin | least-loaded");
    private static final Key<Duration> DEAD_TIME = Key.of("dead-time",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofHours(1)), "\"30s\"",
            LIVE, "how long a server that does not answer is passed over");
    private static final Key<Boolean> STATUS_SERVER = Key.of("status-server", ValueTypes.bool(), "true", LIVE,
            "ask dead servers with Status-Server whether they are back");
    private static final Key<Integer> SPOOL_MAXIMUM = Key.of("spool-maximum", ValueTypes.integer(0, Integer.MAX_VALUE),
            "268435456", RESTART,
            "octets on disk for accounting that no server took");
    private static final Key<UserPolicy> USERS = Key.of("users", ValueTypes.constant(UserPolicy.class), "\"first\"",
            LIVE,
            "the [[user]] tables decide: first (RADIUS about others) | fallback (where no server answers) | only | never");

    static final TableSchema SCHEMA = new TableSchema("radius", false, true,
            "RADIUS; absent: only the [[user]] table authenticates.",
            List.of(NAS_IP_ADDRESS, SOURCE_ADDRESS, ACCOUNTING, TIMEOUT, ATTEMPTS, INTERIM_INTERVAL,
                    REQUIRE_MESSAGE_AUTHENTICATOR, POLICY, DEAD_TIME,
                    STATUS_SERVER, SPOOL_MAXIMUM, USERS));

    private RadiusTable() {}

    static List<String> subtables() {
        return List.of(RadiusServerTable.SCHEMA.name(), DynamicAuthorizationTable.SCHEMA.name());
    }

    static RadiusConfig read(TableReader in, CrossChecks checks) {
        List<Located<RadiusServerConfig>> servers = in.each(RadiusServerTable.SCHEMA, RadiusServerTable::read);
        checks.radiusServers(in.place(), servers);
        Located<Optional<InetAddress>> source = in.located(SOURCE_ADDRESS);
        checks.radiusSource(source, servers);
        Optional<DynamicAuthorizationConfig> dynamicAuthorization = in.hasSubtable(DynamicAuthorizationTable.SCHEMA)
                ? Optional.of(DynamicAuthorizationTable.read(in.subtable(DynamicAuthorizationTable.SCHEMA, List.of())))
                : Optional.empty();
        return new RadiusConfig(in.get(NAS_IP_ADDRESS), source.value(), in.get(ACCOUNTING), in.get(TIMEOUT),
                in.get(ATTEMPTS),
                in.get(INTERIM_INTERVAL), in.get(REQUIRE_MESSAGE_AUTHENTICATOR), in.get(POLICY), in.get(DEAD_TIME),
                in.get(STATUS_SERVER),
                in.get(SPOOL_MAXIMUM), servers.stream().map(Located::value).toList(), in.get(USERS),
                dynamicAuthorization);
    }
}

package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.RESTART;

import java.net.InetSocketAddress;
import java.util.List;

/** {@code [snmp]}. */
final class SnmpTable {

    private static final Key<InetSocketAddress> LISTEN = Key.of("listen", ValueTypes.socketAddress(),
            "\"127.0.0.1:1161\"", RESTART,
            "the agent's UDP address");
    private static final Key<Secret> COMMUNITY = Key.optional("community", ValueTypes.secret(), "\"...\"", RESTART,
            "SNMPv2c community; absent: no SNMPv2c");
    private static final Key<String> USER = Key.optional("user", ValueTypes.name(), "\"monitor\"", RESTART,
            "SNMPv3 user; absent: no SNMPv3");
    private static final Key<Secret> AUTHENTICATION = Key.optional("authentication-password", ValueTypes.secret(),
            "\"...\"", RESTART,
            "its password for HMAC-SHA-256, at least 8 characters");
    private static final Key<Secret> PRIVACY = Key.optional("privacy-password", ValueTypes.secret(), "\"...\"", RESTART,
            "its password for AES-128, at least 8 characters");

    static final TableSchema SCHEMA = new TableSchema("snmp", false, true, "A read-only SNMP agent; absent: none runs.",
            List.of(LISTEN, COMMUNITY, USER, AUTHENTICATION, PRIVACY));

    private SnmpTable() {}

    static SnmpConfig read(TableReader in) {
        SnmpConfig snmp = new SnmpConfig(in.get(LISTEN), in.optional(COMMUNITY), in.optional(USER),
                in.optional(AUTHENTICATION), in.optional(PRIVACY));
        if (!in.has(COMMUNITY) && !in.has(USER)) {
            in.place().error("[snmp] has neither community nor user, at least one expected");
        }
        if (snmp.user().isPresent() && (isShort(in, AUTHENTICATION) || isShort(in, PRIVACY))) {
            in.placeOf(USER)
                    .error("user: authentication-password and privacy-password of at least 8 characters expected");
        }
        return snmp;
    }

    private static boolean isShort(TableReader in, Key<Secret> key) {
        return in.optional(key).map(secret -> secret.bytes().length < 8).orElse(true);
    }
}

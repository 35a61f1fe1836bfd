package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.RESTART;

import org.lnsd.daemon.net.IpPrefix;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code [radius.dynamic-authorization]}. */
final class DynamicAuthorizationTable {

    private static final Key<InetSocketAddress> LISTEN = Key.of("listen", ValueTypes.socketAddress(),
            "\"127.0.0.1:3799\"", RESTART,
            "UDP address for CoA- and Disconnect-Requests");
    private static final Key<List<IpPrefix>> CLIENTS = Key.of("clients", ValueTypes.nonEmptyList(ValueTypes.prefix()),
            "[\"127.0.0.1/32\"]", RESTART,
            "who may send them");
    private static final Key<Secret> SECRET = Key.optional("secret", ValueTypes.secret(), "\"...\"", RESTART,
            "the shared secret");
    private static final Key<Path> SECRET_FILE = Key.optional("secret-file", ValueTypes.path(),
            "\"/etc/lnsd/coa.secret\"", RESTART,
            "a file that holds the secret instead");
    private static final Key<Duration> TIMESTAMP_WINDOW = Key.of("timestamp-window",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "\"5m\"", RESTART, "how far an Event-Timestamp may be off");
    private static final Key<Boolean> REQUIRE_MESSAGE_AUTHENTICATOR = Key.of("require-message-authenticator",
            ValueTypes.bool(), "false", RESTART,
            "drop requests without Message-Authenticator");

    static final TableSchema SCHEMA = new TableSchema("radius.dynamic-authorization", false, true,
            "RFC 5176 CoA and Disconnect; absent: not listened for.",
            List.of(LISTEN, CLIENTS, SECRET, SECRET_FILE, TIMESTAMP_WINDOW, REQUIRE_MESSAGE_AUTHENTICATOR));

    private DynamicAuthorizationTable() {}

    static DynamicAuthorizationConfig read(TableReader in) {
        return new DynamicAuthorizationConfig(in.get(LISTEN), in.get(CLIENTS),
                SecretReader.required(in, SECRET, SECRET_FILE),
                in.get(TIMESTAMP_WINDOW), in.get(REQUIRE_MESSAGE_AUTHENTICATOR));
    }
}

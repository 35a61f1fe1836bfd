package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.RESTART;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code [control]}. */
final class ControlTable {

    /** The room for a path in a Unix socket address, without the closing zero. */
    private static final int MAXIMUM_PATH_BYTES = 107;

    private static final Key<Path> SOCKET = Key.of("socket", ValueTypes.path(), "\"/run/lnsd/control.sock\"", RESTART,
            "the control socket");
    private static final Key<String> GROUP = Key.of("group", ValueTypes.string(), "\"lnsd\"", RESTART,
            "who besides root may connect; empty: nobody");
    private static final Key<String> READ_ONLY_GROUP = Key.of("read-only-group", ValueTypes.string(), "\"\"", RESTART,
            "members of this group may look and not touch; empty: no such group");
    private static final Key<String> INTERCEPT_GROUP = Key.of("intercept-group", ValueTypes.string(), "\"\"", RESTART,
            "members of this group may intercept and look; empty: root alone may intercept");
    private static final Key<Integer> MAXIMUM_CLIENTS = Key.of("maximum-clients", ValueTypes.integer(1, 10_000), "256",
            RESTART,
            "connections at a time");

    static final TableSchema SCHEMA = new TableSchema("control", false, false, "lnsctl's way in.",
            List.of(SOCKET, GROUP, READ_ONLY_GROUP, INTERCEPT_GROUP, MAXIMUM_CLIENTS));

    private ControlTable() {}

    static ControlConfig read(TableReader in) {
        Path socket = in.get(SOCKET);
        int pathBytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (pathBytes > MAXIMUM_PATH_BYTES) {
            in.placeOf(SOCKET).error(
                    "socket: the path has " + pathBytes + " octets, at most " + MAXIMUM_PATH_BYTES + " expected");
        }
        return new ControlConfig(socket, nonEmpty(in.get(GROUP)), nonEmpty(in.get(READ_ONLY_GROUP)),
                nonEmpty(in.get(INTERCEPT_GROUP)), in.get(MAXIMUM_CLIENTS));
    }

    private static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}

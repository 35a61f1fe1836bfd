package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.NEW_SESSIONS;
import static org.lnsd.daemon.config.Effect.RESTART;

import java.util.List;

/** {@code [forwarding]}. */
final class ForwardingTable {

    private static final Key<Integer> THREADS = Key.of("threads", ValueTypes.integer(0, 256), "0", RESTART,
            "forwarding threads; 0: one a core");
    private static final Key<Boolean> SOURCE_CHECK = Key.of("source-check", ValueTypes.bool(), "true", NEW_SESSIONS,
            "BCP 38: only the session's own addresses and routes may be a source");
    private static final Key<Boolean> MSS_CLAMP = Key.of("mss-clamp", ValueTypes.bool(), "true", NEW_SESSIONS,
            "lower the MSS of TCP connections to what the link's MTU takes");
    private static final Key<Integer> SOCKET_BUFFER = Key.of("socket-buffer", ValueTypes.integer(65536, 1 << 30),
            "8388608", RESTART,
            "octets of receive buffer of each tunnel socket");

    static final TableSchema SCHEMA = new TableSchema("forwarding", false, false, "The packets' way.",
            List.of(THREADS, SOURCE_CHECK, MSS_CLAMP, SOCKET_BUFFER));

    private ForwardingTable() {}

    static ForwardingConfig read(TableReader in) {
        return new ForwardingConfig(in.get(THREADS), in.get(SOURCE_CHECK), in.get(MSS_CLAMP), in.get(SOCKET_BUFFER));
    }
}

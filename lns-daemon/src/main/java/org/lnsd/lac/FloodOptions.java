package org.lnsd.lac;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Ill-treatment of an LNS for tests. Filled by picocli. */
final class FloodOptions {

    @Option(names = "--flood", paramLabel = "KIND", description = "instead of sessions: ${COMPLETION-CANDIDATES} datagrams to the LNS, from many ports, --rate a second")
    @Nullable
    Kind kind;

    @Option(names = "--flood-count", paramLabel = "N", defaultValue = "50000", description = "datagrams of the flood (default: ${DEFAULT-VALUE})")
    int count = 50_000;

    @Option(names = "--flood-ports", paramLabel = "N", defaultValue = "100", description = "source ports of the flood (default: ${DEFAULT-VALUE})")
    int ports = 100;

    /** What is sent; names as on the command line. */
    @SuppressWarnings("MemberName")
    enum Kind {
        /** Requests for tunnels that nobody goes on with. */
        sccrq,
        /** Random octets of random length. */
        garbage,
        /** Data messages with random ids. */
        data
    }
}

package org.lnsd.lac;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The tunnels: to whom, from where, and how they prove who they are. Filled by picocli. */
final class TunnelOptions {

    @Option(names = "--lns", paramLabel = "ADDRESS[:PORT]", required = true, converter = Endpoint.class, description = "the LNS to connect to; port 1701 if none is given")
    InetSocketAddress lns = new InetSocketAddress(0);

    @Option(names = "--local", paramLabel = "ADDRESS[:PORT]", converter = Endpoint.class, description = "send from this address; any free port if none is given (default: what the kernel picks)")
    @Nullable
    InetSocketAddress local;

    @Option(names = "--host-name", paramLabel = "NAME", defaultValue = "lnsd-lac", description = "Host Name AVP (default: ${DEFAULT-VALUE})")
    String hostName = "lnsd-lac";

    @Option(names = "--secret", paramLabel = "TEXT", description = "tunnel secret: answers the LNS's challenge")
    @Nullable
    String secret;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "the tunnel secret is this file's first line")
    @Nullable
    Path secretFile;

    @Option(names = "--challenge", description = "challenge the LNS too: it must prove that it knows the secret")
    boolean challenge;

    @Option(names = "--hide-avps", description = "send hidden AVPs where RFC 2661 allows (needs a secret)")
    boolean hideAvps;

    @Option(names = "--tunnels", paramLabel = "N", defaultValue = "1", description = "tunnels to open, one after another (default: ${DEFAULT-VALUE})")
    int tunnels = 1;

    @Option(names = "--receive-window", paramLabel = "N", defaultValue = "128", description = "Receive Window Size AVP (default: ${DEFAULT-VALUE})")
    int receiveWindow = 128;

    @Option(names = "--hello", paramLabel = "SECONDS", defaultValue = "60", description = "silence after which a HELLO is sent (default: ${DEFAULT-VALUE})")
    int helloSeconds = 60;
}

package org.lnsd.lac;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The subscribers and their calls. A %d in a text is the subscriber's number, counted from {@code --first}. Filled by picocli. */
final class SubscriberOptions {

    @Option(names = "--sessions", paramLabel = "N", defaultValue = "1", description = "subscribers in all tunnels together (default: ${DEFAULT-VALUE})")
    int sessions = 1;

    @Option(names = "--first", paramLabel = "N", defaultValue = "1", description = "number of the first subscriber (default: ${DEFAULT-VALUE})")
    int first = 1;

    @Option(names = "--user", paramLabel = "PATTERN", defaultValue = "user%d@example.net", description = "user name; %%d or %%0Nd is the subscriber's number (default: ${DEFAULT-VALUE})")
    String user = "user%d@example.net";

    @Option(names = "--password", paramLabel = "PATTERN", defaultValue = "password", description = "password, likewise (default: ${DEFAULT-VALUE})")
    String password = "password";

    @Option(names = "--password-file", paramLabel = "FILE", description = "the password pattern is this file's first line")
    @Nullable
    Path passwordFile;

    @Option(names = "--auth", paramLabel = "METHOD", defaultValue = "any", description = "what the subscriber is willing to use: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    AuthenticationChoice authentication = AuthenticationChoice.any;

    @Option(names = "--calling-number", paramLabel = "PATTERN", defaultValue = "", description = "Calling Number AVP")
    String callingNumber = "";

    @Option(names = "--called-number", paramLabel = "PATTERN", defaultValue = "", description = "Called Number AVP")
    String calledNumber = "";

    @Option(names = "--mru", paramLabel = "BYTES", defaultValue = "1500", description = "MRU that the subscriber asks for (default: ${DEFAULT-VALUE})")
    int mru = 1500;

    @Option(names = "--ipv6", description = "also IPv6CP; the address comes from the router advertisement")
    boolean ipv6;

    @Option(names = "--no-ipv4", negatable = false, description = "no IPCP")
    boolean noIpv4;

    @Option(names = "--dhcpv6-pd", description = "also ask for a delegated prefix by DHCPv6 (implies --ipv6)")
    boolean prefixDelegation;

    @Option(names = "--dhcpv6-na", description = "also ask for an address by DHCPv6 (implies --ipv6)")
    boolean addressLease;

    @Option(names = "--proxy", description = "the LAC does LCP and takes the credentials itself, and passes both on as proxy AVPs")
    boolean proxy;

    @Option(names = "--proxy-mru-lie", paramLabel = "BYTES", description = "with --proxy: tell the LNS this MRU instead of the agreed one")
    @Nullable
    Integer proxyMruLie;

    @Option(names = "--sequencing", description = "Sequencing Required AVP: sequence numbers in data messages")
    boolean sequencing;

    @Option(names = "--circuit", paramLabel = "PATTERN", defaultValue = "", description = "Agent Circuit Id of the access line (RFC 5515)")
    String circuit = "";

    @Option(names = "--remote-id", paramLabel = "PATTERN", defaultValue = "", description = "Agent Remote Id of the access line (RFC 5515)")
    String remoteId = "";

    @Option(names = "--line-down", paramLabel = "BITS/S", description = "the line's speed to the subscriber: Tx Connect Speed, Actual Data Rate Downstream (default: 100000000)")
    long lineDownBps = 100_000_000L;

    @Option(names = "--line-up", paramLabel = "BITS/S", description = "the line's speed from the subscriber: Rx Connect Speed, Actual Data Rate Upstream (default: 40000000)")
    long lineUpBps = 40_000_000L;

    @Option(names = "--echo", paramLabel = "SECONDS", defaultValue = "0", description = "the subscriber's own LCP echo interval; 0 for none (default: ${DEFAULT-VALUE})")
    int echoSeconds;

    /** Names on the command line, hence in small letters. */
    @SuppressWarnings("MemberName")
    enum AuthenticationChoice {
        pap, chap, mschapv2, any
    }
}

package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;
import static org.lnsd.daemon.config.Effect.NEW_SESSIONS;
import static org.lnsd.daemon.config.Effect.RESTART;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.net.IpAddresses;

/** {@code [l2tp]}. */
final class L2tpTable {

    private static final Key<Duration> INITIAL = Key.of("initial",
            ValueTypes.duration(Duration.ofMillis(10), Duration.ofSeconds(60)), "\"1s\"",
            NEW_SESSIONS, "the wait before the first retransmission");
    private static final Key<Duration> MAXIMUM = Key.of("maximum",
            ValueTypes.duration(Duration.ofMillis(10), Duration.ofMinutes(5)), "\"8s\"",
            NEW_SESSIONS, "the longest wait");
    private static final Key<Integer> ATTEMPTS = Key.of("attempts", ValueTypes.integer(1, 100), "5", NEW_SESSIONS,
            "retransmissions, then the tunnel is given up");

    private static final Key<List<InetSocketAddress>> LISTEN = Key.of("listen",
            ValueTypes.nonEmptyList(ValueTypes.socketAddress()),
            "[\"0.0.0.0:1701\"]", RESTART,
            "addresses of the tunnel sockets, any number, IPv4 and IPv6; \"[::]:PORT\" alone hears IPv4 as well");
    private static final Key<Duration> HELLO_INTERVAL = Key.of("hello-interval",
            ValueTypes.duration(Duration.ofMillis(100), Duration.ofHours(24)),
            "\"60s\"", NEW_SESSIONS, "silence on a tunnel before a HELLO asks whether the LAC is still there");
    private static final Key<Integer> RECEIVE_WINDOW = Key.of("receive-window", ValueTypes.integer(1, 32767), "64",
            NEW_SESSIONS,
            "control messages that a LAC may have outstanding");
    private static final Key<RetransmitConfig> RETRANSMIT = Key.of("retransmit",
            ValueTypes.table(List.of(INITIAL, MAXIMUM, ATTEMPTS), L2tpTable::retransmit),
            "{ initial = \"1s\", maximum = \"8s\", attempts = 5 }",
            NEW_SESSIONS, "retransmission of control messages, each wait twice the one before");
    private static final Key<HiddenAvps> HIDDEN_AVPS = Key.of("hidden-avps", ValueTypes.constant(HiddenAvps.class),
            "\"accept\"", NEW_SESSIONS,
            "accept | send (also hide what we send, where a secret is set)");
    private static final Key<String> VENDOR_NAME = Key.of("vendor-name", ValueTypes.nameOrEmpty(), "\"lnsd\"",
            NEW_SESSIONS,
            "the Vendor Name AVP that LACs see; empty: not sent");
    private static final Key<Duration> SETUP_TIMEOUT = Key.of("setup-timeout",
            ValueTypes.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "\"30s\"", NEW_SESSIONS, "how long a tunnel or a call may take to be established");
    private static final Key<Integer> MAXIMUM_HALF_OPEN = Key.of("maximum-half-open", ValueTypes.integer(1, 65535),
            "1000", LIVE,
            "tunnels that are not established yet, all LACs together");
    private static final Key<Integer> MAXIMUM_TUNNELS = Key.of("maximum-tunnels", ValueTypes.integer(1, 65535), "4096",
            LIVE,
            "tunnels, all LACs together");
    private static final Key<Integer> MAXIMUM_SESSIONS = Key.of("maximum-sessions", ValueTypes.integer(1, 1_000_000),
            "100000", LIVE,
            "sessions, all LACs together");

    static final TableSchema SCHEMA = new TableSchema("l2tp", false, false, "The tunnels.",
            List.of(LISTEN, HELLO_INTERVAL, RECEIVE_WINDOW, RETRANSMIT,
                    HIDDEN_AVPS, VENDOR_NAME, SETUP_TIMEOUT, MAXIMUM_HALF_OPEN, MAXIMUM_TUNNELS, MAXIMUM_SESSIONS));

    private L2tpTable() {}

    static L2tpConfig read(TableReader in, CrossChecks checks) {
        List<Located<PeerConfig>> peers = in.each(PeerTable.SCHEMA, PeerTable::read);
        checks.peers(peers);
        return new L2tpConfig(withIpv4(in.get(LISTEN)), in.get(HELLO_INTERVAL), in.get(RECEIVE_WINDOW),
                in.get(RETRANSMIT),
                in.get(HIDDEN_AVPS),
                in.get(VENDOR_NAME), in.get(SETUP_TIMEOUT), in.get(MAXIMUM_HALF_OPEN), in.get(MAXIMUM_TUNNELS),
                in.get(MAXIMUM_SESSIONS),
                peers.stream().map(Located::value).toList());
    }

    private static RetransmitConfig retransmit(TableReader in) {
        RetransmitConfig retransmit = new RetransmitConfig(in.get(INITIAL), in.get(MAXIMUM), in.get(ATTEMPTS));
        if (retransmit.initial().compareTo(retransmit.maximum()) > 0) {
            in.placeOf(INITIAL).error("initial " + ValueTypes.format(retransmit.initial()) + " is longer than maximum "
                    + ValueTypes.format(retransmit.maximum()) + ", at most that expected");
        }
        return retransmit;
    }

    /** Who listens on {@code [::]} and names no IPv4 address with that port is heard over IPv4 too, as Linux has it: by a socket of its own. */
    private static List<InetSocketAddress> withIpv4(List<InetSocketAddress> listen) {
        List<InetSocketAddress> all = new ArrayList<>(listen);
        for (InetSocketAddress address : listen) {
            boolean any = address.getAddress() instanceof Inet6Address && address.getAddress().isAnyLocalAddress();
            if (any && all.stream().noneMatch(
                    other -> other.getPort() == address.getPort() && other.getAddress() instanceof Inet4Address)) {
                all.add(new InetSocketAddress(IpAddresses.ofInt(0), address.getPort()));
            }
        }
        return all;
    }
}

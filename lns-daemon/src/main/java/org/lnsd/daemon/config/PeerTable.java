package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;
import static org.lnsd.daemon.config.Effect.NEW_SESSIONS;

import org.lnsd.daemon.net.IpPrefix;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code [[l2tp.peer]]}. */
final class PeerTable {

    private static final Key<String> NAME = Key.required("name", ValueTypes.name(), "\"wholesale-a\"", LIVE,
            "what logs and lnsctl call this LAC");
    private static final Key<List<IpPrefix>> ADDRESS = Key.required("address",
            ValueTypes.nonEmptyList(ValueTypes.prefix()),
            "[\"192.0.2.0/24\", \"2001:db8:1::/48\"]", LIVE, "where it may come from");
    private static final Key<Glob> HOSTNAME = Key.of("hostname", ValueTypes.glob(), "\"*\"", LIVE,
            "glob on the LAC's Host Name AVP");
    private static final Key<Secret> SECRET = Key.optional("secret", ValueTypes.secret(), "\"...\"", NEW_SESSIONS,
            "the tunnel secret; absent: no tunnel authentication");
    private static final Key<Path> SECRET_FILE = Key.optional("secret-file", ValueTypes.path(),
            "\"/etc/lnsd/wholesale-a.secret\"", NEW_SESSIONS,
            "a file that holds the secret instead");
    private static final Key<Boolean> CHALLENGE = Key.of("challenge", ValueTypes.bool(), "true", NEW_SESSIONS,
            "with a secret: the LAC must prove that it knows it (we always answer its challenge)");
    private static final Key<Integer> MAXIMUM_TUNNELS = Key.of("maximum-tunnels", ValueTypes.integer(1, 65535), "64",
            LIVE, "tunnels at a time");
    private static final Key<Integer> MAXIMUM_SESSIONS = Key.of("maximum-sessions", ValueTypes.integer(1, 1_000_000),
            "60000", LIVE,
            "sessions at a time, over all its tunnels");
    private static final Key<String> POOL = Key.optional("pool", ValueTypes.name(), "\"wholesale-a\"", NEW_SESSIONS,
            "the pool of its sessions where authentication names none");

    private static final Key<Integer> MRU = Key.optional("mru", ValueTypes.integer(576, 16384), "1492", NEW_SESSIONS,
            "the MRU that its subscribers are offered; absent: that of [ppp]");
    private static final Key<AddressControl> ADDRESS_CONTROL = Key.of("address-control",
            ValueTypes.constant(AddressControl.class), "\"compressed\"", NEW_SESSIONS,
            "FF03 in front of frames to its subscribers: compressed (left out where they agree) | always");
    private static final Key<ProxyPolicy> PROXY = Key.optional("proxy", ValueTypes.constant(ProxyPolicy.class),
            "\"renegotiate\"", NEW_SESSIONS,
            "its proxied LCP and authentication: accept | renegotiate; absent: as in [ppp]");
    private static final Key<HiddenAvps> HIDDEN_AVPS = Key.optional("hidden-avps",
            ValueTypes.constant(HiddenAvps.class), "\"send\"", NEW_SESSIONS,
            "accept | send (also hide what it is sent); absent: as in [l2tp]");
    private static final Key<Integer> RECEIVE_WINDOW = Key.optional("receive-window", ValueTypes.integer(1, 32767),
            "16", NEW_SESSIONS, "control messages that it may have outstanding; absent: as in [l2tp]");
    private static final Key<Boolean> STRICT = Key.of("strict", ValueTypes.bool(), "false", NEW_SESSIONS,
            "a mandatory AVP that its message must not carry ends the session or tunnel, as an unknown one does");
    private static final Key<Long> RATE_UP = Key.optional("rate-up", ValueTypes.rate(), "\"900Mbit/s\"", LIVE,
            "limit from all its lines together, which share it fairly");
    private static final Key<Long> RATE_DOWN = Key.optional("rate-down", ValueTypes.rate(), "\"900Mbit/s\"", LIVE,
            "limit towards all its lines together, which share it fairly");

    static final TableSchema SCHEMA = new TableSchema("l2tp.peer", true, true,
            "A LAC that may open tunnels: the first entry that matches; none matches: refused.",
            List.of(NAME, ADDRESS, HOSTNAME, SECRET, SECRET_FILE, CHALLENGE, MAXIMUM_TUNNELS, MAXIMUM_SESSIONS, POOL,
                    MRU,
                    ADDRESS_CONTROL, PROXY, HIDDEN_AVPS, RECEIVE_WINDOW, STRICT, RATE_UP, RATE_DOWN));

    private PeerTable() {}

    static PeerConfig read(TableReader in) {
        Optional<Secret> secret = SecretReader.optional(in, SECRET, SECRET_FILE);
        return new PeerConfig(in.get(NAME), in.get(ADDRESS), in.get(HOSTNAME), secret, in.get(CHALLENGE),
                in.get(MAXIMUM_TUNNELS),
                in.get(MAXIMUM_SESSIONS), in.optional(POOL),
                new PeerTuning(in.optional(MRU), in.get(ADDRESS_CONTROL), in.optional(PROXY), in.optional(HIDDEN_AVPS),
                        in.optional(RECEIVE_WINDOW), in.get(STRICT)),
                in.optional(RATE_UP), in.optional(RATE_DOWN));
    }
}

package org.lnsd.daemon.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.lnsd.daemon.config.Effect.LIVE;

import org.lnsd.daemon.net.IpAddresses;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code [[radius.server]]}. */
final class RadiusServerTable {

    private static final Key<Integer> TLS_PORT = Key.of("port", ValueTypes.integer(1, 65535), "2083", LIVE,
            "TCP port");
    private static final Key<Path> TLS_AUTHORITY = Key.required("ca", ValueTypes.path(), "\"/etc/lnsd/radsec/ca.pem\"",
            LIVE,
            "authorities that the server's certificate is checked against (PEM)");
    private static final Key<Path> TLS_CERTIFICATE = Key.optional("certificate", ValueTypes.path(),
            "\"/etc/lnsd/radsec/client.pem\"", LIVE,
            "our certificate (PEM)");
    private static final Key<Path> TLS_KEY = Key.optional("key", ValueTypes.path(), "\"/etc/lnsd/radsec/client.key\"",
            LIVE,
            "its private key (PEM)");
    private static final Key<String> TLS_NAME = Key.optional("server-name", ValueTypes.name(), "\"radius.example.net\"",
            LIVE,
            "the name in the server's certificate");

    private static final Key<String> NAME = Key.optional("name", ValueTypes.name(), "\"radius-1\"", LIVE,
            "what logs and counters call it; absent: its address and port");
    private static final Key<InetAddress> ADDRESS = Key.required("address", ValueTypes.address(), "\"127.0.0.1\"",
            LIVE, "where it is");
    private static final Key<Integer> AUTHENTICATION_PORT = Key.of("authentication-port", ValueTypes.integer(0, 65535),
            "1812", LIVE,
            "UDP port; 0: not asked for authentication");
    private static final Key<Integer> ACCOUNTING_PORT = Key.of("accounting-port", ValueTypes.integer(0, 65535), "1813",
            LIVE,
            "UDP port; 0: gets no accounting");
    private static final Key<Secret> SECRET = Key.optional("secret", ValueTypes.secret(), "\"...\"", LIVE,
            "the shared secret");
    private static final Key<Path> SECRET_FILE = Key.optional("secret-file", ValueTypes.path(),
            "\"/etc/lnsd/radius.secret\"", LIVE,
            "a file that holds the secret instead");
    private static final Key<Integer> WEIGHT = Key.of("weight", ValueTypes.integer(1, 1000), "1", LIVE,
            "its share where requests are balanced");
    private static final Key<List<Glob>> REALMS = Key.of("realms", ValueTypes.list(ValueTypes.glob()), "[]", LIVE,
            "globs on the user's realm that it is for; empty: all");
    private static final Key<Boolean> STRIP_REALM = Key.of("strip-realm", ValueTypes.bool(), "false", LIVE,
            "tell it User-Name without the realm; not with mschapv2, whose response covers the name");
    private static final Key<Integer> MAXIMUM_IN_FLIGHT = Key.of("maximum-in-flight", ValueTypes.integer(1, 16384),
            "4096", LIVE,
            "most unanswered requests at a time; over TLS 256 at most");
    private static final Key<RadiusTlsConfig> TLS = Key.optional("tls",
            ValueTypes.table(List.of(TLS_PORT, TLS_AUTHORITY, TLS_CERTIFICATE, TLS_KEY, TLS_NAME),
                    RadiusServerTable::tls),
            "{ port = 2083, ca = \"/etc/lnsd/radsec/ca.pem\" }", LIVE, "RadSec (RFC 6614) instead of UDP");

    static final TableSchema SCHEMA = new TableSchema("radius.server", true, true, "A RADIUS server.",
            List.of(NAME, ADDRESS, AUTHENTICATION_PORT, ACCOUNTING_PORT, SECRET, SECRET_FILE, WEIGHT, REALMS,
                    STRIP_REALM, MAXIMUM_IN_FLIGHT, TLS));

    private static final String RADSEC_SECRET = "radsec";

    private RadiusServerTable() {}

    static RadiusServerConfig read(TableReader in) {
        // RFC 6614 section 2.3: over TLS the shared secret is "radsec".
        Secret secret = in.has(TLS) && !in.has(SECRET) && !in.has(SECRET_FILE)
                ? Secret.of(RADSEC_SECRET)
                : SecretReader.required(in, SECRET, SECRET_FILE);
        InetAddress address = in.get(ADDRESS);
        int authenticationPort = in.get(AUTHENTICATION_PORT);
        int accountingPort = in.get(ACCOUNTING_PORT);
        if (in.isRight(AUTHENTICATION_PORT) && in.isRight(ACCOUNTING_PORT) && authenticationPort == 0
                && accountingPort == 0) {
            in.placeOf(ACCOUNTING_PORT).error(
                    "authentication-port and accounting-port are 0, so the server is asked nothing; one of them expected");
        }
        String name = in.optional(NAME).orElse(IpAddresses.format(new InetSocketAddress(address, authenticationPort)));
        Optional<RadiusTlsConfig> tls = in.optional(TLS);
        tls.ifPresent(found -> checkFiles(in, found));
        return new RadiusServerConfig(name, address, authenticationPort, accountingPort, secret,
                in.get(WEIGHT), in.get(REALMS), in.get(STRIP_REALM), in.get(MAXIMUM_IN_FLIGHT), tls);
    }

    // Not where the inline table is read: its example in the reference names files that need not be there.
    private static void checkFiles(TableReader in, RadiusTlsConfig tls) {
        Place place = in.placeOf(TLS);
        checkReadable(place, TLS_AUTHORITY, tls.certificateAuthority());
        tls.certificate().ifPresent(file -> checkReadable(place, TLS_CERTIFICATE, file));
        tls.key().ifPresent(file -> checkReadable(place, TLS_KEY, file));
    }

    private static void checkReadable(Place place, Key<Path> key, Path file) {
        if (file.equals(key.type().placeholder())) {
            return; // an error already
        }
        try {
            if (BoundedFile.read(file, ISO_8859_1, RadiusTlsConfig.MAXIMUM_FILE_BYTES).isEmpty()) {
                place.error("tls: " + key.name() + " " + file + " is empty, a PEM file expected");
            }
        } catch (IOException unreadable) {
            place.error("tls: " + key.name() + " " + file + " " + Unreadable.describe(unreadable));
        }
    }

    private static RadiusTlsConfig tls(TableReader in) {
        if (in.has(TLS_CERTIFICATE) != in.has(TLS_KEY)) {
            in.place().error("tls: one of \"certificate\" and \"key\" is given, both or none expected");
        }
        return new RadiusTlsConfig(in.get(TLS_PORT), in.get(TLS_AUTHORITY), in.optional(TLS_CERTIFICATE),
                in.optional(TLS_KEY), in.optional(TLS_NAME));
    }
}

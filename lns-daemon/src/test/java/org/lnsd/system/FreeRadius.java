package org.lnsd.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * Debian's FreeRADIUS from a folder of its own, in a namespace or on this host's loopback: a users file decides, its detail file and
 * its log are what to assert against.
 */
public final class FreeRadius implements AutoCloseable {
    public static final String SECRET = "testing123-testing123";
    /** Of a configuration: the server where it is by default. */
    static final String SERVER = """
            [[radius.server]]
            address = "127.0.0.1"
            secret = "%s"
            """.formatted(SECRET);
    /** Of a configuration: radclient of the same host may change sessions. */
    static final String CHANGES = """
            [radius.dynamic-authorization]
            listen = "127.0.0.1:3799"
            clients = ["127.0.0.1/32"]
            secret = "change-it"
            """;

    private final Path folder;
    private final Optional<NetNamespace> namespace;
    private final boolean verbose;
    private Process process;

    /** What a server is to be. */
    public static final class Builder {
        private final Path folder;
        private final Optional<NetNamespace> namespace;
        private String address = "127.0.0.1";
        private int port = 1812;
        private String users = "";
        private boolean signs = true;
        private boolean verbose = true;
        private String outside = "";
        private String listeners = "";
        private String control = "";
        private boolean proxies;

        private Builder(Path folder, Optional<NetNamespace> namespace) {
            this.folder = folder;
            this.namespace = namespace;
        }

        /** Where it listens: authentication at the port, accounting at the next. */
        public Builder at(String listenAddress, int authenticationPort) {
            address = listenAddress;
            port = authenticationPort;
            return this;
        }

        /** The users file: entries with check items, then indented reply items. */
        public Builder users(String text) {
            users = text;
            return this;
        }

        /** Its answers carry no Message-Authenticator. */
        public Builder unsigned() {
            signs = false;
            return this;
        }

        /** Neither logs nor writes down requests: for many of them. */
        public Builder quiet() {
            verbose = false;
            return this;
        }

        /** Further lists of clients, home servers and realms. */
        public Builder outside(String text) {
            outside += text;
            return this;
        }

        /** Further listeners and sections of the virtual server. */
        public Builder listeners(String text) {
            listeners += text;
            return this;
        }

        /** Sends all requests on to another server. */
        Builder proxyTo(String homeAddress, int homePort) {
            proxies = true;
            control = "update control {\n Proxy-To-Realm := \"home\"\n }";
            return outside("""
                    home_server auth {
                        type = auth
                        ipaddr = %1$s
                        port = %2$d
                        secret = %4$s
                    }
                    home_server acct {
                        type = acct
                        ipaddr = %1$s
                        port = %3$d
                        secret = %4$s
                    }
                    home_server_pool auth {
                        home_server = auth
                    }
                    home_server_pool acct {
                        home_server = acct
                    }
                    realm home {
                        auth_pool = auth
                        acct_pool = acct
                        nostrip
                    }
                    """.formatted(homeAddress, homePort, homePort + 1, SECRET));
        }

        /** Sends CoA- and Disconnect-Requests that come to {@code relayPort} on to a NAS (RFC 5176 section 3.1). */
        Builder relayChanges(int relayPort, String nasAddress, int nasPort, String nasSecret) {
            proxies = true;
            outside("""
                    home_server nas {
                        type = coa
                        ipaddr = %s
                        port = %d
                        secret = %s
                    }
                    home_server_pool nas {
                        type = fail-over
                        home_server = nas
                    }
                    """.formatted(nasAddress, nasPort, nasSecret));
            return listeners("""
                    listen {
                        type = coa
                        ipaddr = %s
                        port = %d
                    }
                    recv-coa {
                        update control {
                            Home-Server-Pool := "nas"
                        }
                        ok
                    }
                    # FreeRADIUS 3.2.1 signs the answers that it relays wrongly.
                    send-coa {
                        update reply {
                            Message-Authenticator !* ANY
                        }
                        ok
                    }
                    """.formatted(address, relayPort));
        }

        /** Writes its files and starts it. */
        public FreeRadius start() {
            write();
            return new FreeRadius(folder, namespace, verbose);
        }

        private void write() {
            Commands.write(folder.resolve("radiusd.conf"), configuration());
            Commands.write(folder.resolve("users"), users);
            Commands.write(folder.resolve("dictionary"), "");
        }

        private String configuration() {
            String signing = signs ? "update reply {\n Message-Authenticator := 0x00\n }" : "";
            return """
                    prefix = /usr
                    logdir = %1$s
                    raddbdir = %1$s
                    run_dir = %1$s
                    pidfile = %1$s/radiusd.pid
                    libdir = /usr/lib/freeradius
                    proxy_requests = %2$s
                    max_request_time = 10
                    max_requests = 65536
                    security {
                        max_attributes = 400
                        reject_delay = 0
                        status_server = yes
                        allow_core_dumps = no
                    }
                    thread pool {
                        start_servers = 2
                        max_servers = 8
                        min_spare_servers = 1
                        max_spare_servers = 4
                        max_requests_per_server = 0
                    }
                    client any {
                        ipaddr = 0.0.0.0/0
                        secret = %3$s
                        require_message_authenticator = no
                    }
                    modules {
                        pap {
                        }
                        chap {
                        }
                        mschap {
                            use_mppe = no
                        }
                        files {
                            filename = %1$s/users
                        }
                        detail {
                            filename = %1$s/detail
                            permissions = 0600
                            locking = no
                        }
                        detail auth_log {
                            filename = %1$s/requests
                            permissions = 0600
                            locking = no
                        }
                        always ok {
                            rcode = ok
                        }
                    }
                    """.formatted(folder, proxies ? "yes" : "no", SECRET) + outside + """
                    server default {
                        listen {
                            type = auth
                            ipaddr = %1$s
                            port = %2$d
                        }
                        listen {
                            type = acct
                            ipaddr = %1$s
                            port = %3$d
                        }
                        authorize {
                            %4$s
                            chap
                            mschap
                            %6$s
                            files
                            pap
                        }
                        authenticate {
                            Auth-Type PAP {
                                pap
                            }
                            Auth-Type CHAP {
                                chap
                            }
                            Auth-Type MS-CHAP {
                                mschap
                            }
                        }
                        post-auth {
                            %5$s
                            Post-Auth-Type REJECT {
                                %5$s
                            }
                        }
                        preacct {
                            ok
                            %6$s
                        }
                        accounting {
                            detail
                        }
                    """.formatted(address, port, port + 1, verbose ? "auth_log" : "", signing, control) + listeners
                    + "}\n";
        }
    }

    /** A server on this host. */
    public static Builder local(Path folder) {
        return new Builder(folder, Optional.empty());
    }

    /** A server in a namespace. */
    static Builder in(NetNamespace namespace, Path folder) {
        return new Builder(folder, Optional.of(namespace));
    }

    /** A server with the usual ports in a namespace. */
    static FreeRadius in(NetNamespace namespace, Path folder, String users) {
        return in(namespace, folder).users(users).start();
    }

    /** Debian's own configuration with the example site of packaging/examples/freeradius in it, as its README says, untouched. */
    static FreeRadius example(NetNamespace namespace, Path folder) {
        Path example = Path.of("../packaging/examples/freeradius").toAbsolutePath();
        Commands.must("sh", "-c", """
                set -e
                cp -a /etc/freeradius/3.0/. %1$s/
                cd %1$s
                rm -f sites-enabled/* mods-enabled/eap
                cp %2$s/lnsd sites-enabled/
                cat %2$s/clients.conf >>clients.conf
                cp %2$s/users mods-config/files/authorize
                sed -i -e 's|^logdir = .*|logdir = %1$s|' -e 's|^raddbdir = .*|raddbdir = %1$s|' \
                    -e 's|^run_dir = .*|run_dir = %1$s|' -e '/^[[:space:]]*\\(user\\|group\\) = freerad/d' radiusd.conf
                """.formatted(folder, example));
        return new FreeRadius(folder, Optional.of(namespace), true);
    }

    private FreeRadius(Path folder, Optional<NetNamespace> namespace, boolean verbose) {
        this.folder = folder;
        this.namespace = namespace;
        this.verbose = verbose;
        this.process = launch();
    }

    /** A server with everything usual. */
    FreeRadius(NetNamespace namespace, Path folder, String address, int authenticationPort, int accountingPort,
            String users) {
        if (accountingPort != authenticationPort + 1) {
            throw new IllegalArgumentException("accounting port " + accountingPort);
        }
        in(namespace, folder).at(address, authenticationPort).users(users).write();
        this(folder, Optional.of(namespace), true);
    }

    private Process launch() {
        Path log = folder.resolve("radiusd.log");
        int before = log().length();
        List<String> command = new ArrayList<>(List.of("freeradius", "-f", "-l", "stdout", "-d", folder.toString()));
        if (verbose) {
            command.add("-xx");
        }
        Process started = namespace.isPresent()
                ? namespace.get().start(log, command.toArray(String[]::new))
                : Commands.start(command, log);
        Awaitility.await("FreeRADIUS is ready, see " + log).atMost(30, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> !started.isAlive() || log().indexOf("Ready to process requests", before) >= 0);
        if (!started.isAlive()) {
            throw new AssertionError("FreeRADIUS ended: " + log());
        }
        return started;
    }

    /** Ends it and starts it again with the same files. */
    public void restart() {
        close();
        process = launch();
    }

    /** The accounting records so far, in the order of their coming; values without quotes, several of a name joined by a space. */
    public List<Map<String, String>> accounting() {
        return records(folder.resolve("detail"));
    }

    /** The same where Debian's configuration puts them: a file for each client and day. */
    List<Map<String, String>> accountingByClient() {
        try (Stream<Path> files = Files.walk(folder.resolve("radacct"))) {
            return files.filter(Files::isRegularFile).sorted().flatMap(file -> records(file).stream()).toList();
        } catch (IOException absent) {
            return List.of();
        }
    }

    /** The Access-Requests so far, in the same form. */
    public List<Map<String, String>> requests() {
        return records(folder.resolve("requests"));
    }

    private static List<Map<String, String>> records(Path file) {
        List<Map<String, String>> records = new ArrayList<>();
        Map<String, String> record = new LinkedHashMap<>();
        for (String line : Commands.text(file).lines().toList()) {
            int equals = line.indexOf(" = ");
            if (line.startsWith("\t") && equals > 0) {
                record.merge(line.substring(1, equals).strip(), line.substring(equals + 3).replaceAll("^\"|\"$", ""),
                        (former, next) -> former + " " + next);
            } else if (line.isBlank() && !record.isEmpty()) {
                records.add(record);
                record = new LinkedHashMap<>();
            }
        }
        return records;
    }

    /** Waits for the first accounting record of a user with this Acct-Status-Type. */
    Map<String, String> awaitAccounting(String user, String statusType) {
        return Awaitility.await("Accounting " + statusType + " of " + user + " in " + folder.resolve("detail"))
                .atMost(30, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> accounting().stream()
                        .filter(r -> user.equals(r.get("User-Name")) && statusType.equals(r.get("Acct-Status-Type")))
                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The first Access-Request of a user. */
    Map<String, String> request(String user) {
        return requests().stream().filter(r -> user.equals(r.get("User-Name"))).findFirst()
                .orElseThrow(() -> new AssertionError("no request of " + user + " in " + folder.resolve("requests")));
    }

    /** What the server logged about requests, with every attribute. */
    public String log() {
        return Commands.text(folder.resolve("radiusd.log"));
    }

    @Override
    public void close() { Commands.end(process); }
}

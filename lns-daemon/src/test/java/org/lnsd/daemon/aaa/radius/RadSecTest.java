package org.lnsd.daemon.aaa.radius;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.daemon.aaa.radius.FreeRadiusTest.ask;
import static org.lnsd.daemon.aaa.radius.FreeRadiusTest.freePort;
import static org.lnsd.daemon.aaa.radius.FreeRadiusTest.pap;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.config.NodeConfig;
import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.daemon.config.RadiusServerConfig;
import org.lnsd.daemon.config.RadiusTlsConfig;
import org.lnsd.daemon.config.Secret;
import org.lnsd.system.FreeRadius;

/** RADIUS over TLS (RFC 6614) with a real FreeRADIUS and a chain of certificates made by openssl. */
@Tag("system")
class RadSecTest {
    private static final Pattern CERTIFICATE_REFUSED = Pattern.compile("alert.*certificate.unknown",
            Pattern.CASE_INSENSITIVE);
    private static final String USERS = "alice Cleartext-Password := \"wonderland\"\n";

    @TempDir
    Path folder;

    @BeforeEach
    void makeCertificates() throws Exception {
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem");
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout other.key -out other.pem");
        for (String name : List.of("server", "client")) {
            openssl("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -keyout " + name + ".key -out " + name
                    + ".csr");
            Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=IP:127.0.0.1\n");
            openssl("x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile " + name
                    + ".ext -out " + name + ".pem");
        }
    }

    @Test
    void asksOverTlsAndConnectsAgainAfterTheServersRestart() throws Exception {
        int port = freePort();
        int tlsPort = freePort();
        try (FreeRadius server = server(port, tlsPort); RadiusAaa aaa = aaa(port, tlsPort, "ca.pem")) {
            awaitAlive(aaa);
            assertThat(ask(aaa, pap("alice", "wonderland"))).isInstanceOf(AccessVerdict.Accept.class);
            assertThat(ask(aaa, pap("alice", "looking-glass"))).isInstanceOf(AccessVerdict.Reject.class);
            aaa.nodeUp();
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> !server.accounting().isEmpty());
            server.restart();
            assertThat(ask(aaa, pap("alice", "wonderland"))).isInstanceOf(AccessVerdict.Accept.class);
        }
    }

    @Test
    void refusesACertificateOfAnotherAuthority() throws Exception {
        int port = freePort();
        int tlsPort = freePort();
        CompletableFuture<AccessVerdict> verdict;
        try (FreeRadius server = server(port, tlsPort); RadiusAaa aaa = aaa(port, tlsPort, "other.pem")) {
            verdict = FreeRadiusTest.askLater(aaa, pap("alice", "wonderland"));
            Awaitility.await("lnsd ends the handshakes").atMost(20, TimeUnit.SECONDS)
                    .until(() -> CERTIFICATE_REFUSED.matcher(server.log()).find());
            assertThat(verdict).isNotDone();
            assertThat(aaa.authenticationStatistics().getFirst().alive()).isFalse();
        }
        assertThat(verdict.join()).isInstanceOf(AccessVerdict.Unavailable.class);
    }

    private static void awaitAlive(RadiusAaa aaa) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS)
                .until(() -> aaa.authenticationStatistics().getFirst().alive());
    }

    private FreeRadius server(int port,
            int tlsPort) { return FreeRadius.local(folder).at("127.0.0.1", port).users(USERS).outside("""
                clients radsec {
                    client local {
                        ipaddr = 127.0.0.1
                        proto = tls
                        secret = radsec
                        require_message_authenticator = yes
                    }
                }
                """).listeners("""
                listen {
                    type = auth+acct
                    ipaddr = 127.0.0.1
                    port = %2$d
                    proto = tcp
                    clients = radsec
                    tls {
                        private_key_file = %1$s/server.key
                        certificate_file = %1$s/server.pem
                        ca_file = %1$s/ca.pem
                        tls_min_version = "1.2"
                        tls_max_version = "1.3"
                        cipher_list = "DEFAULT"
                        ecdh_curve = ""
                        require_client_cert = yes
                        fragment_size = 8192
                    }
                }
                """.formatted(folder, tlsPort)).start(); }

    private RadiusAaa aaa(int port, int tlsPort, String authority) {
        RadiusTlsConfig tls = new RadiusTlsConfig(tlsPort, folder.resolve(authority),
                Optional.of(folder.resolve("client.pem")), Optional.of(folder.resolve("client.key")), Optional.empty());
        RadiusServerConfig server = new RadiusServerConfig("tls", InetAddress.getLoopbackAddress(), port, port + 1,
                Secret.of("radsec"), 1, List.of(), false, 256, Optional.of(tls));
        RadiusConfig plain = FreeRadiusTest.config(Duration.ofSeconds(1), List.of(port));
        RadiusConfig config = new RadiusConfig(plain.nasIpAddress(), plain.sourceAddress(), true, plain.timeout(), 3,
                plain.interimInterval(), true, plain.policy(), plain.deadTime(), true, plain.spoolMaximumBytes(),
                List.of(server), plain.users(), Optional.empty());
        return new RadiusAaa(config, new NodeConfig("lns-test", folder.resolve("state")), new SecureRandom());
    }

    private void openssl(String arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(folder.resolve("openssl.log").toFile()).start();
        assertThat(process.waitFor()).as(arguments).isZero();
    }
}

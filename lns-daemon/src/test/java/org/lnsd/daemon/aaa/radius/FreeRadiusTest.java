package org.lnsd.daemon.aaa.radius;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lnsd.daemon.aaa.AccessLine;
import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.AccountingSession;
import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.aaa.SessionIdentity;
import org.lnsd.daemon.aaa.SessionUsage;
import org.lnsd.daemon.aaa.SubscriberCredentials;
import org.lnsd.daemon.aaa.TerminateCause;
import org.lnsd.daemon.aaa.TunnelIdentity;
import org.lnsd.daemon.config.NodeConfig;
import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.daemon.config.RadiusPolicy;
import org.lnsd.daemon.config.RadiusServerConfig;
import org.lnsd.daemon.config.Secret;
import org.lnsd.daemon.config.UserPolicy;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.system.FreeRadius;

/** Authentication and accounting against a real FreeRADIUS on loopback; what it wrote down is what counts. */
@Tag("system")
class FreeRadiusTest {
    private static final String USERS = """
            alice Cleartext-Password := "wonderland"
                Framed-IP-Address = 203.0.113.7, Framed-IP-Netmask = 255.255.255.255,
                Framed-Route = "198.51.100.0/24 0.0.0.0 7", Framed-Route += "192.0.2.8/29 0.0.0.0",
                Framed-Pool = "gold", Framed-MTU = 1492, Filter-Id = "web.in", Filter-Id += "web.out",
                Class = 0x6f6e65, Class += 0x74776f, Session-Timeout = 86400, Idle-Timeout = 600,
                Termination-Action = RADIUS-Request, Acct-Interim-Interval = 1, Port-Limit = 2,
                Reply-Message = "welcome", Chargeable-User-Identity = "cui-1",
                MS-Primary-DNS-Server = 192.0.2.53, MS-Secondary-DNS-Server = 192.0.2.54,
                Framed-IPv6-Prefix = 2001:db8:1::/64, Delegated-IPv6-Prefix = 2001:db8:2::/56,
                Framed-IPv6-Address = 2001:db8:3::1, Framed-IPv6-Route = "2001:db8:9::/48 :: 1",
                Framed-IPv6-Pool = "v6", Delegated-IPv6-Prefix-Pool = "pd", Stateful-IPv6-Address-Pool = "na",
                DNS-Server-IPv6-Address = 2001:db8::53, Framed-Interface-Id = 0:0:0:1,
                Cisco-AVPair = "lcp:interface-config#1=rate-limit output 20000000 3750000 7500000 conform-action transmit exceed-action drop",
                WISPr-Bandwidth-Max-Up = 5000000
            special Cleartext-Password := "x"
                Framed-IP-Address = 255.255.255.254
            """;

    @TempDir
    Path folder;

    @Test
    void takesEveryAttributeOfAnAcceptAndTellsEveryAttributeOfTheLine() throws Exception {
        int port = freePort();
        try (FreeRadius server = server(port).start();
                RadiusAaa aaa = new RadiusAaa(config(Duration.ofSeconds(3), List.of(port)), node(),
                        new SecureRandom())) {
            for (SubscriberCredentials credentials : List.of(pap("alice", "wonderland"), chap("alice", "wonderland"))) {
                AccessVerdict verdict = ask(aaa, credentials);
                assertThat(verdict).isInstanceOf(AccessVerdict.Accept.class);
                assertProfile(((AccessVerdict.Accept) verdict).profile());
                assertThat(((AccessVerdict.Accept) verdict).message()).isEqualTo("welcome");
            }
            assertThat(ask(aaa, pap("alice", "looking-glass"))).isInstanceOf(AccessVerdict.Reject.class);
            assertThat(ask(aaa, chap("alice", "looking-glass"))).isInstanceOf(AccessVerdict.Reject.class);
            assertThat(((AccessVerdict.Accept) ask(aaa, pap("special", "x"))).profile().ipv4FromPool()).isTrue();
            assertRequest(server.requests().getFirst());
        }
    }

    @Test
    void accountsStartInterimAndStop() throws Exception {
        int port = freePort();
        try (FreeRadius server = server(port).start();
                RadiusAaa aaa = new RadiusAaa(config(Duration.ofSeconds(3), List.of(port)), node(),
                        new SecureRandom())) {
            aaa.nodeUp();
            Profile profile = ((AccessVerdict.Accept) ask(aaa, pap("alice", "wonderland"))).profile();
            AccountingSubject subject = new AccountingSubject("alice", identity(), profile,
                    AccountingSubject.Authentic.RADIUS);
            SessionUsage usage = new SessionUsage(5_000_000_000L, 9_000_000_001L, 7, 8, 0, 0, 0, 0, 2);
            AccountingSession session = aaa.accounting(subject, () -> usage, Runnable::run);
            session.start(addresses());
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> statuses(server).contains("Interim-Update"));
            session.stop(TerminateCause.IDLE_TIMEOUT, usage);
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> statuses(server).contains("Stop"));
            assertThat(statuses(server)).startsWith("Accounting-On", "Start", "Interim-Update").endsWith("Stop");
            Map<String, String> stop = server.accounting().getLast();
            assertRequest(stop);
            assertThat(stop).containsEntry("Acct-Input-Octets", "705032704").containsEntry("Acct-Input-Gigawords", "1")
                    .containsEntry("Acct-Output-Octets", "410065409").containsEntry("Acct-Output-Gigawords", "2")
                    .containsEntry("Acct-Input-Packets", "7").containsEntry("Acct-Output-Packets", "8")
                    .containsEntry("Acct-Terminate-Cause", "Idle-Timeout").containsEntry("Class", "0x6f6e65 0x74776f")
                    .containsEntry("Chargeable-User-Identity", "0x6375692d31")
                    .containsEntry("Framed-IP-Address", "203.0.113.7").containsEntry("Acct-Authentic", "RADIUS")
                    .containsEntry("Framed-IPv6-Prefix", "2001:db8:1::/64")
                    .containsEntry("Delegated-IPv6-Prefix", "2001:db8:2::/56")
                    .containsEntry("Framed-Interface-Id", "0:0:0:1").containsEntry("Acct-Delay-Time", "0")
                    .containsKeys("Event-Timestamp", "Acct-Session-Time", "Framed-Route");
        }
        assertThat(folder.resolve("detail")).content().contains("Accounting-Off");
    }

    @Test
    void passesADeadServerOver() throws Exception {
        int port = freePort();
        try (FreeRadius _ = server(port).start();
                ServerSocket dead = new ServerSocket(0);
                RadiusAaa aaa = new RadiusAaa(config(Duration.ofSeconds(3), List.of(dead.getLocalPort(), port)), node(),
                        new SecureRandom())) {
            long startNs = System.nanoTime();
            assertThat(ask(aaa, pap("alice", "wonderland"))).isInstanceOf(AccessVerdict.Accept.class);
            assertThat(System.nanoTime() - startNs).isLessThan(3_000_000_000L);
        }
    }

    @Test
    void takesOverOtherServersAtOnceAndTellsThemNoRealm() throws Exception {
        int port = freePort();
        try (FreeRadius server = server(port).start();
                ServerSocket dead = new ServerSocket(0);
                RadiusAaa aaa = new RadiusAaa(config(Duration.ofMillis(100), List.of(dead.getLocalPort())), node(),
                        new SecureRandom())) {
            assertThat(ask(aaa, pap("alice", "wonderland"))).isInstanceOf(AccessVerdict.Unavailable.class);
            RadiusConfig other = config(Duration.ofSeconds(3), List.of(port));
            RadiusServerConfig named = other.servers().getFirst();
            aaa.reconfigure(new RadiusConfig(other.nasIpAddress(), other.sourceAddress(), true, other.timeout(), 3,
                    other.interimInterval(), true, other.policy(), other.deadTime(), true, other.spoolMaximumBytes(),
                    List.of(new RadiusServerConfig("stripped", named.address(), port, port + 1, named.secret(), 1,
                            List.of(), true, 1, Optional.empty())),
                    other.users(), Optional.empty()));
            assertThat(ask(aaa, pap("alice@example.net", "wonderland"))).isInstanceOfSatisfying(
                    AccessVerdict.Accept.class,
                    accept -> assertThat(accept.user()).isEqualTo("alice@example.net"));
            assertThat(server.requests().getLast()).containsEntry("User-Name", "alice");
        }
    }

    // CVE-2024-3596
    @Test
    void doesNotBelieveAServerThatDoesNotSign() throws Exception {
        int port = freePort();
        try (FreeRadius _ = server(port).unsigned().start();
                RadiusAaa aaa = new RadiusAaa(config(Duration.ofMillis(200), List.of(port)), node(),
                        new SecureRandom())) {
            assertThat(ask(aaa, pap("alice", "wonderland"))).isInstanceOf(AccessVerdict.Unavailable.class);
            Awaitility.await().atMost(5, TimeUnit.SECONDS)
                    .until(() -> aaa.authenticationStatistics().getFirst().missingAuthenticators() >= 3);
        }
    }

    private static void assertProfile(Profile profile) {
        assertThat(profile.ipv4()).hasValue(ipv4("203.0.113.7"));
        assertThat(profile.ipv4Netmask()).hasValue(ipv4("255.255.255.255"));
        assertThat(profile.ipv4Routes()).extracting(route -> route.prefix() + " " + route.metric())
                .containsExactly("198.51.100.0/24 7", "192.0.2.8/29 0");
        assertThat(profile.pool()).hasValue("gold");
        assertThat(profile.mtu()).hasValue(1492);
        assertThat(profile.filterIn()).hasValue("web");
        assertThat(profile.filterOut()).hasValue("web");
        assertThat(profile.classes()).containsExactly("one".getBytes(US_ASCII), "two".getBytes(US_ASCII));
        assertThat(profile.sessionTimeout()).hasValue(Duration.ofDays(1));
        assertThat(profile.idleTimeout()).hasValue(Duration.ofMinutes(10));
        assertThat(profile.terminateAfterTimeout()).isEqualTo(Profile.TerminationAction.RADIUS_REQUEST);
        assertThat(profile.interimInterval()).hasValue(Duration.ofSeconds(1));
        assertThat(profile.portLimit()).hasValue(2);
        assertThat(profile.chargeableUserIdentity()).hasValue("cui-1".getBytes(US_ASCII));
        assertThat(profile.dns4()).containsExactly(ipv4("192.0.2.53"), ipv4("192.0.2.54"));
        assertThat(profile.ipv6Prefixes()).containsExactly(IpPrefix.parse("2001:db8:1::/64"));
        assertThat(profile.delegatedPrefixes()).containsExactly(IpPrefix.parse("2001:db8:2::/56"));
        assertThat(profile.ipv6Addresses()).hasSize(1);
        assertThat(profile.ipv6Routes()).singleElement()
                .satisfies(route -> assertThat(route.prefix()).isEqualTo(IpPrefix.parse("2001:db8:9::/48")));
        assertThat(profile.ipv6Pool()).hasValue("v6");
        assertThat(profile.delegatedPool()).hasValue("pd");
        assertThat(profile.ipv6AddressPool()).hasValue("na");
        assertThat(profile.dns6()).hasSize(1);
        assertThat(profile.ipv6InterfaceId()).hasValue(1L);
        assertThat(profile.rateDown()).hasValue(new RateLimit(20_000_000, 3_750_000));
        assertThat(profile.rateUp()).hasValue(new RateLimit(5_000_000, 0));
    }

    private static void assertRequest(Map<String, String> request) {
        assertThat(request).containsEntry("User-Name", "alice").containsEntry("NAS-Identifier", "lns-test")
                .containsEntry("NAS-IP-Address", "192.0.2.10").containsEntry("NAS-Port", "65537")
                .containsEntry("NAS-Port-Type", "Virtual").containsEntry("NAS-Port-Id", "wholesale:1/1")
                .containsEntry("Service-Type", "Framed-User").containsEntry("Framed-Protocol", "PPP")
                .containsEntry("Called-Station-Id", "0800").containsEntry("Calling-Station-Id", "circuit-7")
                .containsEntry("Acct-Session-Id", "S1").containsEntry("Connect-Info", "80000000/20000000")
                .containsEntry("Tunnel-Type:0", "L2TP").containsEntry("Tunnel-Medium-Type:0", "IPv4")
                .containsEntry("Tunnel-Client-Endpoint:0", "192.0.2.1")
                .containsEntry("Tunnel-Server-Endpoint:0", "192.0.2.10")
                .containsEntry("Tunnel-Client-Auth-Id:0", "lac").containsEntry("Tunnel-Server-Auth-Id:0", "lns-test")
                .containsEntry("Tunnel-Assignment-Id:0", "wholesale").containsEntry("Acct-Tunnel-Connection", "4711")
                .containsEntry("ADSL-Agent-Circuit-Id", "0x64736c616d2d3120312f322f33")
                .containsEntry("Actual-Data-Rate-Upstream", "20000000");
    }

    private static List<String> statuses(FreeRadius server) {
        return server.accounting().stream().map(record -> record.getOrDefault("Acct-Status-Type", "")).toList();
    }

    static AccessVerdict ask(RadiusAaa aaa, SubscriberCredentials credentials) {
        return askLater(aaa, credentials).orTimeout(40, TimeUnit.SECONDS).join();
    }

    static CompletableFuture<AccessVerdict> askLater(RadiusAaa aaa, SubscriberCredentials credentials) {
        CompletableFuture<AccessVerdict> verdict = new CompletableFuture<>();
        aaa.authenticate(new AccessRequest(credentials, identity()), verdict::complete, Runnable::run);
        return verdict;
    }

    static SubscriberCredentials pap(String user, String password) {
        return new SubscriberCredentials.Pap(user, password.getBytes(US_ASCII));
    }

    private static SubscriberCredentials chap(String user, String password) throws Exception {
        byte[] challenge = "0123456789abcdef".getBytes(US_ASCII);
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        md5.update((byte) 9);
        md5.update(password.getBytes(US_ASCII));
        return new SubscriberCredentials.Chap(user, 9, challenge, md5.digest(challenge));
    }

    static SessionIdentity identity() {
        TunnelIdentity tunnel = new TunnelIdentity("192.0.2.1", "192.0.2.10", "lac", "lns-test", "wholesale");
        AccessLine line = new AccessLine(Optional.of(Octets.ofText("dslam-1 1/2/3")), Optional.empty(),
                Map.of(129, 20_000_000L),
                Optional.empty(), false);
        return new SessionIdentity("S1", "", 65537, "0800", "circuit-7", 4711, 80_000_000, 20_000_000, tunnel, line);
    }

    private static SessionAddresses addresses() {
        return new SessionAddresses(Optional.of(ipv4("203.0.113.7")), OptionalLong.of(1),
                List.of(IpPrefix.parse("2001:db8:1::/64")), List.of(IpPrefix.parse("2001:db8:2::/56")), List.of());
    }

    private FreeRadius.Builder server(int port) { return FreeRadius.local(folder).at("127.0.0.1", port).users(USERS); }

    private NodeConfig node() { return new NodeConfig("lns-test", folder.resolve("state")); }

    static RadiusConfig config(Duration timeout, List<Integer> ports) {
        List<RadiusServerConfig> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(new RadiusServerConfig("server-" + port, InetAddress.getLoopbackAddress(), port, port + 1,
                    Secret.of(FreeRadius.SECRET), 1, List.of(), false, 4096, Optional.empty()));
        }
        return new RadiusConfig(Optional.of(ipv4("192.0.2.10")), Optional.empty(), true, timeout, 3,
                Duration.ofMinutes(10), true, RadiusPolicy.ORDERED, Duration.ofSeconds(30), true, 1 << 26, servers,
                UserPolicy.FIRST,
                Optional.empty());
    }

    /** An even port that is free for UDP and TCP, and the next one. */
    static int freePort() throws Exception {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0);
                    DatagramSocket first = new DatagramSocket(null);
                    DatagramSocket second = new DatagramSocket(null)) {
                int port = tcp.getLocalPort() & ~1;
                first.bind(new InetSocketAddress(port));
                second.bind(new InetSocketAddress(port + 1));
                return port;
            } catch (BindException _) {
                // Somebody has one of the two: try others.
            }
        }
    }

    private static Inet4Address ipv4(String text) { return Inet4Address.ofLiteral(text); }
}

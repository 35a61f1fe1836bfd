package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The whole daemon with a real FreeRADIUS: what the server wrote down about sessions, and what radclient can do with them. */
@Tag("system")
@TestInstance(Lifecycle.PER_CLASS)
class RadiusSessionsTest {
    private static final String USERS = """
            full@example.net Cleartext-Password := "wonderland"
                Framed-IP-Address = 203.0.113.7, Framed-Route = "203.0.113.64/29 0.0.0.0 1", Class = 0x6f6e65,
                Class += 0x74776f, Chargeable-User-Identity = "cui-1", Session-Timeout = 3600
            short@example.net Cleartext-Password := "wonderland"
                Session-Timeout = 2
            idle@example.net Cleartext-Password := "wonderland"
                Idle-Timeout = 2
            DEFAULT User-Name =~ "^disconnect", Cleartext-Password := "wonderland"
                Class = "class of %{User-Name}", Chargeable-User-Identity = "identity of %{User-Name}"
            renewed@example.net Cleartext-Password := "wonderland"
                Session-Timeout = 2, Termination-Action = RADIUS-Request, State = 0x010203
            DEFAULT Cleartext-Password := "wonderland"
                Service-Type = Framed-User
            """;
    private static final String CONFIGURATION = Site.PEER + """
            [ppp]
            authentication = ["pap", "chap", "mschapv2"]
            address = "100.64.0.1"
            duplicate-logins = "replace"
            missing-filter = "refuse"
            [[filter]]
            name = "closed"
            rules = ["deny icmp any any", "permit any"]
            [[filter]]
            name = "open"
            rules = ["permit any"]
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            ipv6-prefix = "2001:db8:100::/48"
            ipv6-delegated = { prefix = "2001:db8:4000::/40", length = 56 }
            [[user]]
            name = "embedded@example.net"
            password = "wonderland"
            [radius]
            timeout = "2s"
            nas-ip-address = "192.0.2.10"
            """ + FreeRadius.SERVER + FreeRadius.CHANGES;

    private final AtomicInteger namespaces = new AtomicInteger();
    private final Site site = new Site(namespaces, "radius-sessions");
    private NetNamespace access;
    private FreeRadius radius;
    private Lnsd lnsd;
    private int lastTunnelId = 500;

    @BeforeAll
    void start() {
        access = site.lac();
        radius = site.closing(FreeRadius.in(site.lns(), site.folder("radius"), USERS));
        site.closing(FreeRadius.in(site.lns(), site.folder("relay")).at("127.0.0.1", 2812)
                .relayChanges(3800, "127.0.0.1", 3799, "change-it").start());
        lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), CONFIGURATION));
    }

    @AfterAll
    void stop() { site.closeWithoutDefect(lnsd); }

    private SubscriberLine open(String user) { return SubscriberLine.open(access, ++lastTunnelId, user); }

    // RFC 2865 section 5, RFC 2866 section 5, RFC 2868 section 3
    @Test
    void theServerIsToldEverythingAboutTheLineAndEveryOctet() {
        try (SubscriberLine line = open("full@example.net")) {
            Map<String, String> start = radius.awaitAccounting("full@example.net", "Start");
            line.ping(7);
            line.terminate();
            Map<String, String> stop = radius.awaitAccounting("full@example.net", "Stop");
            Map<String, String> request = radius.requests().stream()
                    .filter(r -> "full@example.net".equals(r.get("User-Name"))).findFirst().orElseThrow();
            String nasPort = String.valueOf(((long) line.peerTunnelId() << 16) + line.peerSession());
            for (Map<String, String> record : List.of(request, start, stop)) {
                assertThat(record).containsEntry("NAS-IP-Address", "192.0.2.10")
                        .containsEntry("NAS-Identifier", "lns.test").containsEntry("NAS-Port", nasPort)
                        .containsEntry("NAS-Port-Type", "Virtual")
                        .containsEntry("NAS-Port-Id",
                                "wholesale:" + line.peerTunnelId() + "/" + line.peerSession())
                        .containsEntry("Service-Type", "Framed-User").containsEntry("Framed-Protocol", "PPP")
                        .containsEntry("Called-Station-Id", SubscriberLine.CALLED_NUMBER)
                        .containsEntry("Calling-Station-Id", SubscriberLine.callingNumber(lastTunnelId))
                        .containsEntry("Connect-Info", "80000000/20000000")
                        .containsEntry("Tunnel-Type:0", "L2TP").containsEntry("Tunnel-Medium-Type:0", "IPv4")
                        .containsEntry("Tunnel-Client-Endpoint:0", Site.LAC)
                        .containsEntry("Tunnel-Server-Endpoint:0", Site.LNS)
                        .containsEntry("Tunnel-Client-Auth-Id:0", "carrier")
                        .containsEntry("Tunnel-Server-Auth-Id:0", "lns.test")
                        .containsEntry("Acct-Session-Id", start.get("Acct-Session-Id"));
            }
            assertThat(request).containsKey("Message-Authenticator");
            String octets = String.valueOf(7 * SubscriberLine.PING_OCTETS);
            assertThat(start).containsEntry("Framed-IP-Address", "203.0.113.7").doesNotContainKey("Acct-Session-Time");
            assertThat(stop).containsEntry("Framed-IP-Address", "203.0.113.7")
                    .containsEntry("Acct-Input-Octets", octets).containsEntry("Acct-Output-Octets", octets)
                    .containsEntry("Acct-Input-Packets", "7").containsEntry("Acct-Output-Packets", "7")
                    .containsEntry("Acct-Input-Gigawords", "0").containsEntry("Acct-Output-Gigawords", "0")
                    .containsEntry("Acct-Terminate-Cause", "User-Request").containsEntry("Acct-Authentic", "RADIUS")
                    .containsEntry("Class", "0x6f6e65 0x74776f")
                    .containsEntry("Chargeable-User-Identity", "0x6375692d31")
                    .containsEntry("Framed-Route", "203.0.113.64/29 0.0.0.0 1")
                    .containsKeys("Acct-Session-Time", "Acct-Delay-Time", "Event-Timestamp");
        }
        assertThat(radius.accounting().getFirst()).containsEntry("Acct-Status-Type", "Accounting-On")
                .containsEntry("NAS-Identifier", "lns.test");
    }

    // RFC 2866 section 5.10
    @Test
    void everyWayToEndHasItsCause() {
        try (SubscriberLine carrier = open("carrier@example.net");
                SubscriberLine administrative = open("administrative@example.net");
                SubscriberLine _ = open("short@example.net");
                SubscriberLine _ = open("idle@example.net");
                SubscriberLine cleared = open("cleared@example.net");
                SubscriberLine _ = open("twice@example.net")) {
            carrier.disconnect(SubscriberLine.LOST_CARRIER);
            administrative.disconnect(SubscriberLine.ADMINISTRATIVE);
            assertThat(lnsd.control("clear", "session", "cleared@example.net").exit()).isZero();
            try (SubscriberLine _ = open("twice@example.net")) {
                assertCause("twice@example.net", "Port-Preempted");
            }
            SubscriberLine tunnel = open("tunnel@example.net");
            radius.awaitAccounting("tunnel@example.net", "Start");
            tunnel.close();
            assertCause("carrier@example.net", "Lost-Carrier");
            assertCause("administrative@example.net", "User-Request");
            assertCause("cleared@example.net", "Admin-Reset");
            assertCause("short@example.net", "Session-Timeout");
            assertCause("idle@example.net", "Idle-Timeout");
            assertCause("tunnel@example.net", "Lost-Carrier");
            cleared.pump(1, () -> true);
        }
    }

    private void assertCause(String user, String cause) {
        assertThat(radius.awaitAccounting(user, "Stop")).as(user).containsEntry("Acct-Terminate-Cause", cause);
        List<String> statuses = radius.accounting().stream().filter(r -> user.equals(r.get("User-Name")))
                .map(r -> r.getOrDefault("Acct-Status-Type", "")).filter(s -> !s.equals("Interim-Update")).toList();
        assertThat(statuses).as("records of " + user).startsWith("Start", "Stop");
    }

    @Test
    void wrongPasswordAndUserOfTheFile() {
        try (SubscriberLine stranger = SubscriberLine.dial(access, ++lastTunnelId, "stranger@example.net", "wrong");
                SubscriberLine _ = open("embedded@example.net")) {
            assertThat(radius.awaitAccounting("embedded@example.net", "Start")).containsEntry("Acct-Authentic",
                    "Local");
            stranger.pump(5_000, () -> lnsd.log().contains("session-down") && lnsd.log().contains("authentication"));
            assertThat(radius.requests()).noneMatch(r -> "embedded@example.net".equals(r.get("User-Name")))
                    .anyMatch(r -> "stranger@example.net".equals(r.get("User-Name")));
            assertThat(radius.accounting()).noneMatch(r -> "stranger@example.net".equals(r.get("User-Name")));
        }
    }

    // RFC 2548 section 2.3, RFC 3162, RFC 4818, RFC 5176 section 3
    @Test
    void msChapV2AndBothFamiliesOfAddresses() {
        try (Emulator _ = new Emulator(site, access, "lac", "--auth", "mschapv2", "--ipv6", "--dhcpv6-pd", "--sessions",
                "3", "--first", "0", "--user", "six%d@example.net")) {
            List<String> names = List.of("Framed-IPv6-Prefix", "Delegated-IPv6-Prefix", "Framed-Interface-Id");
            for (int i = 0; i < names.size(); i++) {
                String user = "six" + i + "@example.net";
                Map<String, String> start = radius.awaitAccounting(user, "Start");
                assertThat(start).containsKeys("Framed-IP-Address", "Framed-Interface-Id");
                assertThat(start.get("Framed-IPv6-Prefix")).startsWith("2001:db8:100:").endsWith("/64");
                assertThat(start.get("Delegated-IPv6-Prefix")).startsWith("2001:db8:40").endsWith("/56");
                String name = names.get(i) + " = " + start.get(names.get(i));
                assertThat(radclient("disconnect", "change-it", name)).as(name).contains("Disconnect-ACK");
                assertThat(radius.awaitAccounting(user, "Stop")).containsKeys("Framed-IPv6-Prefix",
                        "Delegated-IPv6-Prefix").containsEntry("Acct-Terminate-Cause", "Admin-Reset");
            }
        }
    }

    // RFC 5176 section 2.1
    @Test
    void radclientDisconnectsByEveryNameOfASession() {
        List<String> names = List.of("User-Name = \"%1$s\"", "Acct-Session-Id = \"%2$s\"", "Framed-IP-Address = %3$s",
                "NAS-Port = %4$s", "NAS-IP-Address = 192.0.2.10, Calling-Station-Id = \"%5$s\"",
                "NAS-Port-Id = \"%6$s\"", "Class = \"class of %1$s\"",
                "Chargeable-User-Identity = \"identity of %1$s\"",
                "Called-Station-Id = \"0800123\", User-Name = \"%1$s\"");
        for (int i = 0; i < names.size(); i++) {
            String user = "disconnect" + i + "@example.net";
            try (SubscriberLine line = open(user)) {
                Map<String, String> start = radius.awaitAccounting(user, "Start");
                String name = names.get(i).formatted(user, start.get("Acct-Session-Id"),
                        start.get("Framed-IP-Address"), start.get("NAS-Port"), start.get("Calling-Station-Id"),
                        start.get("NAS-Port-Id"));
                assertThat(radclient("disconnect", "change-it", name)).as(name).contains("Disconnect-ACK");
                assertCause(user, "Admin-Reset");
                line.pump(1, () -> true);
            }
        }
        assertThat(radclient("disconnect", "change-it", "User-Name = \"nobody\"")).contains("Disconnect-NAK",
                "Error-Cause = Session-Context-Not-Found");
        assertThat(radclient("disconnect", "change-it", "NAS-Identifier = \"another\", User-Name = \"nobody\""))
                .contains("Disconnect-NAK", "Error-Cause = NAS-Identification-Mismatch");
    }

    // RFC 5176 section 2.2 and 6
    @Test
    void aChangeTouchesOnlyWhatItNamesAndAForgeryNothing() {
        try (SubscriberLine line = open("change@example.net")) {
            Map<String, String> start = radius.awaitAccounting("change@example.net", "Start");
            String name = "User-Name = \"change@example.net\"";
            assertThat(radclient("coa", "wrong-secret", name + ", Session-Timeout = 1")).doesNotContain("CoA-ACK");
            assertThat(radclient("coa", "change-it", name + ", Session-Timeout = 1, Event-Timestamp = 1577836800"))
                    .doesNotContain("CoA-ACK");
            assertThat(radclient("coa", "change-it", name + ", Tunnel-Password:0 = \"x\"")).contains("CoA-NAK",
                    "Error-Cause = Unsupported-Attribute");
            assertThat(radclient("coa", "change-it", name + ", Acct-Interim-Interval = 60, Class = 0x6e6577"))
                    .contains("CoA-ACK");
            line.ping(2);
            assertThat(session("change@example.net")).containsEntry("ipv4", start.get("Framed-IP-Address"))
                    .containsEntry("id", start.get("Acct-Session-Id"));
            assertThat(radclient("coa", "change-it", name + ", Session-Timeout = 1")).contains("CoA-ACK");
            Map<String, String> stop = radius.awaitAccounting("change@example.net", "Stop");
            assertThat(stop).containsEntry("Acct-Terminate-Cause", "Session-Timeout").containsEntry("Class",
                    "0x6e6577").containsEntry("Acct-Input-Packets", "2");
        }
    }

    // RFC 5176 sections 2.2 and 3.1
    @Test
    void aChangeOfRateAndFilterReachesTheLiveSessionThroughAProxy() {
        try (SubscriberLine line = open("limits@example.net")) {
            line.ping(2);
            Map<String, Object> before = session("limits@example.net");
            String name = "User-Name = \"limits@example.net\"";
            assertThat(relayed(name + ", Filter-Id = \"closed\", Mikrotik-Rate-Limit = \"5M/20M\""))
                    .contains("CoA-ACK");
            assertThat(line.isPingAnswered()).as("a ping through the filter").isFalse();
            Map<String, Object> after = session("limits@example.net");
            assertThat(after).containsEntry("filter-in", "closed").containsEntry("filter-out", "closed");
            assertThat(String.valueOf(after.get("rate-down-bps"))).isEqualTo("20000000");
            assertThat(String.valueOf(after.get("rate-up-bps"))).isEqualTo("5000000");
            assertThat(changed(before, after)).isSubsetOf("filter-in", "filter-out", "rate-down-bps", "rate-up-bps",
                    "uptime-seconds", "idle-seconds", "dropped-in", "bits-per-second-in", "bits-per-second-out");
            assertThat(relayed(name + ", Filter-Id = \"open\"")).contains("CoA-ACK");
            line.ping(1);
            assertThat(relayed(name + ", Filter-Id = \"unheard-of\"")).contains("CoA-NAK",
                    "Error-Cause = Invalid-Attribute-Value");
            line.ping(1);
            String log = Commands.text(site.folder("relay").resolve("radiusd.log"));
            assertThat(log).as("Proxy-State goes to lnsd and comes back").containsPattern(
                    "Received CoA-ACK[^\n]*from 127.0.0.1:3799[^\n]*\n(?:[^\n]*\n){0,4}[^\n]*Proxy-State = 0x");
        }
    }

    private static List<String> changed(Map<String, Object> before, Map<String, Object> after) {
        return after.keySet().stream()
                .filter(key -> !String.valueOf(after.get(key)).equals(String.valueOf(before.get(key)))).toList();
    }

    // RFC 5176 section 6.3
    @Test
    void whatIsForgedStaleOrReplayedIsCountedWhereOperatorsSeeIt() {
        try (SubscriberLine _ = open("guarded@example.net")) {
            String name = "User-Name = \"guarded@example.net\"";
            radclient("coa", "wrong-secret", name + ", Session-Timeout = 1");
            radclient("coa", "change-it", name + ", Session-Timeout = 1, Event-Timestamp = 1577836800");
            String metrics = site.lns().must("curl", "-s", "http://127.0.0.1:9701/metrics");
            for (String result : List.of("bad-authenticator", "stale")) {
                assertThat(metrics).containsPattern(
                        "lnsd_dynamic_authorization_requests_total\\{result=\"" + result + "\"} [1-9]");
            }
            assertThat(metrics).contains("lnsd_accounting_records_total{result=\"discarded\"} 0",
                    "lnsd_accounting_waiting_sessions", "lnsd_accounting_spool_bytes");
            assertThat(session("guarded@example.net")).containsEntry("state", "open");
        }
    }

    // RFC 2865 sections 5.24 and 5.29
    @Test
    void aSessionWhoseTimeIsOverAsksAgainWithTheState() {
        try (SubscriberLine line = open("renewed@example.net")) {
            Awaitility.await("three requests").atMost(30, TimeUnit.SECONDS).pollInterval(300, TimeUnit.MILLISECONDS)
                    .until(() -> requests("renewed@example.net").size() >= 3);
            assertThat(requests("renewed@example.net").getFirst()).doesNotContainKey("State");
            assertThat(requests("renewed@example.net").get(1)).containsEntry("State", "0x010203")
                    .containsKey("User-Password");
            line.ping(1);
        }
    }

    private List<Map<String, String>> requests(String user) {
        return radius.requests().stream().filter(r -> user.equals(r.get("User-Name"))).toList();
    }

    private Map<String, Object> session(String user) {
        return lnsd.sessions().stream().filter(s -> user.equals(s.get("user"))).findFirst().orElseThrow();
    }

    private String radclient(String command, String secret, String attributes) {
        return radclient(command, "127.0.0.1:3799", secret, attributes);
    }

    private String relayed(String attributes) {
        return radclient("coa", "127.0.0.1:3800", FreeRadius.SECRET, attributes);
    }

    private String radclient(String command, String nas, String secret, String attributes) {
        Path request = site.folder("radclient").resolve("request");
        Commands.write(request, attributes + "\n");
        return site.lns().run("radclient", "-x", "-r", "1", "-t", "2", "-f", request.toString(), nas,
                command, secret).output();
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.lnsd.system.lac.Message;

/**
 * Attribute by attribute, from the record of a FreeRADIUS that stands behind a proxying one: what a request tells it, what its answer does
 * to the session, and that neither the proxy nor its Proxy-State changes anything.
 */
@Tag("system")
@TestInstance(Lifecycle.PER_CLASS)
class RadiusAttributesTest {
    private static final int DSL_FORUM = 3561;
    private static final String USERS = """
            all@example.net Cleartext-Password := "wonderland"
                User-Name = "account-7", Framed-IP-Address = 203.0.113.7, Framed-IP-Netmask = 255.255.255.248,
                Framed-Route = "198.18.1.0/24 0.0.0.0 7", Framed-Route += "198.18.2.8/29 0.0.0.0",
                Framed-MTU = 1400, Filter-Id = "web.in", Filter-Id += "pings.out", Class = 0x6f6e65, Class += 0x74776f,
                Session-Timeout = 86400, Idle-Timeout = 900, Termination-Action = RADIUS-Request,
                Acct-Interim-Interval = 1, Port-Limit = 2, Reply-Message = "welcome to the test",
                Chargeable-User-Identity = "cui-1", MS-Secondary-DNS-Server = 192.0.2.54,
                MS-Primary-DNS-Server = 192.0.2.53, Cisco-AVPair = "lcp:interface-config#1=rate-limit output 20000000 3750000 7500000 conform-action transmit exceed-action drop",
                WISPr-Bandwidth-Max-Up = 5000000, Framed-Compression = Van-Jacobson-TCP-IP, Login-IP-Host = 192.0.2.1
            pool@example.net Cleartext-Password := "wonderland"
                Framed-IP-Address = 255.255.255.254, Framed-Pool = "gold"
            chooser@example.net Cleartext-Password := "wonderland"
                Framed-IP-Address = 255.255.255.255
            mikrotik@example.net Cleartext-Password := "wonderland"
                Mikrotik-Rate-Limit = "5M/21M", Ascend-Client-Primary-DNS = 192.0.2.63
            erx@example.net Cleartext-Password := "wonderland"
                ERX-Ingress-Policy-Name = "rate-6M", ERX-Egress-Policy-Name = "web", ERX-Primary-Dns = 192.0.2.73
            sub-qos@example.net Cleartext-Password := "wonderland"
                Cisco-AVPair = "ip:sub-qos-policy-in=rate-7M", Cisco-AVPair += "ip:sub-qos-policy-out=rate-70M"
            DEFAULT Cleartext-Password := "wonderland"
                Port-Limit = 2
            """;
    private static final String CONFIGURATION = Site.PEER + """
            [ppp]
            authentication = ["pap", "chap", "mschapv2"]
            address = "100.64.0.1"
            duplicate-logins = "allow"
            ipv6 = false
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [[pool]]
            name = "gold"
            ipv4 = ["100.65.0.0/24"]
            [[filter]]
            name = "web"
            rules = ["deny tcp any any eq 25", "permit any"]
            [[filter]]
            name = "pings"
            rules = ["permit any"]
            [radius]
            timeout = "5s"
            nas-ip-address = "192.0.2.10"
            """ + FreeRadius.SERVER;

    private final AtomicInteger namespaces = new AtomicInteger();
    private final Site site = new Site(namespaces, "radius-attributes");
    private NetNamespace access;
    private FreeRadius radius;
    private Lnsd lnsd;
    private int lastTunnelId = 900;

    @BeforeAll
    void start() {
        access = site.lac();
        radius = site.closing(
                FreeRadius.in(site.lns(), site.folder("home")).at("127.0.0.1", 11812).users(USERS).start());
        site.closing(FreeRadius.in(site.lns(), site.folder("proxy")).proxyTo("127.0.0.1", 11812).start());
        lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), CONFIGURATION));
    }

    @AfterAll
    void stop() {
        String log = lnsd.log();
        site.closeWithoutDefect(lnsd);
        assertThat(log).as("unknown attributes are told once by name").containsOnlyOnce("name=Login-IP-Host");
    }

    private SubscriberLine open(String user) { return open(user, UnaryOperator.identity()); }

    private SubscriberLine open(String user, UnaryOperator<Message> icrq) {
        return SubscriberLine.open(access, ++lastTunnelId, user, icrq);
    }

    private Map<String, Object> session(String user) {
        return Json.object(Json.read(lnsd.control("--json", "show", "session", user).output()));
    }

    private static byte[] bits(int size, long value) {
        byte[] octets = ByteBuffer.allocate(8).putLong(value).array();
        return java.util.Arrays.copyOfRange(octets, 8 - size, 8);
    }

    private static Message accessLine(Message icrq) {
        Message told = icrq.avp(0, DSL_FORUM, 1, "dslam-1 1/2/3".getBytes(StandardCharsets.UTF_8))
                .avp(0, DSL_FORUM, 2, "remote-9".getBytes(StandardCharsets.UTF_8));
        for (int type = 129; type <= 138; type++) {
            told = told.avp(0, DSL_FORUM, type, bits(8, type * 1_000_000L));
        }
        for (int type = 139; type <= 142; type++) {
            told = told.avp(0, DSL_FORUM, type, bits(4, type));
        }
        return told.avp(0, DSL_FORUM, 130, bits(8, 10_000_000_000L)).avp(0, DSL_FORUM, 144, new byte[]{1, 2, 0})
                .avp(0, DSL_FORUM, 254, new byte[0]);
    }

    // RFC 2865 section 5, RFC 2868 section 3, RFC 2867 section 4, RFC 2869 section 5, RFC 4679 section 3, RFC 3579 section 3.2
    @Test
    void everyRequestTellsOfTheLineItsTunnelAndThisNode() {
        try (SubscriberLine line = open("line@example.net", RadiusAttributesTest::accessLine)) {
            Map<String, String> start = radius.awaitAccounting("line@example.net", "Start");
            line.terminate();
            Map<String, String> stop = radius.awaitAccounting("line@example.net", "Stop");
            Map<String, String> request = radius.request("line@example.net");
            for (Map<String, String> record : List.of(request, start, stop)) {
                assertThat(record).containsEntry("User-Name", "line@example.net")
                        .containsEntry("NAS-IP-Address", "192.0.2.10").containsEntry("NAS-Identifier", "lns.test")
                        .containsEntry("NAS-Port",
                                String.valueOf(((long) line.peerTunnelId() << 16) + line.peerSession()))
                        .containsEntry("NAS-Port-Type", "Virtual")
                        .containsEntry("NAS-Port-Id", "wholesale:" + line.peerTunnelId() + "/" + line.peerSession())
                        .containsEntry("Service-Type", "Framed-User").containsEntry("Framed-Protocol", "PPP")
                        .containsEntry("Called-Station-Id", SubscriberLine.CALLED_NUMBER)
                        .containsEntry("Calling-Station-Id", SubscriberLine.callingNumber(lastTunnelId))
                        .containsEntry("Acct-Session-Id", start.get("Acct-Session-Id"))
                        .containsEntry("Connect-Info", "80000000/20000000")
                        .containsEntry("Tunnel-Type:0", "L2TP").containsEntry("Tunnel-Medium-Type:0", "IPv4")
                        .containsEntry("Tunnel-Client-Endpoint:0", Site.LAC)
                        .containsEntry("Tunnel-Server-Endpoint:0", Site.LNS)
                        .containsEntry("Tunnel-Client-Auth-Id:0", "carrier")
                        .containsEntry("Tunnel-Server-Auth-Id:0", "lns.test")
                        .containsEntry("Tunnel-Assignment-Id:0", "wholesale")
                        .containsEntry("Acct-Tunnel-Connection", "1001");
                assertLine(record);
            }
            assertThat(request).containsKeys("Message-Authenticator", "User-Password");
            assertThat(stop).containsKeys("Event-Timestamp", "Acct-Delay-Time", "Acct-Session-Time");
        }
    }

    private static void assertLine(Map<String, String> record) {
        assertThat(record).containsEntry("ADSL-Agent-Circuit-Id", hex("dslam-1 1/2/3"))
                .containsEntry("ADSL-Agent-Remote-Id", hex("remote-9"))
                .containsEntry("Actual-Data-Rate-Upstream", "129000000")
                .as("more than 32 bits hold").containsEntry("Actual-Data-Rate-Downstream", "4294967295")
                .containsEntry("Minimum-Data-Rate-Upstream", "131000000")
                .containsEntry("Minimum-Data-Rate-Downstream", "132000000")
                .containsEntry("Attainable-Data-Rate-Upstream", "133000000")
                .containsEntry("Attainable-Data-Rate-Downstream", "134000000")
                .containsEntry("Maximum-Data-Rate-Upstream", "135000000")
                .containsEntry("Maximum-Data-Rate-Downstream", "136000000")
                .containsEntry("Minimum-Data-Rate-Upstream-Low-Power", "137000000")
                .containsEntry("Minimum-Data-Rate-Downstream-Low-Power", "138000000")
                .containsEntry("Maximum-Interleaving-Delay-Upstream", "139")
                .containsEntry("Actual-Interleaving-Delay-Upstream", "140")
                .containsEntry("Maximum-Interleaving-Delay-Downstream", "141")
                .containsEntry("Actual-Interleaving-Delay-Downstream", "142")
                .containsEntry("Access-Loop-Encapsulation", "0x010200");
        // IWF-Session is empty, and FreeRADIUS writes down no empty attribute: SessionAttributesTest sees it.
    }

    private static String hex(String text) {
        return "0x" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    // RFC 2865 section 5, RFC 2869 section 5, RFC 4372, RFC 2548 section 2.7
    @Test
    void everyAttributeOfAnAnswerHasItsEffect() {
        try (SubscriberLine line = open("all@example.net")) {
            Map<String, String> start = radius.awaitAccounting("account-7", "Start");
            assertThat(start).as("the name of the answer").containsEntry("User-Name", "account-7")
                    .containsEntry("Framed-IP-Address", "203.0.113.7").containsEntry("Class", "0x6f6e65 0x74776f")
                    .containsEntry("Chargeable-User-Identity", hex("cui-1"))
                    .containsEntry("Framed-Route", "198.18.1.0/24 0.0.0.0 7 198.18.2.8/29 0.0.0.0 1");
            assertThat(line.ppp().message()).as("Reply-Message").isEqualTo("welcome to the test");
            assertThat(line.ppp().nameServers()).as("MS-Primary- and -Secondary-DNS-Server")
                    .containsExactly("192.0.2.53", "192.0.2.54");
            Map<String, Object> shown = session("account-7");
            assertThat(shown).containsEntry("ipv4", "203.0.113.7").containsEntry("filter-in", "web")
                    .containsEntry("filter-out", "pings");
            assertThat(number(shown, "session-timeout-seconds")).isEqualTo(86400);
            assertThat(number(shown, "rate-down-bps")).isEqualTo(20_000_000);
            assertThat(number(shown, "rate-up-bps")).isEqualTo(5_000_000);
            String routes = site.lns().run("ip", "route", "show", "dev", "lns0").output();
            assertThat(routes).as("Framed-IP-Address, -Netmask, Framed-Route").contains("203.0.113.7 ",
                    "203.0.113.0/29", "198.18.1.0/24", "198.18.2.8/29");
            assertThat(site.net().run("ping", "-c", "1", "-W", "2", "-M", "do", "-s", "1373", "203.0.113.7").output())
                    .as("Framed-MTU").contains("mtu = 1400");
            radius.awaitAccounting("account-7", "Interim-Update");
            line.terminate();
            assertThat(radius.awaitAccounting("account-7", "Stop")).containsEntry("Class", "0x6f6e65 0x74776f")
                    .containsEntry("Chargeable-User-Identity", hex("cui-1"));
        }
    }

    private static long number(Map<String, Object> document, String key) {
        return ((Number) document.get(key)).longValue();
    }

    // RFC 2865 section 5.8, RFC 2869 section 5.18
    @Test
    void theSpecialAddressesAndThePool() {
        try (SubscriberLine pool = open("pool@example.net"); SubscriberLine chooser = open("chooser@example.net")) {
            assertThat(radius.awaitAccounting("pool@example.net", "Start").get("Framed-IP-Address"))
                    .startsWith("100.65.0.");
            assertThat(radius.awaitAccounting("chooser@example.net", "Start").get("Framed-IP-Address"))
                    .startsWith("100.64.0.");
            pool.pump(1, () -> true);
            chooser.pump(1, () -> true);
        }
    }

    @Test
    void theOtherFormsOfRatesFiltersAndNameServers() {
        try (SubscriberLine mikrotik = open("mikrotik@example.net");
                SubscriberLine erx = open("erx@example.net");
                SubscriberLine _ = open("sub-qos@example.net")) {
            assertRates("mikrotik@example.net", 5_000_000L, 21_000_000L);
            assertRates("sub-qos@example.net", 7_000_000L, 70_000_000L);
            assertThat(number(session("erx@example.net"), "rate-up-bps")).isEqualTo(6_000_000);
            assertThat(session("erx@example.net")).containsEntry("filter-out", "web");
            assertThat(mikrotik.ppp().nameServers()).containsExactly("192.0.2.63");
            assertThat(erx.ppp().nameServers()).containsExactly("192.0.2.73");
        }
    }

    private void assertRates(String user, long up, long down) {
        Map<String, Object> shown = session(user);
        assertThat(number(shown, "rate-up-bps")).as(user).isEqualTo(up);
        assertThat(number(shown, "rate-down-bps")).as(user).isEqualTo(down);
    }

    // RFC 2865 section 5.42
    @Test
    void portLimitIsHowManySessionsAUserMayHave() {
        try (SubscriberLine _ = open("several@example.net");
                SubscriberLine _ = open("several@example.net");
                SubscriberLine third = SubscriberLine.dial(access, ++lastTunnelId, "several@example.net",
                        "wonderland")) {
            third.pump(10_000, () -> lnsd.log().contains("cause=duplicate-login"));
            assertThat(lnsd.log()).contains("cause=duplicate-login");
            assertThat(lnsd.sessions().stream().filter(s -> "several@example.net".equals(s.get("user")))).hasSize(2);
        }
    }

    // RFC 2865 sections 5.3 and 5.40, RFC 2548 sections 2.1.2 and 2.3.2
    @Test
    void chapAndMsChapV2ArriveWholeThroughTheProxy() {
        for (String method : List.of("chap", "mschapv2")) {
            String user = method + "@example.net";
            try (Emulator _ = new Emulator(site, access, method, "--auth", method, "--user", user)) {
                Awaitility.await(user).atMost(40, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                        .until(() -> lnsd.sessions().stream().anyMatch(s -> user.equals(s.get("user"))
                                && "open".equals(s.get("state"))));
                Map<String, String> request = radius.request(user);
                assertThat(request).doesNotContainKey("User-Password");
                if (method.equals("chap")) {
                    assertThat(request.get("CHAP-Password")).hasSize(2 + 2 * 17);
                    assertThat(request.get("CHAP-Challenge")).hasSize(2 + 2 * 16);
                } else {
                    assertThat(request.get("MS-CHAP-Challenge")).hasSize(2 + 2 * 16);
                    assertThat(request.get("MS-CHAP2-Response")).hasSize(2 + 2 * 50);
                }
            }
        }
    }

    // RFC 2865 section 5.33
    @Test
    void theProxysStateIsInEveryRequestToTheHomeServer() {
        try (SubscriberLine _ = open("proxied@example.net")) {
            assertThat(radius.awaitAccounting("proxied@example.net", "Start")).containsKey("Proxy-State");
            assertThat(radius.request("proxied@example.net")).containsKey("Proxy-State");
            assertThat(lnsd.control("show", "radius").output()).doesNotContain("radius-answer-dropped");
        }
    }
}

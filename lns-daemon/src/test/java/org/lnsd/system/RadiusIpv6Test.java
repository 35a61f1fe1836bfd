package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.hex;
import static org.lnsd.system.subscriber.Octets.ipv6;
import static org.lnsd.system.subscriber.ScriptIpv6.RENEW;
import static org.lnsd.system.subscriber.ScriptIpv6.SOLICIT;
import static org.lnsd.system.subscriber.ScriptIpv6.na;
import static org.lnsd.system.subscriber.ScriptIpv6.option;
import static org.lnsd.system.subscriber.ScriptIpv6.pd;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPV6CP;
import static org.lnsd.system.subscriber.ScriptSubscriber.NAK;

import java.net.InetSocketAddress;
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
import org.lnsd.system.subscriber.Dhcp6Reply;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.RouterMessage;
import org.lnsd.system.subscriber.ScriptIpv6;
import org.lnsd.system.subscriber.ScriptSubscriber;
import org.lnsd.system.subscriber.ScriptTunnel;

/** The IPv6 attributes of RADIUS (RFC 3162, 4818, 6911) from a real FreeRADIUS, which is asked over IPv6, to the subscriber's line and back as accounts. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RadiusIpv6Test {
    private static final String PASSWORD = "wonderland";
    private static final byte[] RAPID_COMMIT = option(14);
    private static final String ID = "02000000000000aa";
    private static final String USERS = """
            full@example.net Cleartext-Password := "wonderland"
                Framed-Interface-Id = 200:0:0:42, Framed-IPv6-Prefix = 2001:db8:7:1::/64,
                Delegated-IPv6-Prefix = 2001:db8:8:100::/56, Framed-IPv6-Route = "2001:db8:99::/48 :: 1",
                Framed-IPv6-Address = 2001:db8:7:1::1234, DNS-Server-IPv6-Address = 2001:db8:ffff::53,
                DNS-Server-IPv6-Address += 2001:db8:ffff::54, Framed-IP-Address = 203.0.113.7
            pooled@example.net Cleartext-Password := "wonderland"
                Framed-IPv6-Pool = "links", Delegated-IPv6-Prefix-Pool = "sites", Stateful-IPv6-Address-Pool = "singles"
            six@example.net Cleartext-Password := "wonderland"
                Framed-Pool = "six"
            """;
    private static final String CONFIGURATION = Site.PEER + """
            [ppp]
            authentication = ["pap"]
            dns = ["9.9.9.9", "2620:fe::fe"]
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [[pool]]
            name = "links"
            ipv6-prefix = "2001:db8:100::/48"
            [[pool]]
            name = "other-links"
            ipv6-prefix = "2001:db8:200::/48"
            [[pool]]
            name = "sites"
            ipv6-delegated = { prefix = "2001:db8:4000::/40", length = 56 }
            [[pool]]
            name = "other-sites"
            ipv6-delegated = { prefix = "2001:db8:5000::/40", length = 56 }
            [[pool]]
            name = "singles"
            ipv6-prefix = "2001:db8:300::/48"
            [[pool]]
            name = "six"
            ipv6-prefix = "2001:db8:600::/48"
            [radius]
            timeout = "2s"
            [[radius.server]]
            address = "::1"
            secret = "%s"
            [radius.dynamic-authorization]
            listen = "[::1]:3799"
            clients = ["::1/128"]
            secret = "change-it"
            """.formatted(FreeRadius.SECRET);

    private final Site site = new Site(new AtomicInteger(), "radius-ipv6");
    private FreeRadius radius;
    private Lnsd lnsd;
    private ScriptTunnel tunnel;

    @BeforeAll
    void start() {
        NetNamespace lac = site.lac();
        radius = site.closing(FreeRadius.in(site.lns(), site.folder("radius")).at("::1", 1812).users(USERS)
                .outside("client six {\n ipv6addr = ::1\n secret = " + FreeRadius.SECRET
                        + "\n require_message_authenticator = no\n}\n")
                .start());
        lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), CONFIGURATION));
        tunnel = site.closing(new ScriptTunnel(lac.name(), Site.LAC, 40001, new InetSocketAddress(Site.LNS, 1701),
                "script"));
    }

    @AfterAll
    void stop() { site.closeWithoutDefect(lnsd); }

    private ScriptSubscriber authenticated(String user) {
        return new ScriptSubscriber(tunnel.call()).authenticated(user, PASSWORD);
    }

    private void awaitRoute(String prefix, boolean there) {
        Awaitility.await("kernel route " + prefix + ": " + there).atMost(40, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> site.lns().must("ip", "-6", "route").contains(prefix) == there);
    }

    @Test
    void everythingThatIsAssignedReachesTheLineAndTheAccounts() {
        ScriptSubscriber subscriber = authenticated("full@example.net");
        subscriber.ipcp();
        Frame nak = subscriber.request(IPV6CP, ScriptSubscriber.option(1, hex(ID)));
        assertThat(nak.code()).isEqualTo(NAK);
        assertThat(nak.option(1)).isEqualTo(hex("0200000000000042")); // RFC 3162 section 2.2
        ScriptIpv6 line = new ScriptIpv6(subscriber, "0200000000000042");
        RouterMessage said = line.expectAdvertisement();
        assertThat(said.prefix("2001:db8:7:1::").preferredSeconds()).isPositive();
        assertThat(said.managed()).as("an address by DHCPv6").isTrue();
        byte[] servers = said.options(25).getFirst();
        assertThat(ipv6(servers, 8)).isEqualTo("2001:db8:ffff::53");
        assertThat(ipv6(servers, 24)).isEqualTo("2001:db8:ffff::54");
        Dhcp6Reply given = line.ask(SOLICIT, RAPID_COMMIT, na(1), pd(1));
        assertThat(given.option(3).leases().getFirst()).startsWith("2001:db8:7:1::1234 ");
        assertThat(given.option(25).leases().getFirst()).startsWith("2001:db8:8:100::/56 ");
        assertThat(ipv6(given.option(23).data(), 0)).isEqualTo("2001:db8:ffff::53");
        for (String prefix : new String[]{"2001:db8:7:1::/64", "2001:db8:8:100::/56", "2001:db8:99::/48"}) {
            awaitRoute(prefix, true);
        }
        Map<String, String> start = radius.awaitAccounting("full@example.net", "Start");
        line.call.hangUp();
        Map<String, String> stop = radius.awaitAccounting("full@example.net", "Stop");
        for (Map<String, String> record : List.of(start, stop)) {
            assertThat(record).containsEntry("Framed-IPv6-Prefix", "2001:db8:7:1::/64")
                    .containsEntry("Delegated-IPv6-Prefix", "2001:db8:8:100::/56")
                    .containsEntry("Framed-Interface-Id", "200:0:0:42")
                    .containsEntry("Framed-IPv6-Address", "2001:db8:7:1::1234")
                    .containsEntry("Framed-IP-Address", "203.0.113.7").containsEntry("NAS-IPv6-Address", "::1");
        }
        for (String prefix : new String[]{"2001:db8:7:1::/64", "2001:db8:8:100::/56", "2001:db8:99::/48"}) {
            awaitRoute(prefix, false);
        }
    }

    // RFC 3162 section 2.6, RFC 6911 sections 3.4 and 3.5; RFC 5176 section 3: other pools by CoA, RFC 4862: the old prefix is deprecated
    @Test
    void poolsAreHonouredAndChangedWhileTheLineIsUp() {
        ScriptIpv6 line = new ScriptIpv6(authenticated("pooled@example.net"), ID);
        String former = line.expectAdvertisement().prefixes().getFirst().address();
        assertThat(former).startsWith("2001:db8:100:");
        Dhcp6Reply given = line.ask(SOLICIT, RAPID_COMMIT, na(1), pd(1));
        assertThat(given.option(3).leases().getFirst()).startsWith("2001:db8:300:");
        String delegated = given.option(25).leases().getFirst().split(" ", 2)[0];
        assertThat(delegated).startsWith("2001:db8:40");
        awaitRoute(former + "/64", true);
        awaitRoute(delegated, true);

        assertThat(radclient("""
                User-Name = "pooled@example.net", Framed-IPv6-Pool = "other-links", Delegated-IPv6-Prefix-Pool = "other-sites"
                """)).contains("CoA-ACK");
        RouterMessage said = line.expectAdvertisement();
        assertThat(said.prefix(former).preferredSeconds()).isZero();
        assertThat(said.prefixes().getFirst().address()).startsWith("2001:db8:200:");
        awaitRoute(said.prefixes().getFirst().address() + "/64", true);
        awaitRoute(former + "/64", false);
        awaitRoute(delegated, false);
        assertThat(line.ask(RENEW, pd(1, delegated)).option(25).leases()).contains(delegated + " 0 0")
                .anyMatch(lease -> lease.startsWith("2001:db8:50"));
        line.call.hangUp();
        Map<String, String> stop = radius.awaitAccounting("pooled@example.net", "Stop");
        assertThat(stop.get("Framed-IPv6-Prefix")).startsWith("2001:db8:200:");
        assertThat(stop.get("Delegated-IPv6-Prefix")).startsWith("2001:db8:50");
    }

    @Test
    void poolWithoutIpv4MakesAnIpv6OnlyLine() {
        ScriptIpv6 line = new ScriptIpv6(authenticated("six@example.net"), ID);
        assertThat(line.expectAdvertisement().prefixes().getFirst().address()).startsWith("2001:db8:600:");
        Map<String, String> start = radius.awaitAccounting("six@example.net", "Start");
        assertThat(start).containsKey("Framed-IPv6-Prefix").doesNotContainKey("Framed-IP-Address");
        line.call.hangUp();
    }

    private String radclient(String attributes) {
        Path request = site.folder("radclient").resolve("request");
        Commands.write(request, attributes);
        return site.lns().run("radclient", "-x", "-r", "1", "-t", "4", "-f", request.toString(), "[::1]:3799", "coa",
                "change-it").output();
    }
}

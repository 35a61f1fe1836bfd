package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tunnels whose outer packets are IPv6, beside ones of IPv4 on the same socket: the emulator must see the same over both. */
@Tag("system")
class OuterIpv6Test {
    private static final String LNS = "2001:db8:30::1";
    private static final String SECOND_LNS = "2001:db8:30::9";
    private static final String LAC = "2001:db8:30::2";
    private static final int SESSIONS = 8;

    private final AtomicInteger namespaces = new AtomicInteger();

    private record Line(String user, String ipv4, String ipv6, String delegated, String leased, String dns) {}

    @Test
    void theEmulatorSeesTheSameOverBothFamilies() {
        try (Site site = new Site(namespaces, "outer-ipv6")) {
            NetNamespace access = site.lac();
            for (String address : List.of(LNS, SECOND_LNS)) {
                site.lns().must("ip", "address", "add", address + "/64", "dev", "acc0", "nodad");
            }
            access.must("ip", "address", "add", LAC + "/64", "dev", "lac0", "nodad");
            Capture capture = site.capture("acc0");
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [l2tp]
                    listen = ["[::]:1701"]
                    [[l2tp.peer]]
                    name = "mapped"
                    address = ["172.30.0.0/24"]
                    secret = "between-us"
                    [[l2tp.peer]]
                    name = "six"
                    address = ["2001:db8:30::/64"]
                    secret = "between-us"
                    [ppp]
                    address = "100.64.0.1"
                    dns = ["9.9.9.9", "2620:fe::fe"]
                    duplicate-logins = "allow"
                    [[pool]]
                    name = "default"
                    ipv4 = ["100.64.0.0/24"]
                    ipv6-prefix = "2001:db8:100::/48"
                    ipv6-delegated = { prefix = "2001:db8:4000::/40", length = 56 }
                    [[user]]
                    name = "user@example.net"
                    password = "wonderland"
                    """));
            List<Line> overIpv4 = run(site, access, "four", Site.LNS, Site.LAC);
            List<Line> overIpv6 = run(site, access, "six", "[" + LNS + "]:1701", LAC);
            List<Line> second = run(site, access, "second", "[" + SECOND_LNS + "]:1701", LAC);
            for (List<Line> lines : List.of(overIpv4, overIpv6, second)) {
                assertThat(lines).hasSize(SESSIONS).allSatisfy(line -> {
                    assertThat(line.ipv4()).startsWith("100.64.0.");
                    assertThat(line.ipv6()).startsWith("2001:db8:100:");
                    assertThat(line.leased()).isEqualTo(line.ipv6());
                    assertThat(line.delegated()).startsWith("2001:db8:40").endsWith("/56");
                    assertThat(line.dns()).isEqualTo("2620:fe::fe");
                });
            }
            lnsd.awaitNoSessions();
            capture.stop();
            Set<String> sources = new HashSet<>();
            capture.packets("ipv6 && l2tp.type == 1", "ipv6.src").forEach(packet -> sources.add(packet.getFirst()));
            assertThat(sources).as("who spoke about control").containsExactlyInAnyOrder(LNS, SECOND_LNS, LAC);
            assertThat(capture.malformedFrom(Site.LNS)).isEmpty();
            assertThat(capture.packets("ipv6.src == " + LNS + " && _ws.malformed", "frame.number")).isEmpty();
            assertThat(lnsd.log()).contains("peer=mapped").contains("peer=six").doesNotContain("class=bug");
        }
    }

    /** All lines up, a packet through each over the device, and down again. */
    private static List<Line> run(Site site, NetNamespace access, String name, String lns, String local) {
        try (Emulator emulator = new Emulator(site, access, name, lns, local, List.of("--secret", "between-us",
                "--tunnels", "2", "--sessions", String.valueOf(SESSIONS), "--user", "user@example.net", "--dhcpv6-pd",
                "--dhcpv6-na", "--tun", "sub0", "--tun-route", "198.51.100.0/24", "--tun-route",
                "2001:db8:ffff::/64"))) {
            List<Line> lines = Awaitility.await("all lines of " + name).atMost(60, TimeUnit.SECONDS)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> openLines(emulator), found -> found.size() == SESSIONS);
            for (Line line : lines) {
                assertThat(site.net().must("ping", "-n", "-c", "2", "-i", "0.05", line.ipv4()))
                        .contains(" 0% packet loss");
                assertThat(site.net().must("ping", "-6", "-n", "-c", "2", "-i", "0.05", "-s", "1400", line.ipv6()))
                        .contains(" 0% packet loss");
            }
            return lines;
        }
    }

    private static List<Line> openLines(Emulator emulator) {
        List<Line> lines = new ArrayList<>();
        for (Map<String, Object> line : emulator.subscribers()) {
            if ("open".equals(line.get("state"))) {
                lines.add(new Line((String) line.get("user"), (String) line.get("ipv4"), (String) line.get("ipv6"),
                        (String) line.get("ipv6-delegated"), (String) line.get("ipv6-leased"),
                        (String) line.get("ipv6-dns")));
            }
        }
        return lines;
    }
}

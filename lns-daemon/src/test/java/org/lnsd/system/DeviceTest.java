package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The TUN device is deleted, taken down, robbed of its address: sessions live on, and their packets pass again. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceTest {
    private static final int SESSIONS = 3;
    /** Of each session: its address, its prefix and what is delegated to it. */
    private static final int ROUTES = 3 * SESSIONS;
    private static final String CONFIGURATION = """
            [[l2tp.peer]]
            name = "emulator"
            address = ["172.30.0.0/24"]
            [ppp]
            address = "100.64.0.1"
            duplicate-logins = "allow"
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            ipv6-prefix = "2001:db8:100::/48"
            ipv6-delegated = { prefix = "2001:db8:4000::/40", length = 56 }
            [[user]]
            name = "user@example.net"
            password = "wonderland"
            """;

    private Site site;
    private Lnsd lnsd;
    private List<Map<String, Object>> sessions;
    private List<Map<String, Object>> lines;

    @BeforeAll
    void start() {
        site = new Site(new AtomicInteger(), "device");
        NetNamespace lac = site.lac();
        lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), CONFIGURATION));
        Emulator emulator = new Emulator(site, lac, "lac", "--sessions", String.valueOf(SESSIONS), "--user",
                "user@example.net", "--dhcpv6-pd", "--dhcpv6-na", "--tun", "subs", "--tun-route", "198.51.100.0/24",
                "--tun-route", "2001:db8:ffff::/64");
        sessions = lnsd.awaitOpen(SESSIONS);
        Awaitility.await("the report of the emulator").atMost(60, TimeUnit.SECONDS)
                .until(() -> !emulator.subscribers().isEmpty());
        lines = emulator.subscribers();
        awaitPackets();
    }

    @AfterAll
    void stop() { site.close(); }

    private void ip(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        site.lns().must(command);
    }

    /** A packet goes to each subscriber and comes back, in both families. */
    private void awaitPackets() {
        for (Map<String, Object> line : lines) {
            for (String key : List.of("ipv4", "ipv6")) {
                String address = String.valueOf(line.get(key));
                Awaitility.await("an answer of " + address + ", see " + lnsd.log()).atMost(40, TimeUnit.SECONDS)
                        .until(() -> site.net().run("ping", "-n", "-c", "1", "-W", "1", address).succeeded());
            }
        }
    }

    private void awaitLog(String expression) {
        Pattern pattern = Pattern.compile(expression);
        Awaitility.await(expression).atMost(40, TimeUnit.SECONDS).pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> pattern.matcher(lnsd.log()).find());
    }

    private void assertSameSessions() {
        assertThat(lnsd.awaitOpen(SESSIONS)).extracting(session -> session.get("id"))
                .containsExactlyInAnyOrderElementsOf(sessions.stream().map(session -> session.get("id")).toList());
        assertThat(lnsd.control("show", "status").exit()).isZero();
        assertThat(lnsd.log()).doesNotContain("class=bug").doesNotContain("route-refused");
    }

    @Test
    void aDeletedDeviceIsMadeAnewWithItsAddressesAndRoutes() {
        ip("link", "delete", "lns0");
        awaitLog("ERROR.*device-gone class=local device=lns0");
        awaitLog("device-restored class=local device=lns0 after=gone index=\\d+ routes=" + ROUTES);
        awaitPackets();
        assertThat(site.lns().must("ip", "address", "show", "lns0")).contains("100.64.0.1/32").contains("mtu 1500");
        assertThat(lnsd.control("show", "counters", "lnsd_device_events", "--all").output())
                .containsPattern("gone\\S*\\s+[1-9]");
        assertSameSessions();
    }

    @Test
    void aDeviceThatWasDownGetsItsRoutesBack() {
        ip("link", "set", "lns0", "down");
        awaitLog("WARN.*device-down class=local device=lns0");
        Commands.Result status = lnsd.control("show", "status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.output()).contains("not ready: device-down");
        Awaitility.await("the service manager is told").atMost(40, TimeUnit.SECONDS)
                .until(() -> lnsd.notified().contains("STATUS=device-down"));
        ip("link", "set", "lns0", "up");
        awaitLog("device-restored class=local device=lns0 after=down index=\\d+ routes=" + ROUTES);
        awaitPackets();
        assertSameSessions();
    }

    @Test
    void anAddressThatWasRemovedComesBackWithTheRoutesItTookAlong() {
        ip("address", "delete", "100.64.0.1/32", "dev", "lns0");
        awaitLog("device-restored class=local device=lns0 after=address-removed");
        awaitPackets();
        assertSameSessions();
    }

    @Test
    void routesThatSomebodyFlushesComeBack() {
        ip("route", "flush", "proto", "76");
        awaitLog("device-restored class=local device=lns0 after=route-removed index=\\d+ routes=" + SESSIONS);
        ip("-6", "route", "flush", "proto", "76");
        awaitLog("device-restored class=local device=lns0 after=route-removed index=\\d+ routes=" + 2 * SESSIONS);
        awaitPackets();
        assertSameSessions();
    }

    @Test
    void aNameThatIsTakenIsTriedAgain() {
        ip("link", "set", "lns0", "down", "name", "former");
        ip("link", "add", "lns0", "type", "veth", "peer", "name", "lns9");
        ip("link", "delete", "former");
        awaitLog("ERROR.*device-refused class=local device=lns0 cause=\"cannot make TUN device lns0");
        assertThat(lnsd.control("show", "status").output()).contains("not ready: device-gone");
        int before = lnsd.log().split("after=gone", -1).length;
        ip("link", "delete", "lns0");
        Awaitility.await("it is made anew").atMost(40, TimeUnit.SECONDS)
                .until(() -> lnsd.log().split("after=gone", -1).length > before);
        awaitPackets();
        assertSameSessions();
    }
}

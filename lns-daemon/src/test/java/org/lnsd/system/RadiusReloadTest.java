package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers are exchanged by reloads while subscribers dial: nobody is refused, and each session is told of once. */
@Tag("system")
class RadiusReloadTest {
    private static final int SESSIONS = 300;
    private static final String USERS = "DEFAULT Cleartext-Password := \"wonderland\"\n";
    private static final String CONFIGURATION = Site.PEER + """
            [ppp]
            authentication = ["pap"]
            address = "100.64.0.1"
            ipv6 = false
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/22"]
            [radius]
            timeout = "10s"
            [[radius.server]]
            address = "127.0.0.1"
            authentication-port = %d
            accounting-port = %d
            secret = "%s"
            """;

    private final AtomicInteger namespaces = new AtomicInteger();

    private static String configuration(int port) { return CONFIGURATION.formatted(port, port + 1, FreeRadius.SECRET); }

    @Test
    void nobodyIsRefusedWhileServersChange() {
        try (Site site = new Site(namespaces, "radius-reload")) {
            NetNamespace access = site.lac();
            FreeRadius first = server(site, "radius-1", 1812);
            FreeRadius second = server(site, "radius-2", 2812);
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), configuration(1812)));
            Emulator emulator = new Emulator(site, access, "lac", "--sessions", String.valueOf(SESSIONS), "--rate",
                    "60", "--user", "user%d@example.net", "--auth", "pap");
            int port = 1812;
            for (int reloads = 1; reloads <= 6; reloads++) {
                int sessions = SESSIONS / 8 * reloads;
                Awaitility.await(sessions + " sessions").atMost(60, TimeUnit.SECONDS)
                        .pollInterval(50, TimeUnit.MILLISECONDS).until(() -> lnsd.sessions().size() >= sessions);
                port = port == 1812 ? 2812 : 1812;
                Commands.write(lnsd.configuration(), Lnsd.configured(site.folder("lnsd"), configuration(port)));
                assertThat(lnsd.control("reload").exit()).isZero();
            }
            lnsd.awaitOpen(SESSIONS);
            assertThat(emulator.log()).doesNotContain("failed");
            Awaitility.await("all Starts").atMost(30, TimeUnit.SECONDS).pollInterval(300, TimeUnit.MILLISECONDS)
                    .until(() -> started(first, second).size() >= SESSIONS);
            List<String> users = started(first, second);
            Set<String> distinct = new HashSet<>(users);
            assertThat(distinct).hasSize(SESSIONS);
            assertThat(users).as("each told once").hasSize(SESSIONS);
            assertThat(first.accounting()).isNotEmpty();
            assertThat(second.accounting()).isNotEmpty();
        }
    }

    private static FreeRadius server(Site site, String name, int port) {
        return site.closing(
                FreeRadius.in(site.lns(), site.folder(name)).at("127.0.0.1", port).users(USERS).quiet().start());
    }

    private static List<String> started(FreeRadius first, FreeRadius second) {
        return java.util.stream.Stream.concat(first.accounting().stream(), second.accounting().stream())
                .filter(record -> "Start".equals(record.get("Acct-Status-Type")))
                .map((Map<String, String> record) -> record.getOrDefault("User-Name", "")).toList();
    }
}

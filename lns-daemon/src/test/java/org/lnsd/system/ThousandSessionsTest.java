package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand sessions in ten tunnels by lnsd-lac, the operator's view of them, and a clean end. */
@Tag("system")
class ThousandSessionsTest {
    private static final int SESSIONS = 1000;

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void allOpenAreListedAndAreClosedPolitelyOnTerm() {
        try (Site site = new Site(namespaces, "thousand")) {
            NetNamespace lac = site.lac();
            Capture capture = site.capture("acc0");
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [[l2tp.peer]]
                    name = "emulator"
                    address = ["172.30.0.0/24"]
                    secret = "between-us"
                    [ppp]
                    address = "100.64.0.1"
                    duplicate-logins = "allow"
                    [[pool]]
                    name = "default"
                    ipv4 = ["100.64.0.0/18"]
                    [[user]]
                    name = "user@example.net"
                    password = "wonderland"
                    """));
            new Emulator(site, lac, "lac", "--secret", "between-us", "--tunnels", "10", "--sessions",
                    String.valueOf(SESSIONS), "--user", "user@example.net");

            List<Map<String, Object>> sessions = lnsd.awaitOpen(SESSIONS);
            assertThat(distinct(sessions, "ipv4")).hasSize(SESSIONS);
            assertThat(distinct(sessions, "id")).hasSize(SESSIONS);
            assertThat(distinct(sessions, "tunnel-id")).hasSize(10);
            assertThat(sessions).allSatisfy(session -> assertThat(session).containsKeys("id", "tunnel-id", "user",
                    "state", "ipv4", "ipv6-prefix",
                    "ipv6-delegated", "peer", "calling-number", "uptime-seconds", "octets-in", "octets-out",
                    "packets-in", "packets-out"));
            assertThat(lnsd.tunnels()).hasSize(10);
            assertThat(lnsd.control("show", "status").exit()).isZero();

            assertThat(lnsd.terminate()).as("exit code on TERM, log: " + site.folder("lnsd")).isZero();
            capture.stop();
            assertThat(calls(capture, 14)).as("sessions ended by CDN").isEqualTo(SESSIONS);
            assertThat(calls(capture, 4)).as("tunnels ended by StopCCN").isEqualTo(10);
            assertThat(capture.malformedFrom(Site.LNS)).isEmpty();
        }
    }

    private static Set<Object> distinct(List<Map<String, Object>> sessions, String key) {
        Set<Object> values = new HashSet<>();
        sessions.forEach(session -> values.add(session.getOrDefault(key, "absent")));
        return values;
    }

    /** How many different (tunnel, session) pairs the LNS sent this message for. */
    private static int calls(Capture capture, int messageType) {
        return Set.copyOf(capture.packets("ip.src == " + Site.LNS + " && l2tp.avp.message_type == " + messageType,
                "l2tp.tunnel", "l2tp.session")).size();
    }
}

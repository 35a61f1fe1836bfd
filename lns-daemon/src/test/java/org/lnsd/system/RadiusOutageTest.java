package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No accounting record is lost or told twice, though the server is away while sessions end and lnsd is killed meanwhile. */
@Tag("system")
class RadiusOutageTest {
    private static final int SESSIONS = 8;
    private static final int ENDED_BEFORE = 5;
    private static final String USERS = """
            DEFAULT Cleartext-Password := "wonderland"
                Acct-Interim-Interval = 0
            """;
    private static final String CONFIGURATION = """
            [[l2tp.peer]]
            name = "wholesale"
            address = ["172.30.0.0/24"]
            [ppp]
            authentication = ["pap"]
            ipv6 = false
            address = "100.64.0.1"
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [radius]
            timeout = "500ms"
            attempts = 2
            dead-time = "2s"
            interim-interval = "0s"
            [[radius.server]]
            address = "127.0.0.1"
            secret = "%s"
            """.formatted(FreeRadius.SECRET);

    private final AtomicInteger namespaces = new AtomicInteger();

    // RFC 2866 section 2: kept until a server has taken it
    @Test
    void everySessionHasOneStartAndOneStopThoughServerAndDaemonWereGone() {
        try (Site site = new Site(namespaces, "radius-outage")) {
            NetNamespace access = site.lac();
            FreeRadius before = new FreeRadius(site.lns(), site.folder("radius-1"), "127.0.0.1", 1812, 1813, USERS);
            Lnsd first = site.closing(new Lnsd(site.lns(), site.folder("lnsd-1"), CONFIGURATION));
            List<SubscriberLine> lines = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                lines.add(SubscriberLine.open(access, 600 + i, user(i)));
                before.awaitAccounting(user(i), "Start");
            }
            before.close();
            for (int i = 0; i < ENDED_BEFORE; i++) {
                lines.get(i).ping(i + 1);
                lines.get(i).disconnect(SubscriberLine.LOST_CARRIER);
            }
            Awaitility.await().atMost(20, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> first.sessions().size() == SESSIONS - ENDED_BEFORE);
            Awaitility.await("the server is known to be dead").atMost(20, TimeUnit.SECONDS)
                    .until(() -> first.log().contains("radius-server-dead kind=accounting"));
            ProcessHandle.of(first.pid()).ifPresent(ProcessHandle::destroyForcibly);
            first.awaitExit();

            Path state = site.folder("lnsd-1").resolve("state");
            Commands.must("cp", "-a", state.toString(), site.folder("lnsd-2").toString());
            Lnsd second = site.closing(new Lnsd(site.lns(), site.folder("lnsd-2"), CONFIGURATION));
            FreeRadius after = site
                    .closing(new FreeRadius(site.lns(), site.folder("radius-2"), "127.0.0.1", 1812, 1813, USERS));
            for (int i = 0; i < SESSIONS; i++) {
                after.awaitAccounting(user(i), "Stop");
            }
            SubscriberLine last = SubscriberLine.open(access, 700, "last@example.net");
            after.awaitAccounting("last@example.net", "Start");
            last.ping(1);
            assertThat(second.terminate()).isZero();
            assertRecords(before.accounting(), after.accounting());
            assertThat(after.accounting()).filteredOn(r -> "last@example.net".equals(r.get("User-Name")))
                    .extracting(r -> r.get("Acct-Status-Type")).containsExactly("Start", "Stop");
            assertThat(after.awaitAccounting("last@example.net", "Stop")).containsEntry("Acct-Terminate-Cause",
                    "Admin-Reboot").containsEntry("Acct-Input-Packets", "1");
            assertThat(after.accounting().getLast()).containsEntry("Acct-Status-Type", "Accounting-Off");
            lines.forEach(SubscriberLine::close);
            last.close();
        }
    }

    private static void assertRecords(List<Map<String, String>> before, List<Map<String, String>> after) {
        for (int i = 0; i < SESSIONS; i++) {
            String user = user(i);
            List<Map<String, String>> starts = before.stream().filter(r -> user.equals(r.get("User-Name"))).toList();
            List<Map<String, String>> stops = after.stream().filter(r -> user.equals(r.get("User-Name"))).toList();
            assertThat(starts).as("before the outage: " + user).singleElement()
                    .satisfies(r -> assertThat(r).containsEntry("Acct-Status-Type", "Start"));
            boolean ended = i < ENDED_BEFORE;
            String packets = String.valueOf(ended ? i + 1 : 0);
            String octets = String.valueOf(ended ? (i + 1) * SubscriberLine.PING_OCTETS : 0);
            assertThat(stops).as("after the outage: " + user).singleElement()
                    .satisfies(r -> assertThat(r).containsEntry("Acct-Status-Type", "Stop")
                            .containsEntry("Acct-Session-Id", starts.getFirst().get("Acct-Session-Id"))
                            .containsEntry("Acct-Input-Packets", packets).containsEntry("Acct-Output-Octets", octets)
                            .containsEntry("Acct-Terminate-Cause", ended ? "Lost-Carrier" : "NAS-Reboot"))
                    .satisfies(r -> assertThat(Integer.parseInt(r.getOrDefault("Acct-Delay-Time", "0")))
                            .isPositive());
        }
    }

    private static String user(int number) { return "line" + number + "@example.net"; }
}

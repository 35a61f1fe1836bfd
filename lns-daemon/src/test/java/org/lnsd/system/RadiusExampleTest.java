package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The FreeRADIUS site of packaging/examples, put into Debian's configuration as its README says, serves lnsd as it stands. */
@Tag("system")
class RadiusExampleTest {
    private static final String NAS = "192.0.2.10";
    private static final String FRAMED_ROUTE = "198.51.100.0/24";
    private static final String CONFIGURATION = Site.PEER + """
            [ppp]
            authentication = ["pap"]
            address = "100.64.0.1"
            ipv6 = false
            [[pool]]
            name = "residential"
            ipv4 = ["100.65.0.0/24"]
            [radius]
            timeout = "5s"
            source-address = "%1$s"
            [[radius.server]]
            address = "%1$s"
            secret = "change-me"
            """.formatted(NAS);

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void bothSubscribersOfTheExampleGetWhatItGivesThem() {
        try (Site site = new Site(namespaces, "radius-example")) {
            NetNamespace access = site.lac();
            site.lns().must("ip", "address", "add", NAS + "/32", "dev", "lo");
            site.lns().must("ip", "route", "delete", FRAMED_ROUTE, "dev", "core0"); // a route of others would be left alone
            FreeRadius radius = site.closing(FreeRadius.example(site.lns(), site.folder("raddb")));
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), CONFIGURATION));
            try (SubscriberLine alice = SubscriberLine.open(access, 31, "alice@example.net", "wonderland");
                    SubscriberLine bob = SubscriberLine.open(access, 32, "bob@example.net", "builder")) {
                Map<String, Object> first = session(lnsd, "alice@example.net");
                assertThat(first).containsEntry("ipv4", "203.0.113.7");
                assertThat(String.valueOf(first.get("rate-down-bps"))).isEqualTo("100000000");
                assertThat(site.lns().must("ip", "route", "show", "dev", "lns0")).contains(FRAMED_ROUTE);
                Map<String, Object> second = session(lnsd, "bob@example.net");
                assertThat(String.valueOf(second.get("ipv4"))).startsWith("100.65.0.");
                assertThat(String.valueOf(second.get("session-timeout-seconds"))).isEqualTo("86400");
                alice.terminate();
                alice.pump(500, () -> false);
                bob.pump(1, () -> true);
            }
            Awaitility.await("Start and Stop of alice").atMost(30, TimeUnit.SECONDS)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> statuses(radius, "alice@example.net").equals(List.of("Start", "Stop")));
            assertThat(lnsd.log()).doesNotContain("class=bug").doesNotContain("radius-answer-dropped");
        }
    }

    private static Map<String, Object> session(Lnsd lnsd, String user) {
        return Json.object(Json.read(lnsd.control("--json", "show", "session", user).output()));
    }

    private static List<String> statuses(FreeRadius radius, String user) {
        return radius.accountingByClient().stream().filter(record -> user.equals(record.get("User-Name")))
                .map(record -> record.get("Acct-Status-Type")).toList();
    }
}

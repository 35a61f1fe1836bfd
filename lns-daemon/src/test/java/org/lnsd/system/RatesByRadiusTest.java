package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A running TCP transfer that CoA-Requests of radclient move to another rate, into a walled garden and out again (RFC 5176). */
@Tag("system")
class RatesByRadiusTest {
    private static final String USER = "tcp@example.net";
    private static final String USERS = """
            tcp@example.net Cleartext-Password := "wonderland"
                Mikrotik-Rate-Limit = "8M/2M"
            """;
    private static final String CONFIGURATION = Site.PEER + """
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            [[filter]]
            name = "parked"
            rules = ["permit udp any any eq 53"]
            [[garden]]
            name = "unpaid"
            filter-in = "parked"
            [radius]
            timeout = "2s"
            """ + FreeRadius.SERVER + FreeRadius.CHANGES;

    private Site site;
    private Lnsd lnsd;

    @Test
    void coaMovesATransferToOtherRatesAndThroughTheGarden() {
        site = new Site(new AtomicInteger(), "rates-radius");
        try (Site here = site) {
            NetNamespace access = here.lac();
            FreeRadius radius = here.closing(FreeRadius.in(here.lns(), here.folder("radius"), USERS));
            lnsd = here.closing(new Lnsd(here.lns(), here.folder("lnsd"), CONFIGURATION));
            new Emulator(here, access, "lac", "--auth", "pap", "--user", USER, "--tun", "subs", "--tun-route",
                    "198.51.100.0/24");
            Awaitility.await("a session").atMost(60, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> lnsd.sessions().stream().anyMatch(s -> "open".equals(s.get("state"))));
            Object id = shown().get("id");
            Process transfer = transfer(access);
            here.closing(() -> Commands.end(transfer));

            assertThat(secondsFor(1_000_000)).as("1 MB at 2 Mbit/s").isGreaterThan(2);
            assertThat(coa("Mikrotik-Rate-Limit = \"8M/40M\"")).contains("CoA-ACK");
            assertThat(secondsFor(6_000_000)).as("6 MB, of which 2 Mbit/s would take 24 s").isBetween(0.5, 12.0);
            assertThat(coa("Filter-Id = \"garden:unpaid\"")).contains("CoA-ACK");
            assertThat(shown()).containsEntry("garden", "unpaid").containsEntry("filter-in", "parked");
            long dropped = number("dropped-in");
            Awaitility.await("the garden").atMost(40, TimeUnit.SECONDS).until(() -> number("dropped-in") > dropped);
            assertThat(coa("Filter-Id = \"garden:nothing\"")).contains("CoA-NAK");
            assertThat(coa("Filter-Id = \"garden:none\"")).contains("CoA-ACK");
            secondsFor(2_000_000);
            assertThat(shown()).containsEntry("id", id).containsEntry("state", "open");

            Commands.end(transfer);
            assertAccountsAreExact(radius);
        }
    }

    private Process transfer(NetNamespace access) {
        Process server = site.net().start(site.folder("lac").resolve("server.log"), "iperf3", "-s", "-B",
                Site.INTERNET);
        site.closing(() -> Commands.end(server));
        Awaitility.await("iperf3").atMost(30, TimeUnit.SECONDS)
                .until(() -> site.net().must("ss", "-ltn").contains(":5201"));
        return access.start(site.folder("lac").resolve("client.log"), "iperf3", "-c", Site.INTERNET, "-B",
                String.valueOf(shown().get("ipv4")), "-R", "-t", "300");
    }

    private Map<String, Object> shown() { return lnsd.sessions().getFirst(); }

    private long number(String key) { return (Long) shown().get(key); }

    /** How long it takes until so many more octets have gone to the subscriber. */
    private double secondsFor(long octets) {
        long from = number("octets-out");
        long begunNs = System.nanoTime();
        Awaitility.await(octets + " octets").atMost(60, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> number("octets-out") - from >= octets);
        return (System.nanoTime() - begunNs) / 1e9;
    }

    private String coa(String attributes) {
        return Commands.run(site.lns().inside(List.of("sh", "-c",
                "echo 'User-Name = \"" + USER + "\", " + attributes
                        + "' | radclient -x -r 2 127.0.0.1:3799 coa change-it")))
                .output();
    }

    // RFC 2866 section 5.3 to 5.6: what the server wrote down is what was counted
    private void assertAccountsAreExact(FreeRadius radius) {
        Awaitility.await("silence").atMost(40, TimeUnit.SECONDS).pollInterval(1, TimeUnit.SECONDS).until(() -> {
            long before = number("packets-out");
            return site.lns().run("sleep", "1").succeeded() && number("packets-out") == before;
        });
        Map<String, Object> last = shown();
        assertThat(lnsd.control("clear", "session", USER).succeeded()).isTrue();
        assertThat(radius.awaitAccounting(USER, "Stop"))
                .containsEntry("Acct-Input-Octets", String.valueOf(last.get("octets-in")))
                .containsEntry("Acct-Output-Octets", String.valueOf(last.get("octets-out")))
                .containsEntry("Acct-Input-Packets", String.valueOf(last.get("packets-in")))
                .containsEntry("Acct-Output-Packets", String.valueOf(last.get("packets-out")));
    }
}

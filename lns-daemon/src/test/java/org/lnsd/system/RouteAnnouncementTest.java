package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The examples for BIRD and FRR as they are delivered: they take lnsd's kernel routes and announce them by BGP to a BIRD
 * behind the LNS, which knows a line's networks exactly as long as it is up.
 *
 * <pre>
 * lnsd-lac --- [ lnsd, kernel, BIRD or FRR 192.0.2.10 ] core0 --- net0 [ 192.0.2.1 BIRD ]
 * </pre>
 */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteAnnouncementTest {
    private static final Path EXAMPLES = Path.of("../packaging/examples").toAbsolutePath().normalize();
    private static final String CONFIGURATION = """
            [[l2tp.peer]]
            name = "emulator"
            address = ["172.30.0.0/24"]
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/24"]
            ipv6-prefix = "2001:db8:1000::/40"
            ipv6-delegated = { prefix = "2001:db8:4000::/36", length = 56 }
            [[user]]
            name = "fixed@example.net"
            password = "wonderland"
            ipv4 = "203.0.113.7"
            routes = ["203.0.113.64/28"]
            ipv6-prefix = "2001:db8:1:7::/64"
            ipv6-delegated = "2001:db8:700::/56"
            [[user]]
            name = "pooled@example.net"
            password = "wonderland"
            [tun]
            routes = "%s"
            """;
    private static final String[] OWN_NETWORKS = {"203.0.113.7/32", "203.0.113.64/28", "2001:db8:1:7::/64",
            "2001:db8:700::/56"};
    private static final String[] POOLS = {"100.64.0.0/24", "2001:db8:1000::/40", "2001:db8:4000::/36"};
    private static final String UPSTREAM = """
            log stderr all;
            router id 192.0.2.1;
            protocol device {}
            protocol direct { ipv4; ipv6; }
            protocol bgp lns {
              local 192.0.2.1 as 64500;
              neighbor 192.0.2.10 as 64500;
              passive;
              ipv4 { import all; export none; };
              ipv6 { import all; export none; };
            }
            """;

    private Site site;
    private NetNamespace lac;
    private Path upstream;

    @BeforeAll
    void start() {
        site = new Site(new AtomicInteger(), "route-announcement");
        lac = site.lac();
        site.lns().must("ip", "address", "add", "192.0.2.10/24", "dev", "core0");
        site.net().must("ip", "address", "add", "192.0.2.1/24", "dev", "net0");
        upstream = site.folder("upstream");
        Commands.write(upstream.resolve("bird.conf"), UPSTREAM);
        bird(site.net(), upstream.resolve("bird.conf"), upstream);
    }

    @AfterAll
    void stop() { site.close(); }

    private Process bird(NetNamespace namespace, Path configuration, Path folder) {
        return entrusted(namespace.start(folder.resolve("bird.log"), "bird", "-f", "-c", configuration.toString(), "-s",
                folder.resolve("control").toString(), "-P", folder.resolve("pid").toString()));
    }

    private Process entrusted(Process process) {
        site.closing(() -> Commands.end(process));
        return process;
    }

    private Emulator dial(String user) {
        return new Emulator(site, lac, user, "--host-name", user, "--user", user, "--dhcpv6-pd");
    }

    /** The prefixes that the BIRD behind the LNS has from its neighbour. */
    private List<String> announced() {
        String routes = Commands
                .run(List.of("birdc", "-s", upstream.resolve("control").toString(), "show", "route", "protocol", "lns"))
                .output();
        return routes.lines().map(line -> line.split("\\s+")[0]).filter(prefix -> prefix.contains("/")).toList();
    }

    private List<String> awaitAnnounced(String what, Predicate<List<String>> wanted) {
        return Awaitility.await(what).atMost(90, TimeUnit.SECONDS).pollInterval(300, TimeUnit.MILLISECONDS)
                .until(this::announced, wanted);
    }

    private void aLineIsAnnouncedAsLongAsItIsUp(Lnsd lnsd) {
        Emulator fixed = dial("fixed@example.net");
        awaitAnnounced("all networks of the line", list -> list.containsAll(List.of(OWN_NETWORKS)));
        Emulator pooled = dial("pooled@example.net");
        List<String> both = awaitAnnounced("the networks of a line from the pool",
                list -> list.size() == OWN_NETWORKS.length + 3);
        assertThat(both).contains(OWN_NETWORKS).anyMatch(prefix -> prefix.matches("100\\.64\\.0\\.\\d+/32"))
                .anyMatch(prefix -> prefix.matches("2001:db8:10.*/64"))
                .anyMatch(prefix -> prefix.matches("2001:db8:4.*/56"));
        assertThat(lnsd.awaitOpen(2)).hasSize(2);
        fixed.close();
        awaitAnnounced("only the other line", list -> list.size() == 3);
        pooled.close();
        awaitAnnounced("nothing", List::isEmpty);
    }

    @Test
    void birdAnnouncesHostRoutes() {
        // A route of somebody else in the same kernel is not announced: the filter goes by the protocol number.
        site.lns().must("ip", "route", "add", "blackhole", "203.0.113.200/32", "proto", "static");
        try (Lnsd lnsd = new Lnsd(site.lns(), site.folder("host"), CONFIGURATION.formatted("host"))) {
            Process bird = bird(site.lns(), EXAMPLES.resolve("bird/bird.conf"), site.folder("bird-host"));
            aLineIsAnnouncedAsLongAsItIsUp(lnsd);
            Commands.end(bird);
        } finally {
            site.lns().must("ip", "route", "delete", "blackhole", "203.0.113.200/32");
        }
    }

    @Test
    void birdAnnouncesPools() {
        try (Lnsd lnsd = new Lnsd(site.lns(), site.folder("pool"), CONFIGURATION.formatted("pool"))) {
            Process bird = bird(site.lns(), EXAMPLES.resolve("bird/bird.conf"), site.folder("bird-pool"));
            awaitAnnounced("the pools", list -> list.size() == POOLS.length && list.containsAll(List.of(POOLS)));
            Emulator pooled = dial("pooled@example.net");
            Emulator fixed = dial("fixed@example.net");
            List<String> all = new ArrayList<>(List.of(POOLS));
            all.addAll(List.of(OWN_NETWORKS));
            awaitAnnounced("what lies outside the pools, and the pools",
                    list -> list.size() == all.size() && list.containsAll(all));
            assertThat(lnsd.awaitOpen(2)).hasSize(2);
            fixed.close();
            pooled.close();
            awaitAnnounced("the pools alone", list -> list.size() == POOLS.length && list.containsAll(List.of(POOLS)));
            Commands.end(bird);
        }
        awaitAnnounced("nothing, without lnsd", List::isEmpty);
    }

    @Test
    void frrAnnouncesHostRoutes() {
        try (Lnsd lnsd = new Lnsd(site.lns(), site.folder("frr"), CONFIGURATION.formatted("host"))) {
            Path folder = site.folder("frr-run");
            Commands.must("chown", "frr:frr", folder.toString());
            Process zebra = frr(folder, "zebra");
            Awaitility.await("zebra's socket").atMost(60, TimeUnit.SECONDS)
                    .until(() -> folder.resolve("zserv.api").toFile().exists());
            Process bgpd = frr(folder, "bgpd");
            aLineIsAnnouncedAsLongAsItIsUp(lnsd);
            Commands.end(bgpd);
            Commands.end(zebra);
        }
    }

    private Process frr(Path folder, String daemon) {
        return entrusted(site.lns().start(folder.resolve(daemon + ".log"), "/usr/lib/frr/" + daemon, "-f",
                EXAMPLES.resolve("frr/frr.conf").toString(), "-z", folder.resolve("zserv.api").toString(),
                "--vty_socket", folder.toString(), "-i", folder.resolve(daemon + ".pid").toString(), "--log", "stdout",
                "-P", "0"));
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lnsd.system.subscriber.ScriptSubscriber;
import org.lnsd.system.subscriber.ScriptTunnel;

/** Lines and tunnels that come and go all the time, and lines that have the same route: what is left is what it was before. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberFlappingTest {
    private static final String USER = "alice@example.net";
    private static final String MAIN_LINE = "office@example.net";
    private static final String BACKUP_LINE = "office-backup@example.net";
    private static final String OFFICE = "192.0.2.64/29";
    private static final int ROUNDS = 100;
    private static final int TUNNELS = 20;

    private SubscriberSite site;

    @BeforeAll
    void start() {
        site = new SubscriberSite(new AtomicInteger(), "subscriber-flapping",
                SubscriberSite.configuration("authentication = [\"pap\"]", SubscriberSite.user(USER, "")
                        + SubscriberSite.user(MAIN_LINE, "routes = [\"" + OFFICE + "\"]")
                        + SubscriberSite.user(BACKUP_LINE, "routes = [\"" + OFFICE + "\"]")));
    }

    @AfterAll
    void stop() { site.close(); }

    @Test
    void aLineThatFlapsLeavesNothing() throws IOException {
        for (int i = 0; i < 4; i++) {
            flap(i);
        }
        site.lnsd().awaitNoSessions();
        long files = openFiles();
        for (int i = 0; i < ROUNDS; i++) {
            flap(i);
        }
        site.lnsd().awaitNoSessions();
        for (int i = 0; i < TUNNELS; i++) {
            try (ScriptTunnel another = new ScriptTunnel(site.lacNamespace(), Site.LAC, 41000 + i,
                    new InetSocketAddress(Site.LNS, 1701), "flapping")) {
                new ScriptSubscriber(another.call()).open(USER, SubscriberSite.PASSWORD);
            }
        }
        site.lnsd().awaitNoSessions();
        Awaitility.await("only the tunnel of the site").atMost(40, TimeUnit.SECONDS)
                .until(() -> site.lnsd().tunnels().size() == 1);
        assertThat(site.lnsd().control("--json", "show", "pools").output()).contains("\"used\": 0")
                .doesNotContainPattern("\"used\": [1-9]");
        Awaitility.await("no route").atMost(40, TimeUnit.SECONDS).until(() -> ourRoutes().isBlank());
        assertThat(openFiles()).isLessThanOrEqualTo(files);
        assertThat(site.lnsd().log()).doesNotContain("class=bug");
    }

    /** Ends in turns as lines end: LCP Terminate, the LAC's CDN, a newer login. */
    private void flap(int round) {
        ScriptSubscriber subscriber = site.subscriber().open(USER, SubscriberSite.PASSWORD);
        switch (round % 3) {
            case 0 -> subscriber.terminate();
            case 1 -> subscriber.call.hangUp();
            default -> {
                return; // the next login replaces this one
            }
        }
    }

    /** The newest line of those that have a route gets its packets; when it ends another one does. */
    @Test
    void aRouteOfTwoLinesSurvivesTheEndOfOne() {
        ScriptSubscriber main = site.subscriber().open(MAIN_LINE, SubscriberSite.PASSWORD);
        site.awaitRoute("192.0.2.70");
        send(5300);
        main.expectUdp(5300);
        ScriptSubscriber backup = site.subscriber().open(BACKUP_LINE, SubscriberSite.PASSWORD);
        site.awaitShown(backup.call, "state", "open");
        send(5301);
        backup.expectUdp(5301);
        backup.terminate();
        backup.call.awaitDisconnect();
        send(5302);
        main.expectUdp(5302);
        assertThat(ourRoutes()).contains(OFFICE);
        main.terminate();
        main.call.awaitDisconnect();
        Awaitility.await("the route is gone").atMost(40, TimeUnit.SECONDS).until(() -> !ourRoutes().contains(OFFICE));
    }

    private void send(int port) {
        site.site().net().must("python3", "-c",
                "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.70', " + port
                        + "))");
    }

    private String ourRoutes() {
        return List.of("-4", "-6").stream()
                .map(family -> site.site().lns().must("ip", family, "route", "show", "table", "all", "proto", "76"))
                .reduce("", String::concat);
    }

    private long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + site.lnsd().pid() + "/fd"))) {
            return files.count();
        }
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.subscriber.Packets;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** One of two busy lines is intercepted: the collector gets its packets and no others, and nobody is told but the audit log. */
@Tag("system")
class SubscriberInterceptTest {
    private static final String MEANT = "meant@example.net";
    private static final String OTHER = "other@example.net";
    private static final int PACKETS = 50;

    @Test
    void theCollectorGetsExactlyThePacketsOfOneLine() {
        try (SubscriberSite site = new SubscriberSite(new AtomicInteger(), "subscriber-intercept",
                SubscriberSite.configuration("authentication = [\"pap\"]",
                        SubscriberSite.user(MEANT, "rate-down = \"50Mbit/s\"") + SubscriberSite.user(OTHER, "")));
                RawSocket collector = new RawSocket(site.site().lns().name(), Site.LNS, 0);
                RawSocket internet = new RawSocket(site.site().lns().name(), Site.LNS, 0)) {
            ScriptSubscriber meant = open(site, MEANT);
            ScriptSubscriber other = open(site, OTHER);
            Commands.Result started = site.lnsd().control("intercept", "session", MEANT,
                    Site.LNS + ":" + collector.port());
            assertThat(started.succeeded()).as(started.output()).isTrue();
            for (int i = 0; i < PACKETS; i++) {
                for (ScriptSubscriber line : new ScriptSubscriber[]{meant, other}) {
                    line.ipv4(Packets.udp(line.address(), 5000 + i, "198.51.100.2", 9, new byte[100]));
                    internet.send(new byte[200], new InetSocketAddress(line.address(), 9));
                }
            }
            int all = 0; // with the kernel's own answers that nobody is at port 9
            int up = 0;
            int down = 0;
            for (byte[] packet = collector.receive(20_000); packet != null; packet = collector
                    .receive(up + down == 2 * PACKETS ? 1_000 : 20_000)) {
                all++;
                up += packet.length == 128 ? 1 : 0;
                down += packet.length == 228 ? 1 : 0;
                assertThat(packet[0]).as("an IPv4 packet as it is").isEqualTo((byte) 0x45);
            }
            assertThat(up).isEqualTo(PACKETS);
            assertThat(down).isEqualTo(PACKETS);
            assertThat(site.lnsd().control("intercept", "list").output()).contains("user=" + MEANT,
                    "packets=" + all + " lost=0");
            assertThat(site.lnsd().control("show", "session", MEANT).output()).doesNotContainIgnoringCase("intercept");
            meant.terminate();
            Awaitility.await("the stop in the audit log").atMost(40, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(Commands
                            .text(site.lnsd().configuration().resolveSibling("state").resolve("audit.log")).lines())
                            .satisfiesExactly(
                                    line -> assertThat(line).contains("intercept-start", "user=" + MEANT,
                                            "requester=root"),
                                    line -> assertThat(line).contains("intercept-stop", " lost=0",
                                            "requester=session-end")));
            assertThat(site.lnsd().log()).doesNotContainIgnoringCase("intercept");
            other.terminate();
        }
    }

    private static ScriptSubscriber open(SubscriberSite site, String user) {
        ScriptSubscriber subscriber = site.subscriber().open(user, SubscriberSite.PASSWORD);
        site.awaitShown(subscriber.call, "state", "open");
        site.awaitRoute(subscriber.address());
        return subscriber;
    }
}

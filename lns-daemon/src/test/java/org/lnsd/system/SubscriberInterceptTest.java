package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.subscriber.Packets;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** One of some busy lines is intercepted: the collector gets its packets and no others, and nobody is told but the audit log. */
@Tag("system")
class SubscriberInterceptTest {
    private static final String MEANT = "meant1@example.net";
    private static final String OTHER = "other@example.net";
    private static final int PACKETS = 50;
    private static final int LINES = 1000;

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

    /** What the emulator sends is numbered for each line, up and down: all of one line that the daemon counted is there, and of the others nothing. */
    @Test
    void oneOfAThousandBusyLinesIsSeenAndNoOther() {
        try (Site place = new Site(new AtomicInteger(), "thousand-intercept");
                RawSocket collector = new RawSocket(place.lns().name(), "127.0.0.1", 0)) {
            NetNamespace lac = place.lac();
            String users = IntStream.rangeClosed(1, LINES)
                    .mapToObj(line -> SubscriberSite.user("meant" + line + "@example.net", ""))
                    .collect(Collectors.joining());
            Lnsd lnsd = place.closing(new Lnsd(place.lns(), place.folder("lnsd"),
                    SubscriberSite.configuration("authentication = [\"pap\"]", users)
                            .replace("100.64.0.0/24", "100.64.0.0/18")));
            Emulator emulator = new Emulator(place, lac, "lac", "--sessions", String.valueOf(LINES), "--tunnels", "4",
                    "--user", "meant%d@example.net", "--password", SubscriberSite.PASSWORD, "--auth", "pap", "--rate",
                    "300", "--core", Site.INTERNET + ":5003", "--core-netns", place.net().name(), "--traffic",
                    "up,200,pps=8000,seconds=3", "--traffic", "down,400,pps=8000,seconds=3", "--hold", "300");
            Awaitility.await("the first line").atMost(40, TimeUnit.SECONDS)
                    .until(() -> lnsd.control("show", "session", MEANT).output().contains("open"));
            long before = packets(lnsd);
            Commands.Result started = lnsd.control("intercept", "session", MEANT, "127.0.0.1:" + collector.port());
            assertThat(started.succeeded()).as(started.output()).isTrue();
            long begun = packets(lnsd); // as a rule both 0: the emulator sends when all lines are up
            emulator.awaitFlows(2);
            assertThat(emulator.log()).contains(LINES + " of " + LINES);
            long all = packets(lnsd);
            assertThat(lnsd.control("intercept", "stop", MEANT).succeeded()).isTrue();

            List<Mark> copies = new ArrayList<>();
            for (byte[] packet = collector.receive(5_000); packet != null; packet = collector.receive(1_000)) {
                copies.add(Mark.of(packet));
            }
            assertThat((long) copies.size()).isBetween(all - begun, all - before).isGreaterThan(20);
            assertThat(copies.stream().map(Mark::flow).distinct()).as("lines").hasSize(1);
            assertThat(copies.stream().map(Mark::address).distinct()).as("addresses").hasSize(1);
            assertThat(copies).as("each once and in order")
                    .isSortedAccordingTo(Comparator.comparing(Mark::up).reversed().thenComparing(Mark::number))
                    .doesNotHaveDuplicates();
            assertThat(Commands.text(lnsd.configuration().resolveSibling("state").resolve("audit.log")).lines())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("intercept-start", "user=" + MEANT, "requester=root",
                                    "target=127.0.0.1:" + collector.port()),
                            line -> assertThat(line).contains("intercept-stop", "user=" + MEANT,
                                    "packets=" + copies.size() + " lost=0", "requester=root"));
        }
    }

    private static long packets(Lnsd lnsd) {
        return lnsd.sessions().stream().filter(session -> MEANT.equals(session.get("user")))
                .mapToLong(session -> (Long) session.get("packets-in") + (Long) session.get("packets-out")).sum();
    }

    /**
     * What a copy of the emulator's tells of itself.
     *
     * @param address the subscriber's
     */
    private record Mark(boolean up, int address, int flow, long number) {
        static Mark of(byte[] packet) {
            ByteBuffer fields = ByteBuffer.wrap(packet);
            assertThat(fields.getInt(28)).as("the emulator's mark").isEqualTo(0x6C6E7364);
            boolean up = packet.length == 228;
            return new Mark(up, fields.getInt(up ? 12 : 16), fields.getInt(32),
                    fields.order(ByteOrder.nativeOrder()).getLong(36));
        }
    }

    private static ScriptSubscriber open(SubscriberSite site, String user) {
        ScriptSubscriber subscriber = site.subscriber().open(user, SubscriberSite.PASSWORD);
        site.awaitShown(subscriber.call, "state", "open");
        site.awaitRoute(subscriber.address());
        return subscriber;
    }
}

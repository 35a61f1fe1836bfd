package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No accounting record is lost or told twice, though all servers are away while six hundred sessions end and lnsd is killed meanwhile:
 * three hundred hang up before, two hundred are cut by the kill, and a hundred come and go afterwards, before a server is back.
 */
@Tag("system")
class RadiusOutageTest {
    private static final int HUNG_UP = 300;
    private static final int CUT = 200;
    private static final int LATE = 100;
    private static final int TRAFFIC_SECONDS = 3;
    private static final int PAYLOAD_BYTES = 64;
    private static final int PACKET_BYTES = PAYLOAD_BYTES + 28;
    private static final String USERS = "DEFAULT Cleartext-Password := \"wonderland\"\n";
    private static final String CONFIGURATION = Site.PEER + """
            [ppp]
            authentication = ["pap"]
            ipv6 = false
            address = "100.64.0.1"
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/22"]
            [radius]
            timeout = "3s"
            attempts = 2
            interim-interval = "4s"
            """ + FreeRadius.SERVER
            + IntStream.range(0, LATE).mapToObj(number -> """
                    [[user]]
                    name = "late%d@example.net"
                    password = "wonderland"
                    """.formatted(number)).collect(Collectors.joining());
    /** How much longer than the sessions' ends the outage lasts; minutes where the system property says so. */
    private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("lnsd.outage.seconds", 0));
    private static final DateTimeFormatter EVENT_TIME = DateTimeFormatter.ofPattern("MMM ppd yyyy HH:mm:ss zzz",
            Locale.US);

    private final AtomicInteger namespaces = new AtomicInteger();
    private final Map<String, String> packets = new HashMap<>();
    private int corePort = 5001;

    // RFC 2866 section 2: kept until a server has taken it
    @Test
    void everySessionHasOneStartAndOneStopThoughServersAndDaemonWereGone() {
        try (Site site = new Site(namespaces, "radius-outage")) {
            NetNamespace access = site.lac();
            FreeRadius before = server(site, "radius-1");
            Lnsd first = site.closing(new Lnsd(site.lns(), site.folder("lnsd-1"), CONFIGURATION));
            Emulator hungUp = subscribers(site, access, "hungup", HUNG_UP);
            Emulator cut = subscribers(site, access, "cut", CUT);
            first.awaitOpen(HUNG_UP + CUT);
            awaitTraffic(first, hungUp, cut);
            Awaitility.await("what has been used is told").atMost(60, TimeUnit.SECONDS)
                    .pollInterval(500, TimeUnit.MILLISECONDS)
                    .until(() -> told(before, "Start") == HUNG_UP + CUT
                            && toldWithAllPackets(before) == HUNG_UP + CUT);
            before.close();
            hungUp.close();
            Awaitility.await().atMost(30, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> first.sessions().size() == CUT);
            Awaitility.await("the server is known to be dead").atMost(30, TimeUnit.SECONDS)
                    .until(() -> first.log().contains("radius-server-dead kind=accounting"));
            ProcessHandle.of(first.pid()).ifPresent(ProcessHandle::destroyForcibly);
            first.awaitExit();
            cut.kill();

            Path state = site.folder("lnsd-1").resolve("state");
            Commands.must("cp", "-a", state.toString(), site.folder("lnsd-2").toString());
            Lnsd second = site.closing(new Lnsd(site.lns(), site.folder("lnsd-2"), CONFIGURATION));
            Emulator late = subscribers(site, access, "late", LATE);
            second.awaitOpen(LATE);
            awaitTraffic(second, late);
            late.close();
            second.awaitNoSessions();
            Awaitility.await("the outage").pollDelay(OUTAGE).atMost(OUTAGE.plusMinutes(1)).until(() -> true);
            FreeRadius after = site.closing(server(site, "radius-2"));
            Awaitility.await("all is told").atMost(120, TimeUnit.SECONDS).pollInterval(500, TimeUnit.MILLISECONDS)
                    .until(() -> of(after.accounting(), "Stop").size() >= HUNG_UP + CUT + LATE);

            SubscriberLine last = SubscriberLine.open(access, 700, "last@example.net");
            after.awaitAccounting("last@example.net", "Start");
            last.ping(1);
            assertThat(second.terminate()).isZero();
            assertRecords(before.accounting(), after.accounting());
            assertThat(after.awaitAccounting("last@example.net", "Stop")).containsEntry("Acct-Terminate-Cause",
                    "Admin-Reboot").containsEntry("Acct-Input-Packets", "1");
            assertThat(after.accounting().getLast()).containsEntry("Acct-Status-Type", "Accounting-Off");
            last.close();
        }
    }

    private static FreeRadius server(Site site, String name) {
        return FreeRadius.in(site.lns(), site.folder(name)).users(USERS).quiet().start();
    }

    private Emulator subscribers(Site site, NetNamespace access, String name, int count) {
        return new Emulator(site, access, name, "--sessions", String.valueOf(count), "--first", "0", "--user",
                name + "%d@example.net", "--auth", "pap", "--hold", "600", "--core", Site.INTERNET + ":" + corePort++,
                "--core-netns", site.net().name(), "--traffic",
                "up," + PAYLOAD_BYTES + ",pps=" + count + ",seconds=" + TRAFFIC_SECONDS);
    }

    /** Waits for the end of the traffic and notes how many packets each subscriber has sent. */
    private void awaitTraffic(Lnsd lnsd, Emulator... emulators) {
        for (Emulator emulator : emulators) {
            emulator.awaitFlows(1);
        }
        lnsd.sessions().forEach(session -> packets.put(String.valueOf(session.get("user")),
                String.valueOf(session.get("packets-in"))));
        assertThat(packets).doesNotContainValue("0");
    }

    private long told(FreeRadius server, String status) {
        return of(server.accounting(), status).stream().map(record -> record.get("User-Name")).distinct().count();
    }

    private long toldWithAllPackets(FreeRadius server) {
        return of(server.accounting(), "Interim-Update").stream()
                .filter(record -> packets.get(record.get("User-Name")).equals(record.get("Acct-Input-Packets")))
                .map(record -> record.get("User-Name")).distinct().count();
    }

    private static List<Map<String, String>> of(List<Map<String, String>> records, String status) {
        return records.stream().filter(record -> status.equals(record.get("Acct-Status-Type"))).toList();
    }

    private void assertRecords(List<Map<String, String>> before, List<Map<String, String>> after) {
        List<Map<String, String>> all = new ArrayList<>(before);
        all.addAll(after);
        Map<String, List<Map<String, String>>> starts = bySession(of(all, "Start"));
        Map<String, List<Map<String, String>>> stops = bySession(of(all, "Stop"));
        assertThat(starts).hasSize(HUNG_UP + CUT + LATE + 1).allSatisfy((_, records) -> assertThat(records).hasSize(1));
        assertThat(stops.keySet()).isEqualTo(starts.keySet());
        assertThat(stops).allSatisfy((id, records) -> {
            assertThat(records).hasSize(1);
            assertStop(starts.get(id).getFirst(), records.getFirst());
        });
    }

    private static Map<String, List<Map<String, String>>> bySession(List<Map<String, String>> records) {
        return records.stream().collect(Collectors.groupingBy(record -> record.get("Acct-Session-Id")));
    }

    private void assertStop(Map<String, String> start, Map<String, String> stop) {
        String user = stop.get("User-Name");
        assertThat(start).containsEntry("User-Name", user);
        long seconds = eventSeconds(stop) - eventSeconds(start);
        assertThat(Long.parseLong(stop.get("Acct-Session-Time"))).as("time of %s", user).isCloseTo(seconds, within(1L));
        for (Map<String, String> record : List.of(start, stop)) {
            long delaySeconds = Long.parseLong(record.get("Acct-Delay-Time"));
            assertThat(eventSeconds(record) + delaySeconds).as("delay of %s", record)
                    .isCloseTo(Long.parseLong(record.get("Timestamp")), within(5L));
        }
        if (!user.startsWith("last")) {
            long sent = Long.parseLong(packets.get(user));
            assertThat(stop).containsEntry("Acct-Input-Packets", String.valueOf(sent))
                    .containsEntry("Acct-Input-Octets", String.valueOf(sent * PACKET_BYTES))
                    .containsEntry("Acct-Output-Packets", "0")
                    .containsEntry("Acct-Terminate-Cause", user.startsWith("cut") ? "NAS-Reboot" : "User-Request");
        }
    }

    private static long eventSeconds(Map<String, String> record) {
        return ZonedDateTime.parse(record.get("Event-Timestamp"), EVENT_TIME).toEpochSecond();
    }
}

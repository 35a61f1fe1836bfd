package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What FreeRADIUS writes down is what the generator sent and received, to the packet and the octet: RFC 2866 sections 5.3, 5.4, 5.8, 5.9. */
@Tag("system")
class RadiusCountersTest {
    private static final int SESSIONS = 30;
    private static final int IPV4_UDP_HEADER_BYTES = 28;
    private static final int IMIX = -1;
    /** The emulator's mix, in its order. */
    private static final int[] IMIX_BYTES = {36, 36, 36, 36, 36, 36, 36, 548, 548, 548, 548, 1400};
    private static final List<String> STEPS = List.of("up,imix,pps=1500,seconds=1", "down,imix,pps=1500,seconds=1",
            "up,64,pps=1500,train=16,seconds=1", "down,1372,pps=1500,train=16,seconds=1");

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void interimAndStopRecordsBearTheGeneratorsCounts() {
        try (Site site = new Site(namespaces, "radius-counters")) {
            NetNamespace access = site.lac();
            FreeRadius radius = site.closing(FreeRadius.in(site.lns(), site.folder("radius")).users("""
                    DEFAULT Cleartext-Password := "wonderland"
                        Service-Type = Framed-User, Framed-Protocol = PPP
                    """).quiet().start());
            site.closing(new Lnsd(site.lns(), site.folder("lnsd"), Site.PEER + """
                    [ppp]
                    authentication = ["pap"]
                    ipv6 = false
                    address = "100.64.0.1"
                    [[pool]]
                    name = "default"
                    ipv4 = ["100.64.0.0/20"]
                    [radius]
                    interim-interval = "1s"
                    """ + FreeRadius.SERVER));
            Emulator generator = generate(site, access);
            generator.awaitFlows(STEPS.size());
            int toldBefore = of(radius, "Interim-Update").size();
            Awaitility.await("interim records after the traffic").atMost(60, TimeUnit.SECONDS)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> of(radius, "Interim-Update").size() >= toldBefore + 3 * SESSIONS);
            Map<String, Long> told = latest(of(radius, "Interim-Update"));
            generator.close();
            Awaitility.await("all stops").atMost(60, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> of(radius, "Stop").size() == SESSIONS);

            Map<String, Long> generated = generated(generator);
            assertThat(told).as("the last interim records").isEqualTo(generated);
            assertThat(latest(of(radius, "Stop"))).as("the stop records").isEqualTo(generated);
        }
    }

    private static Emulator generate(Site site, NetNamespace access) {
        List<String> options = new ArrayList<>(List.of("--sessions", String.valueOf(SESSIONS), "--tunnels", "3",
                "--user", "user%d@example.net", "--auth", "pap", "--hold", "600", "--core", Site.INTERNET + ":5001",
                "--core-netns", site.net().name()));
        STEPS.forEach(step -> options.addAll(List.of("--traffic", step)));
        return new Emulator(site, access, "lac", options.toArray(String[]::new));
    }

    private static List<Map<String, String>> of(FreeRadius server, String status) {
        return server.accounting().stream().filter(record -> status.equals(record.get("Acct-Status-Type"))).toList();
    }

    /** The sums over the last record of each session. */
    private static Map<String, Long> latest(List<Map<String, String>> records) {
        Map<String, Map<String, String>> last = new HashMap<>();
        records.forEach(record -> last.put(record.get("Acct-Session-Id"), record));
        assertThat(last).hasSize(SESSIONS);
        Map<String, Long> sums = new HashMap<>();
        for (Map<String, String> record : last.values()) {
            for (String name : List.of("Acct-Input-Packets", "Acct-Input-Octets", "Acct-Output-Packets",
                    "Acct-Output-Octets")) {
                sums.merge(name, Long.parseLong(record.get(name)), Long::sum);
            }
        }
        return sums;
    }

    /** What was sent: what arrived is told half a second after the end, when a slow machine may still be at it. */
    private static Map<String, Long> generated(Emulator generator) {
        Map<String, Long> sums = new HashMap<>();
        for (Map<String, Object> step : Json.objects(generator.report().get("traffic"))) {
            long packets = (Long) step.get("sent");
            String way = "up".equals(step.get("direction")) ? "Input" : "Output";
            sums.merge("Acct-" + way + "-Packets", packets, Long::sum);
            sums.merge("Acct-" + way + "-Octets",
                    payloadBytes(packets, (Long) step.get("payload-bytes")) + packets * IPV4_UDP_HEADER_BYTES,
                    Long::sum);
        }
        return sums;
    }

    private static long payloadBytes(long packets, long payloadBytes) {
        return payloadBytes != IMIX
                ? packets * payloadBytes
                : LongStream.range(0, packets).map(packet -> IMIX_BYTES[(int) (packet % IMIX_BYTES.length)]).sum();
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.HELLO;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.lac.ScriptedLac;
import org.lnsd.system.lac.ScriptedPpp;

/**
 * Control goes before data: while more data comes than goes through, HELLO (RFC 2661 section 6.5) and LCP Echo-Request (RFC 1661 section 5.8) are
 * answered though each is sent once, and tunnels open. How fast is measured by {@code make bench}: here generator, LNS and test share the machine.
 */
@Tag("system")
class ControlUnderFloodTest {
    private static final int FLOOD_SESSIONS = 100;
    private static final int ROUNDS = 30;
    private static final int LCP_ECHO_REPLY = 10;

    private final AtomicInteger namespaces = new AtomicInteger();

    @Test
    void helloAndEchoAreAnsweredAndTunnelsOpenWhileDataFloods() {
        try (Site site = new Site(namespaces, "flood")) {
            NetNamespace access = site.lac();
            Lnsd lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), """
                    [[l2tp.peer]]
                    name = "emulator"
                    address = ["172.30.0.0/24"]
                    [ppp]
                    authentication = ["pap"]
                    ipv6 = false
                    address = "100.64.0.1"
                    duplicate-logins = "allow"
                    [[pool]]
                    name = "default"
                    ipv4 = ["100.64.0.0/20"]
                    [[user]]
                    name = "user@example.net"
                    password = "wonderland"
                    """));
            Emulator generator = new Emulator(site, access, "lac", "--sessions", String.valueOf(FLOOD_SESSIONS),
                    "--tunnels", "4", "--user", "user@example.net", "--auth", "pap", "--core", Site.INTERNET + ":5001",
                    "--core-netns", site.net().name(), "--traffic", "up,imix,pps=max,seconds=120", "--hold", "600");
            Line line = new Line(access, 900);
            Awaitility.await("the flood").atMost(60, TimeUnit.SECONDS).pollInterval(200, TimeUnit.MILLISECONDS)
                    .until(() -> packetsIn(lnsd) > 100_000);
            Set<Object> before = ids(lnsd.awaitOpen(FLOOD_SESSIONS + 1));

            for (int round = 1; round <= ROUNDS; round++) {
                line.hello();
                line.echo(round);
                if (round % 10 == 0) {
                    new ScriptedLac(new RawSocket(access.name(), Site.LAC, 0), Site.LNS, "another", 900 + round).open()
                            .close();
                }
            }
            assertThat(ids(lnsd.awaitOpen(FLOOD_SESSIONS + 1))).as("no session is lost").isEqualTo(before);
            generator.close();
            assertThat(generator.report()).containsEntry("sessions-lost", 0L)
                    .containsEntry("complete", true).hasEntrySatisfying("traffic",
                            steps -> assertThat(Json.objects(steps)).hasSize(1));
            line.lac.close();
        }
    }

    private static Set<Object> ids(List<Map<String, Object>> sessions) {
        return sessions.stream().map(session -> session.get("id")).collect(Collectors.toSet());
    }

    private static long packetsIn(Lnsd lnsd) {
        return lnsd.sessions().stream().mapToLong(session -> (Long) session.getOrDefault("packets-in", 0L)).sum();
    }

    /** A tunnel with one subscriber, whose messages are sent once. */
    private static final class Line {
        private final ScriptedLac lac;
        private final ScriptedPpp ppp;
        private final int peerSession;
        private int lastReply;

        Line(NetNamespace access, int tunnelId) {
            lac = new ScriptedLac(new RawSocket(access.name(), Site.LAC, 0), Site.LNS, "probe", tunnelId).open();
            peerSession = lac.call(1);
            ppp = new ScriptedPpp("user@example.net", "wonderland", frame -> lac.sendData(peerSession, frame)).start();
            pump(ppp::isOpen);
        }

        void hello() {
            lac.send(Message.of(HELLO));
            lac.expectAcknowledged();
        }

        void echo(int identifier) {
            lac.sendData(peerSession, ByteBuffer.allocate(12).putInt(0xff03c021)
                    .putInt(0x0900_0008 | identifier << 16).putInt(0).array());
            pump(() -> lastReply == identifier);
        }

        private void pump(BooleanSupplier until) {
            long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * ScriptedLac.PATIENCE_MS);
            while (!until.getAsBoolean()) {
                Packet packet = lac.pollData(Math.max(1, (untilNs - System.nanoTime()) / 1_000_000));
                assertThat(packet).as("an answer in time").isNotNull();
                byte[] frame = packet.payload();
                if (frame.length > 5 && frame[4] == LCP_ECHO_REPLY && List.of(0xc0, 0x21).equals(
                        List.of(frame[2] & 0xff, frame[3] & 0xff))) {
                    lastReply = frame[5] & 0xff;
                } else {
                    ppp.onFrame(frame);
                }
            }
        }
    }
}

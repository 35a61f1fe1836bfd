package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.*;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.ScriptedLac;

/** How often and when an LNS in a hurry repeats what nobody acknowledges: RFC 2661 sections 5.5 and 5.8. */
@Tag("system")
class L2tpRepetitionTest {
    /** Three slow stories at once: an ICRP, a SCCRP and a HELLO. */
    @Test
    void whatIsNotAcknowledgedIsRepeatedAndGivenUp() {
        try (LacScene scene = new LacScene("l2tp-repetition", 300, """
                [l2tp]
                hello-interval = "3s"
                retransmit = { initial = "500ms", maximum = "4s", attempts = 5 }
                [[l2tp.peer]]
                name = "open"
                address = ["172.30.0.0/24"]
                """)) {
            tellThreeStories(scene);
        }
    }

    private static void tellThreeStories(LacScene scene) {
        ScriptedLac setUp = scene.lac("open").mute();
        ScriptedLac call = scene.lac("open").open();
        ScriptedLac idle = scene.lac("open").open();
        idle.send(Message.of(HELLO));
        idle.expectAcknowledged();
        long idleSince = System.nanoTime();
        call.mute();
        setUp.send(setUp.sccrq());
        call.send(ScriptedLac.icrq(1));

        List<List<Double>> times = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (ScriptedLac lac : List.of(setUp, call)) {
            List<Double> seen = new ArrayList<>();
            times.add(seen);
            int type = lac == call ? ICRP : SCCRP;
            readers.add(Thread.ofPlatform().start(() -> record(lac, type, seen, 18)));
        }
        idle.mute();
        Packet hello = idle.poll(10_000);
        double helloSeconds = (System.nanoTime() - idleSince) / 1e9;
        assertThat(hello).isNotNull();
        assertThat(hello.type()).isEqualTo(HELLO);
        assertThat(hello.sessionId()).isZero();
        assertThat(helloSeconds).isBetween(2.7, 9.0);
        assertThat(idle.poll(5_000)).as("HELLO again").isNotNull()
                .matches(p -> p.type() == HELLO && p.ns() == hello.ns());
        idle.acknowledge();
        assertThat(idle.poll(1_500)).isNull();
        Packet next = idle.poll(6_000);
        assertThat(next).isNotNull().matches(p -> p.type() == HELLO);
        idle.unmute().acknowledge();

        for (Thread reader : readers) {
            join(reader);
        }
        assertSpaced(times.get(0), 0, 0.5, 1.5, 3.5, 7.5, 11.5);
        assertSpaced(times.get(1), 0, 0.5, 1.5, 3.5, 7.5, 11.5);
        assertThat(scene.lnsd().tunnels()).noneMatch(t -> t.get("id").equals((long) call.peerTunnelId()));
        call.send(Message.of(HELLO));
        assertThat(call.poll(ScriptedLac.SILENCE_MS)).as("the tunnel is forgotten").isNull();
        List.of(setUp, call).forEach(lac -> lac.socket().close());
        idle.close();
    }

    private static void record(ScriptedLac lac, int type, List<Double> seen, int seconds) {
        long start = System.nanoTime();
        long untilNs = start + seconds * 1_000_000_000L;
        for (long leftMs = 1; leftMs > 0; leftMs = (untilNs - System.nanoTime()) / 1_000_000) {
            Packet packet = lac.poll(Math.max(leftMs, 1_000));
            if (packet != null && packet.type() == type) {
                seen.add((System.nanoTime() - start) / 1e9);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The times of transmission; on a loaded machine the first may be read late, which makes the others early, and each may be late. */
    private static void assertSpaced(List<Double> times, double... expected) {
        assertThat(times).as("%s", times).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(times.get(i)).as("%s", times).isBetween(expected[i] - 0.8, expected[i] + 3.0);
        }
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.*;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.ScriptedLac;

/** Reliable delivery as a LAC sees it: RFC 2661 sections 5.5, 5.7, 5.8 and Appendix A. */
@Tag("system")
@TestInstance(Lifecycle.PER_CLASS)
class L2tpDeliveryTest {
    private final LacScene scene = new LacScene("l2tp-delivery", 200, """
            [l2tp]
            hello-interval = "3s"
            receive-window = 8
            [[l2tp.peer]]
            name = "open"
            address = ["172.30.0.0/24"]
            [[user]]
            name = "user@example.net"
            password = "wonderland"
            """);
    private final Lnsd lnsd = scene.lnsd();

    @AfterAll
    void stop() { scene.close(); }

    private ScriptedLac lac() { return scene.lac("open"); }

    @Test
    void everyMessageIsAcknowledgedAtOnce() {
        try (ScriptedLac lac = lac().open()) {
            lac.send(Message.of(HELLO));
            Packet ack = lac.poll(ScriptedLac.PATIENCE_MS);
            assertThat(ack).isNotNull();
            assertThat(ack.type()).isEqualTo(ZLB);
            assertThat(ack.nr()).isEqualTo(lac.ns());
            assertThat(ack.ns()).as("a ZLB takes no number").isEqualTo(lac.nr());
            assertThat(ack.tunnelId()).isEqualTo(lac.localTunnelId());
            assertThat(ack.sessionId()).isZero();
        }
    }

    @Test
    void acknowledgementsAreNotAcknowledged() {
        try (ScriptedLac lac = lac().open()) {
            for (int i = 0; i < 5; i++) {
                lac.acknowledge();
            }
            lac.sendAt(Message.bare(), lac.ns() + 5, lac.nr());
            lac.expectSilence();
        }
    }

    @Test
    void duplicatesAreAcknowledgedAndNotObeyedTwice() {
        try (ScriptedLac lac = lac().open()) {
            byte[] icrq = lac.send(ScriptedLac.icrq(1));
            lac.expect(ICRP);
            for (int i = 0; i < 3; i++) {
                lac.sendRaw(icrq);
                Packet answer = lac.poll(ScriptedLac.PATIENCE_MS);
                assertThat(answer).isNotNull();
                assertThat(answer.type()).isEqualTo(ZLB);
                assertThat(answer.nr()).isEqualTo(lac.ns());
            }
        }
    }

    @Test
    void messagesOutOfOrderAreTakenInOrder() {
        try (ScriptedLac lac = lac().open()) {
            int first = lac.ns();
            lac.sendAt(ScriptedLac.icrq(3), first + 2, lac.nr());
            lac.sendAt(ScriptedLac.icrq(2), first + 1, lac.nr());
            for (Packet packet = lac.poll(300); packet != null; packet = lac.poll(300)) {
                assertThat(packet.type()).isEqualTo(ZLB);
                assertThat(packet.nr()).isEqualTo(first);
            }
            lac.sendAt(ScriptedLac.icrq(1), first, lac.nr());
            lac.skip(3);
            List<Integer> answered = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answered.add(lac.expect(ICRP).sessionId());
            }
            assertThat(answered).containsExactly(1, 2, 3);
        }
    }

    @Test
    void messagesBeyondTheWindowAreDropped() {
        try (ScriptedLac lac = lac().open()) {
            int first = lac.ns();
            for (int ahead : new int[]{8, 9, 100, 30_000}) {
                lac.sendAt(ScriptedLac.icrq(ahead), first + ahead, lac.nr());
            }
            for (int ahead = 0; ahead < 8; ahead++) {
                lac.sendAt(Message.of(HELLO), first + ahead, lac.nr());
            }
            lac.skip(8);
            lac.expectAcknowledged();
            lac.expectNoMessage();
            lac.call(7);
        }
    }

    @Test
    void numbersWrap() {
        try (ScriptedLac lac = lac().open()) {
            for (int i = 0; i < 65_600; i++) {
                lac.send(Message.of(HELLO));
                if (i % 8 == 7) {
                    lac.expectAcknowledged();
                }
            }
            lac.expectAcknowledged();
            assertThat(lac.ns()).isLessThan(1_000);
            lac.call(4);
        }
    }

    @Test
    void acknowledgementsOfWhatWasNeverSentAreIgnored() {
        try (ScriptedLac lac = lac().open()) {
            lac.mute();
            lac.send(ScriptedLac.icrq(1));
            Packet icrp = lac.expect(ICRP);
            lac.sendAt(Message.bare(), lac.ns(), lac.nr() + 20);
            Packet again = lac.expect(ICRP);
            assertThat(again.ns()).isEqualTo(icrp.ns());
            lac.acknowledge();
            lac.expectNoMessage();
            lac.sendAt(Message.of(HELLO), lac.ns(), 0);
            lac.skip(1);
            lac.expectAcknowledged();
            lac.unmute();
            lac.call(2);
        }
    }

    @Test
    void noMoreThanTheWindowOfTheLacIsUnacknowledged() {
        for (int window : new int[]{1, 4}) {
            try (ScriptedLac lac = lac()) {
                lac.send(lac.sccrqWithoutWindow().u16(RECEIVE_WINDOW_SIZE, window));
                lac.learn(lac.expect(SCCRP));
                lac.send(Message.of(SCCCN));
                lac.expectAcknowledged();
                int count = 8;
                lac.mute();
                int oldNr = lac.nr();
                int unacknowledged = 0;
                int answered = 0;
                for (int id = 1; id <= count; id++) {
                    lac.sendAt(ScriptedLac.icrq(id), lac.ns(), oldNr);
                    lac.skip(1);
                }
                while (answered < count) {
                    Packet packet = lac.poll(600);
                    if (packet != null && packet.type() == ICRP) {
                        unacknowledged++;
                        answered++;
                        assertThat(unacknowledged).isLessThanOrEqualTo(window);
                    } else if (packet == null) {
                        assertThat(unacknowledged).isPositive();
                        lac.acknowledge();
                        unacknowledged = 0;
                    }
                }
            }
        }
    }

    @Test
    void aStopCcnIsAcknowledgedFor31SecondsAndEndsAllSessions() {
        ScriptedLac lac = lac().open();
        lac.call(1);
        lac.call(2);
        byte[] stop = lac.send(lac.stopCcn());
        lac.expectAcknowledged();
        assertThat(lnsd.sessions()).noneMatch(s -> s.get("tunnel-id").equals((long) lac.peerTunnelId()));
        assertThat(lnsd.tunnels()).noneMatch(t -> t.get("id").equals((long) lac.peerTunnelId()));
        for (int i = 0; i < 4; i++) {
            lac.sendRaw(stop);
            Packet ack = lac.poll(ScriptedLac.PATIENCE_MS);
            assertThat(ack).isNotNull();
            assertThat(ack.type()).isEqualTo(ZLB);
            assertThat(ack.nr()).isEqualTo(lac.ns());
        }
        lac.send(ScriptedLac.icrq(9));
        lac.expectNoMessage();
        lac.socket().close();
    }

    @Test
    void aCdnIsAcknowledgedAgainAndItsSessionIdRests() {
        try (ScriptedLac lac = lac().open()) {
            int session = lac.call(1);
            byte[] cdn = lac.send(ScriptedLac.cdn(session, 1));
            lac.expectAcknowledged();
            lac.sendRaw(cdn);
            assertThat(lac.poll(ScriptedLac.PATIENCE_MS)).isNotNull().matches(p -> p.type() == ZLB);
            lac.send(ScriptedLac.cdn(session, 1));
            lac.expectAcknowledged();
            lac.expectNoMessage();
            for (int id = 2; id < 30; id++) {
                assertThat(lac.call(id)).isNotEqualTo(session);
            }
        }
    }
}

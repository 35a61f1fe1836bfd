package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.*;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.ScriptedLac;

/** Calls of a LAC that does one thing wrong, or a rare thing right: RFC 2661 sections 4.4, 5.2, 6.5 to 6.14, 7.4, 7.5; RFC 5515. */
@Tag("system")
@TestInstance(Lifecycle.PER_CLASS)
class L2tpCallTest {
    private static final String SECRET = "between-us-two";

    private final LacScene scene = new LacScene("l2tp-call", 300, """
            [[l2tp.peer]]
            name = "few"
            address = ["172.30.0.0/24"]
            hostname = "few*"
            maximum-sessions = 2
            [[l2tp.peer]]
            name = "open"
            address = ["172.30.0.0/24"]
            secret = "%s"
            challenge = false
            [[user]]
            name = "user@example.net"
            password = "wonderland"
            """.formatted(SECRET));
    private final Lnsd lnsd = scene.lnsd();

    @AfterAll
    void stop() { scene.close(); }

    private ScriptedLac lac() { return lac("open"); }

    private ScriptedLac lac(String hostName) { return scene.lac(hostName).open(); }

    private List<Map<String, Object>> sessions(ScriptedLac lac) {
        return lnsd.sessions().stream().filter(s -> s.get("tunnel-id").equals((long) lac.peerTunnelId())).toList();
    }

    private void awaitSessions(ScriptedLac lac, int count) { scene.awaitSessions(lac, count); }

    /** A CDN for the session of ours comes, the tunnel lives on, and so does a bystander. */
    private void assertDisconnected(ScriptedLac lac, int localSessionId, String result) {
        Packet cdn = lac.expect(CDN);
        assertThat(cdn.result()).as("%s", cdn).isEqualTo(result);
        assertThat(cdn.sessionId()).as("%s", cdn).isEqualTo(localSessionId);
        lac.send(Message.of(HELLO));
        lac.expectAcknowledged();
    }

    // RFC 2661 sections 6.6, 6.7, 6.8
    @Test
    void aCallIsConnectedByThreeMessages() {
        try (ScriptedLac lac = lac()) {
            lac.send(ScriptedLac.icrq(17).u32(BEARER_TYPE, 2).text(CALLING_NUMBER, "0123456789").text(CALLED_NUMBER,
                    "777").optional(PHYSICAL_CHANNEL_ID, (byte) 0, (byte) 0, (byte) 0, (byte) 9).avp(0, 3561, 1,
                            "eth 1/2:3".getBytes(StandardCharsets.UTF_8))
                    .avp(0x8000, 9, 100, new byte[]{'p'}));
            Packet icrp = lac.expect(ICRP);
            assertThat(icrp.sessionId()).isEqualTo(17);
            assertThat(icrp.avp(ASSIGNED_SESSION_ID).u16()).isNotZero();
            lac.send(ScriptedLac.iccn(icrp.avp(ASSIGNED_SESSION_ID).u16()).u32(RX_CONNECT_SPEED, 1_000_000));
            lac.expectAcknowledged();
            assertThat(sessions(lac)).hasSize(1).allMatch(s -> s.get("calling-number").equals("0123456789"));
            assertThat(lac.pollData(ScriptedLac.PATIENCE_MS)).as("LCP begins").isNotNull()
                    .matches(p -> p.sessionId() == 17 && p.tunnelId() == lac.localTunnelId());
        }
    }

    @Test
    void icrqWithoutARequiredAvpCostsThatCallOnly() {
        try (ScriptedLac lac = lac()) {
            lac.call(1);
            lac.send(Message.of(ICRQ).u16(ASSIGNED_SESSION_ID, 5));
            assertDisconnected(lac, 5, "2/6");
            lac.send(Message.of(ICRQ).u32(CALL_SERIAL_NUMBER, 5));
            assertDisconnected(lac, 0, "2/6");
            lac.send(Message.of(ICRQ).u16(ASSIGNED_SESSION_ID, 0).u32(CALL_SERIAL_NUMBER, 5));
            assertDisconnected(lac, 0, "2/3");
            awaitSessions(lac, 1);
        }
    }

    @Test
    void aSessionIdThatIsInUseIsRefused() {
        try (ScriptedLac lac = lac()) {
            lac.call(1);
            lac.send(ScriptedLac.icrq(1));
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.result()).startsWith("2/");
            assertThat(cdn.sessionId()).as("not the call that has this id").isZero();
            awaitSessions(lac, 1);
        }
    }

    // RFC 2661 section 4.1: an unknown mandatory AVP in a session message costs that session, not the tunnel
    @Test
    void unknownMandatoryAvpsCostOneSession() {
        try (ScriptedLac lac = lac()) {
            int bystander = lac.call(1);
            lac.send(ScriptedLac.icrq(2).unknown(true));
            assertDisconnected(lac, 2, "2/8");
            lac.send(ScriptedLac.icrq(3));
            int third = lac.expect(ICRP).avp(ASSIGNED_SESSION_ID).u16();
            lac.send(ScriptedLac.iccn(third).unknown(true));
            assertDisconnected(lac, 3, "2/8");
            int fourth = lac.call(4);
            lac.send(Message.of(WEN).session(fourth).bytes(CALL_ERRORS, new byte[26]).unknown(true));
            assertDisconnected(lac, 4, "2/8");
            int fifth = lac.call(5);
            lac.send(Message.of(SLI).session(fifth).bytes(ACCM, new byte[10]).avp(0x8000, 4242, 1, new byte[2]));
            assertDisconnected(lac, 5, "2/8");
            int sixth = lac.call(6);
            lac.send(ScriptedLac.cdn(sixth, 6).unknown(true));
            lac.expectAcknowledged();
            awaitSessions(lac, 1);
            lac.send(ScriptedLac.icrq(7).unknown(false));
            lac.expect(ICRP);
            lac.send(ScriptedLac.cdn(bystander, 1));
            lac.expectAcknowledged();
        }
    }

    @Test
    void theUnknownAvpIsNamed() {
        try (ScriptedLac lac = lac()) {
            lac.send(ScriptedLac.icrq(2).unknown(true));
            assertThat(lac.expect(CDN).reason()).contains("1999");
        }
    }

    @Test
    void anUnknownMandatoryAvpInAConnectionMessageCostsTheTunnel() {
        try (ScriptedLac lac = lac()) {
            lac.call(1);
            lac.send(Message.of(HELLO).unknown(true));
            assertThat(lac.expect(STOPCCN).result()).isEqualTo("2/8");
            awaitSessions(lac, 0);
        }
    }

    // RFC 2661 section 4.4.1
    @Test
    void unknownMessageTypesCountByTheirMBit() {
        try (ScriptedLac lac = lac()) {
            lac.send(Message.bare().optional(0, (byte) 0, (byte) 99));
            lac.expectAcknowledged();
            lac.expectNoMessage();
            lac.call(1);
            lac.send(Message.bare().u16(0, 99));
            assertThat(lac.expect(STOPCCN).result()).startsWith("2/");
        }
    }

    @Test
    void malformedAvpsOfACallCostThatCallOnly() {
        try (ScriptedLac lac = lac()) {
            lac.call(1);
            lac.send(ScriptedLac.icrq(2).raw(0x80, 0x30, 0, 0, 0, 22, 1));
            assertDisconnected(lac, 2, "2/2");
            lac.send(ScriptedLac.icrq(3).bytes(BEARER_TYPE, (byte) 1));
            assertDisconnected(lac, 3, "2/2");
            int fourth = connectable(lac, 4);
            lac.send(Message.of(ICCN).session(fourth).bytes(TX_CONNECT_SPEED, (byte) 1, (byte) 2).u32(FRAMING_TYPE, 1));
            assertDisconnected(lac, 4, "2/2");
            int fifth = connectable(lac, 5);
            lac.send(Message.of(ICCN).session(fifth).u32(FRAMING_TYPE, 1));
            assertDisconnected(lac, 5, "2/6");
            int sixth = connectable(lac, 6);
            lac.send(Message.of(ICCN).session(sixth).u32(TX_CONNECT_SPEED, 1));
            assertDisconnected(lac, 6, "2/6");
            awaitSessions(lac, 1);
        }
    }

    private static int connectable(ScriptedLac lac, int localSessionId) {
        lac.send(ScriptedLac.icrq(localSessionId));
        return lac.expect(ICRP).avp(ASSIGNED_SESSION_ID).u16();
    }

    @Test
    void connectSpeedsAsTextOfOldLacsAreTaken() {
        try (ScriptedLac lac = lac()) {
            lac.send(Message.of(ICCN).session(connectable(lac, 1)).text(TX_CONNECT_SPEED, "115200").u32(FRAMING_TYPE, 1)
                    .text(RX_CONNECT_SPEED, "33600"));
            lac.expectAcknowledged();
            lac.expectNoMessage();
            awaitSessions(lac, 1);
        }
    }

    // RFC 2661 section 4.3
    @Test
    void hiddenAvpsOfCallsAreRevealed() {
        try (ScriptedLac lac = lac()) {
            byte[] vector = {1, 2, 3, 4, 5};
            byte[] other = {9};
            lac.send(Message.of(ICRQ).bytes(RANDOM_VECTOR, vector)
                    .hidden(ASSIGNED_SESSION_ID, new byte[]{0, 33}, SECRET,
                            vector, 0)
                    .bytes(RANDOM_VECTOR, other).hidden(CALL_SERIAL_NUMBER, new byte[4], SECRET, other, 5)
                    .hidden(CALLING_NUMBER, "a-line-identifier-of-more-than-sixteen-octets".getBytes(
                            StandardCharsets.UTF_8), SECRET, other, 0));
            assertThat(lac.expect(ICRP).sessionId()).isEqualTo(33);
            assertThat(sessions(lac)).anyMatch(s -> s.get("calling-number").equals(
                    "a-line-identifier-of-more-than-sixteen-octets"));
            lac.send(ScriptedLac.icrq(34).hidden(CALLED_NUMBER, new byte[3], SECRET, vector, 0));
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.sessionId()).isEqualTo(34);
            assertThat(cdn.result()).startsWith("2/");
        }
    }

    // RFC 2661 section 7.4.2
    @Test
    void messagesForUnknownSessionsDoNoHarm() {
        try (ScriptedLac lac = lac()) {
            int session = lac.call(1);
            int unknown = session == 4242 ? 4243 : 4242;
            lac.send(ScriptedLac.iccn(unknown));
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.result()).startsWith("2/");
            lac.send(ScriptedLac.cdn(unknown, 77));
            lac.expectAcknowledged();
            lac.send(Message.of(WEN).session(unknown).bytes(CALL_ERRORS, new byte[26]));
            lac.expectAcknowledged();
            lac.send(Message.of(SLI).session(unknown).bytes(ACCM, new byte[10]));
            lac.expectAcknowledged();
            lac.expectNoMessage();
            awaitSessions(lac, 1);
        }
    }

    @Test
    void messagesOfTheWrongStateCostThatCallOnly() {
        try (ScriptedLac lac = lac()) {
            lac.call(1);
            int second = lac.call(2);
            lac.send(ScriptedLac.iccn(second));
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.sessionId()).isEqualTo(2);
            int third = connectable(lac, 3);
            lac.send(Message.of(ICRP).session(third).u16(ASSIGNED_SESSION_ID, 3));
            assertThat(lac.expect(CDN).sessionId()).isEqualTo(3);
            awaitSessions(lac, 1);
        }
    }

    // RFC 2661 sections 6.13 and 6.14
    @Test
    void wenAndSliAreTaken() {
        try (ScriptedLac lac = lac()) {
            int session = lac.call(1);
            lac.send(Message.of(WEN).session(session).bytes(CALL_ERRORS, new byte[26]));
            lac.expectAcknowledged();
            lac.send(Message.of(SLI).session(session).bytes(ACCM, new byte[10]));
            lac.expectAcknowledged();
            lac.expectNoMessage();
            awaitSessions(lac, 1);
        }
    }

    // RFC 5515 section 4
    @Test
    void speedUpdatesAreTaken() {
        try (ScriptedLac lac = lac()) {
            int session = lac.call(1);
            byte[] update = {0, 0, (byte) (session >> 8), (byte) session, 0, 0x10, 0, 0, 0, 2, 0, 0};
            lac.send(Message.of(CSUN).optional(CONNECT_SPEED_UPDATE, update));
            lac.expectAcknowledged();
            lac.send(Message.of(CSURQ).optional(CONNECT_SPEED_UPDATE, update));
            lac.expectAcknowledged();
            lac.send(Message.bare().optional(0, (byte) 0, (byte) CSUN).optional(CONNECT_SPEED_UPDATE, (byte) 1));
            lac.expectAcknowledged();
            lac.expectNoMessage();
            awaitSessions(lac, 1);
        }
    }

    // RFC 2661 section 7.5: an LNS that is asked to dial
    @Test
    void outgoingCallsAreRefusedForGood() {
        try (ScriptedLac lac = lac()) {
            lac.send(Message.of(OCRQ).u16(ASSIGNED_SESSION_ID, 8).u32(CALL_SERIAL_NUMBER, 1).u32(MINIMUM_BPS, 1)
                    .u32(MAXIMUM_BPS, 2).u32(BEARER_TYPE, 1).u32(FRAMING_TYPE, 1).text(CALLED_NUMBER, "0190"));
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.sessionId()).isEqualTo(8);
            assertThat(cdn.result()).startsWith("5");
            lac.call(1);
        }
    }

    @Test
    void eitherEndEndsACall() {
        try (ScriptedLac lac = lac()) {
            int first = lac.call(1);
            lac.call(2);
            lac.send(Message.of(CDN).session(first).bytes(RESULT_CODE, (byte) 0, (byte) 1).u16(ASSIGNED_SESSION_ID, 1)
                    .optional(PPP_DISCONNECT_CAUSE, (byte) 0, (byte) 3, (byte) 0, (byte) 0, (byte) 1, (byte) 'x'));
            lac.expectAcknowledged();
            awaitSessions(lac, 1);
            Object id = sessions(lac).getFirst().get("id");
            assertThat(lnsd.control("clear", "session", String.valueOf(id)).succeeded()).isTrue();
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.sessionId()).isEqualTo(2);
            assertThat(cdn.result()).startsWith("3");
            awaitSessions(lac, 0);
        }
    }

    @Test
    void aCdnWithSessionIdZeroMeansTheSessionOfItsSender() {
        try (ScriptedLac lac = lac()) {
            lac.send(ScriptedLac.icrq(21));
            lac.expect(ICRP);
            lac.send(ScriptedLac.cdn(0, 21));
            lac.expectAcknowledged();
            awaitSessions(lac, 0);
        }
    }

    // RFC 2661 section 7.2: no call before the control connection is there
    @Test
    void callsBeforeScccnAreRefused() {
        try (ScriptedLac lac = scene.lac("open")) {
            lac.send(lac.sccrq());
            lac.learn(lac.expect(SCCRP));
            lac.send(ScriptedLac.icrq(1));
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.result()).startsWith("2/1");
            assertThat(cdn.sessionId()).isEqualTo(1);
            lac.send(Message.of(SCCCN));
            lac.expectAcknowledged();
            lac.call(2);
        }
    }

    // A temporary condition: the LAC tries another LNS
    @Test
    void callsBeyondTheLimitAreRefusedForTheTimeBeing() {
        try (ScriptedLac lac = lac("few")) {
            int first = lac.call(1);
            lac.call(2);
            lac.send(ScriptedLac.icrq(3));
            Packet cdn = lac.expect(CDN);
            assertThat(cdn.sessionId()).isEqualTo(3);
            assertThat(cdn.result()).isIn("2/4", "4");
            lac.send(ScriptedLac.cdn(first, 1));
            lac.expectAcknowledged();
            lac.call(4);
        }
    }

    @Test
    void sessionIdsCannotBeGuessed() {
        try (ScriptedLac lac = lac()) {
            int near = 0;
            int before = lac.call(1);
            for (int id = 2; id < 14; id++) {
                int session = lac.call(id);
                near += Math.abs(session - before) <= 16 ? 1 : 0;
                before = session;
            }
            assertThat(near).isLessThan(3);
        }
    }

    @Test
    void clearTunnelSaysStopCcn() {
        try (ScriptedLac lac = lac()) {
            lac.call(1);
            assertThat(lnsd.control("clear", "tunnel", String.valueOf(lac.peerTunnelId())).succeeded()).isTrue();
            Packet stop = lac.expect(STOPCCN);
            assertThat(stop.result()).isIn("1", "6");
            assertThat(stop.avp(ASSIGNED_TUNNEL_ID).u16()).isEqualTo(lac.peerTunnelId());
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> lnsd.tunnels().stream()
                    .noneMatch(t -> t.get("id").equals((long) lac.peerTunnelId())));
        }
    }

    // RFC 2661 section 6.14: a LAC with a modem must know which characters PPP agreed to escape
    @Test
    void setLinkInfoTellsTheAccmOfAnAsynchronousLine() {
        try (ScriptedLac lac = lac("open")) {
            lac.send(ScriptedLac.icrq(1));
            int session = lac.expect(ICRP).avp(ASSIGNED_SESSION_ID).u16();
            lac.send(Message.of(ICCN).session(session).u32(TX_CONNECT_SPEED, 33_600).u32(FRAMING_TYPE, 2));
            Packet wish = lac.pollData(ScriptedLac.PATIENCE_MS);
            assertThat(wish).as("LCP Configure-Request").isNotNull();
            byte[] acknowledgement = wish.payload().clone();
            acknowledgement[4] = 2;
            lac.sendData(session, acknowledgement);
            lac.sendData(session, java.util.HexFormat.of().parseHex("ff03c0210101000a0206000a0000"));
            Packet sli = lac.expect(SLI);
            assertThat(sli.sessionId()).isEqualTo(1);
            assertThat(java.util.HexFormat.of().formatHex(sli.avp(ACCM).value())).isEqualTo("0000000a0000ffffffff");
        }
    }
}

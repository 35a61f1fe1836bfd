package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.lac.L2tp.*;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lnsd.system.lac.Message;
import org.lnsd.system.lac.Packet;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.lac.ScriptedLac;

/** Opening a control connection, by a LAC that does everything right or one thing wrong: RFC 2661 sections 3, 4, 5.1, 6.1 to 6.4. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class L2tpSetupTest {
    private static final String SECRET = "between-us-two";

    private final List<ScriptedLac> lacs = new ArrayList<>();
    private final LacScene scene = new LacScene("l2tp-setup", 100, """
            [[l2tp.peer]]
            name = "few"
            address = ["172.30.0.0/24"]
            hostname = "few*"
            maximum-tunnels = 1
            [[l2tp.peer]]
            name = "challenged"
            address = ["172.30.0.0/24"]
            hostname = "challenged*"
            secret = "%1$s"
            challenge = true
            [[l2tp.peer]]
            name = "trusted"
            address = ["172.30.0.0/24"]
            hostname = "trusted*"
            secret = "%1$s"
            challenge = false
            [[l2tp.peer]]
            name = "elsewhere"
            address = ["192.0.2.0/24"]
            hostname = "elsewhere*"
            [[l2tp.peer]]
            name = "open"
            address = ["172.30.0.0/24"]
            hostname = "open*"
            [[user]]
            name = "user@example.net"
            password = "wonderland"
            """.formatted(SECRET));
    private final NetNamespace access = scene.access();
    private final Lnsd lnsd = scene.lnsd();

    @AfterAll
    void stop() { scene.close(); }

    @AfterEach
    void hangUp() {
        lacs.forEach(ScriptedLac::close);
        lacs.clear();
    }

    private ScriptedLac lac(String hostName) { return closed(scene.lac(hostName)); }

    private ScriptedLac lac(String hostName, int tunnelId, RawSocket socket) {
        return closed(scene.lac(hostName, tunnelId, socket));
    }

    private ScriptedLac closed(ScriptedLac lac) {
        lacs.add(lac);
        return lac;
    }

    /** The answer to a SCCRQ is a StopCCN for the assigned tunnel id. */
    private static void assertRefused(ScriptedLac lac, Message sccrq, String result) {
        lac.send(sccrq);
        Packet stop = lac.expect(STOPCCN);
        assertThat(stop.result()).as("%s", stop).isEqualTo(result);
        assertThat(stop.tunnelId()).isEqualTo(lac.localTunnelId());
        assertThat(stop.sessionId()).isZero();
        assertThat(stop.avp(ASSIGNED_TUNNEL_ID).u16()).isNotZero();
        assertThat(stop.nr()).isEqualTo(1);
    }

    private static void assertAccepted(ScriptedLac lac, Message sccrq) {
        lac.send(sccrq);
        Packet sccrp = lac.expect(SCCRP);
        assertThat(sccrp.tunnelId()).isEqualTo(lac.localTunnelId());
        assertThat(sccrp.ns()).isZero();
        assertThat(sccrp.nr()).isEqualTo(1);
        lac.learn(sccrp);
        lac.send(Message.of(SCCCN));
        lac.expectAcknowledged();
    }

    @Test
    void sccrpCarriesWhatItMust() {
        ScriptedLac lac = lac("open");
        lac.send(lac.sccrq());
        Packet sccrp = lac.expect(SCCRP);
        assertThat(sccrp.avp(PROTOCOL_VERSION).u16()).isEqualTo(0x0100);
        assertThat(sccrp.avp(FRAMING_CAPABILITIES).value()).hasSize(4);
        assertThat(sccrp.avp(BEARER_CAPABILITIES).value()).as("places no outgoing calls").hasSize(4).containsOnly(0);
        assertThat(sccrp.avp(HOST_NAME).text(0)).isEqualTo("lns.test");
        assertThat(sccrp.avp(ASSIGNED_TUNNEL_ID).u16()).isNotZero();
        assertThat(sccrp.avp(RECEIVE_WINDOW_SIZE).u16()).isEqualTo(64);
        assertThat(sccrp.find(CHALLENGE)).isEmpty();
        assertThat(sccrp.find(CHALLENGE_RESPONSE)).isEmpty();
        assertThat(sccrp.avps()).filteredOn(avp -> avp.type() == PROTOCOL_VERSION || avp.type() == ASSIGNED_TUNNEL_ID)
                .allMatch(avp -> avp.mandatory() && !avp.hidden());
    }

    // RFC 2661 section 6.1
    @Test
    void sccrqWithoutARequiredAvpIsRefused() {
        ScriptedLac lac = lac("open");
        assertRefused(lac,
                Message.of(SCCRQ).u32(FRAMING_CAPABILITIES, 3).text(HOST_NAME, "open").u16(ASSIGNED_TUNNEL_ID,
                        lac.localTunnelId()),
                "2/6");
        lac = lac("open");
        assertRefused(lac,
                Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0100).text(HOST_NAME, "open").u16(ASSIGNED_TUNNEL_ID,
                        lac.localTunnelId()),
                "2/6");
        lac = lac("open");
        lac.send(Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0100).u32(FRAMING_CAPABILITIES, 3).u16(ASSIGNED_TUNNEL_ID,
                lac.localTunnelId()));
        assertThat(lac.expect(STOPCCN).result()).as("no Host Name").isIn("2/6", "4");
        lac = lac("open");
        lac.send(Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0100).u32(FRAMING_CAPABILITIES, 3).text(HOST_NAME, "open"));
        Packet stop = lac.expect(STOPCCN);
        assertThat(stop.result()).as("no Assigned Tunnel ID").isEqualTo("2/6");
        assertThat(stop.tunnelId()).isZero();
    }

    // RFC 2661 section 4.4.3
    @Test
    void zeroTunnelIdAndWindowAreRefused() {
        ScriptedLac lac = lac("open", 0, scene.socket());
        lac.send(lac.sccrq());
        assertThat(lac.expect(STOPCCN).result()).isEqualTo("2/3");
        lac = lac("open");
        assertRefused(lac, lac.sccrqWithoutWindow().u16(RECEIVE_WINDOW_SIZE, 0), "2/3");
    }

    @Test
    void eachBadSccrqFromOneSocketIsAnswered() {
        RawSocket socket = scene.socket();
        for (int round = 0; round < 3; round++) {
            ScriptedLac lac = new ScriptedLac(socket, Site.LNS, "open", 77);
            assertRefused(lac, lac.sccrq().unknown(true), "2/8");
            lac = new ScriptedLac(socket, Site.LNS, "open", 0);
            lac.send(lac.sccrq());
            assertThat(lac.expect(STOPCCN).result()).isEqualTo("2/3");
        }
        lac("open", 77, socket).open();
    }

    // RFC 2661 section 4.4.2: result 5, the error code is the highest version supported
    @Test
    void otherProtocolVersionIsRefused() {
        ScriptedLac lac = lac("open");
        lac.send(Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0200).u32(FRAMING_CAPABILITIES, 3).text(HOST_NAME, "open")
                .u16(ASSIGNED_TUNNEL_ID, lac.localTunnelId()));
        Packet stop = lac.expect(STOPCCN);
        assertThat(stop.result()).isEqualTo("5/256");
        lac = lac("open");
        assertAccepted(lac, Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0101).u32(FRAMING_CAPABILITIES, 3)
                .text(HOST_NAME, "open").u16(ASSIGNED_TUNNEL_ID, lac.localTunnelId()));
    }

    // RFC 2661 section 3.1
    @Test
    void foreignHeadersAreDropped() {
        ScriptedLac lac = lac("open");
        for (int flags : new int[]{0xc803, 0xc801, 0xc800, 0xc80f, 0x4802, 0x8802, 0xc002, 0xca02, 0xc902}) {
            lac.sendAt(lac.sccrq().flags(flags), 0, 0);
        }
        byte[] good = lac.sccrq().datagram(0, 0, 0);
        for (int length = 0; length < good.length; length += 3) {
            lac.sendRaw(java.util.Arrays.copyOf(good, length)); // the Length field tells more than there is
        }
        byte[] longer = good.clone();
        longer[3]++;
        lac.sendRaw(longer);
        byte[] tiny = good.clone();
        tiny[2] = 0;
        tiny[3] = 11;
        lac.sendRaw(tiny);
        lac.expectSilence();
        assertAccepted(lac, lac.sccrq());
    }

    @Test
    void reservedHeaderBitsAndOctetsBehindTheLengthAreIgnored() {
        ScriptedLac lac = lac("open");
        assertAccepted(lac, lac.sccrq().flags(0xc802 | 0x34f0));
        lac = lac("open");
        byte[] good = lac.sccrq().datagram(0, 0, 0);
        lac.sendRaw(java.util.Arrays.copyOf(good, good.length + 9));
        lac.skip(1);
        lac.learn(lac.expect(SCCRP));
    }

    @Test
    void garbageIsNotAnsweredAndDoesNoHarm() {
        ScriptedLac lac = lac("open");
        long seed = System.nanoTime();
        java.util.Random random = new java.util.Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] octets = new byte[random.nextInt(1, 200)];
            random.nextBytes(octets);
            if (i % 2 == 0 && octets.length > 12) {
                octets[0] = (byte) 0xc8;
                octets[1] = 2;
                octets[2] = 0;
                octets[3] = (byte) octets.length;
            }
            lac.sendRaw(octets);
        }
        lac.expectSilence();
        assertThat(lnsd.control("show", "status").succeeded()).as("seed " + seed).isTrue();
        assertAccepted(lac, lac.sccrq());
    }

    // RFC 2661 section 4.1
    @Test
    void unknownAvpsCountByTheirMBit() {
        ScriptedLac lac = lac("open");
        assertAccepted(lac, lac.sccrq().unknown(false).avp(0, 9, 1, new byte[]{1}).avp(0, 0xffff, 0xffff, new byte[0]));
        lac = lac("open");
        assertRefused(lac, lac.sccrq().unknown(true), "2/8");
        lac = lac("open");
        assertRefused(lac, lac.sccrq().avp(0x8000, 4242, 1, new byte[]{1}), "2/8");
        lac = lac("open");
        assertRefused(lac, lac.sccrq().avp(0x8000 | 0x0400, 0, VENDOR_NAME, new byte[]{'x'}), "2/8");
        lac = lac("open");
        assertAccepted(lac, lac.sccrq().avp(0x0400, 0, VENDOR_NAME, new byte[]{'x'}));
    }

    @Test
    void theUnknownAvpIsNamedInTheText() {
        ScriptedLac lac = lac("open");
        lac.send(lac.sccrq().unknown(true));
        assertThat(lac.expect(STOPCCN).reason()).contains("1999");
    }

    @Test
    void avpLengthsThatLieAreRefused() {
        ScriptedLac lac = lac("open");
        assertRefused(lac, lac.sccrq().raw(0x80, 0x05, 0, 0, 0, 8), "2/2");
        lac = lac("open");
        assertRefused(lac, lac.sccrq().raw(0x80, 0x07, 0, 0, 0, 8), "2/2");
        lac = lac("open");
        assertRefused(lac, lac.sccrq().raw(0x80, 0, 0, 0), "2/2");
        lac = lac("open");
        assertRefused(lac, lac.sccrq().bytes(BEARER_CAPABILITIES, (byte) 0, (byte) 3), "2/2");
        lac = lac("open");
        assertAccepted(lac, lac.sccrq().optional(FIRMWARE_REVISION, (byte) 1));
    }

    @Test
    void optionalAvpsOfRealLacsAreTaken() {
        ScriptedLac lac = lac("open");
        assertAccepted(lac, lac.sccrq().u32(BEARER_CAPABILITIES, 3).optional(FIRMWARE_REVISION, (byte) 6, (byte) 0x90)
                .optional(VENDOR_NAME, "Cisco Systems, Inc.".getBytes(StandardCharsets.UTF_8))
                .optional(TIE_BREAKER, new byte[8]).avp(0, 9, 26, new byte[12]));
        lac = lac("open");
        assertAccepted(lac, lac.sccrqWithoutWindow());
        lac = lac("open");
        assertAccepted(lac, lac.sccrqWithoutWindow().u16(RECEIVE_WINDOW_SIZE, 1));
        lac = lac("open");
        assertAccepted(lac, lac.sccrqWithoutWindow().u16(RECEIVE_WINDOW_SIZE, 65535));
        lac = lac("open");
        assertAccepted(lac, lac.sccrq().text(HOST_NAME, "second").u16(PROTOCOL_VERSION, 0x0100));
    }

    @Test
    void oddHostNamesDoNoHarm() {
        ScriptedLac lac = lac("open" + "x".repeat(900));
        assertAccepted(lac, lac.sccrq());
        lac = lac("unused");
        assertAccepted(lac, Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0100).u32(FRAMING_CAPABILITIES, 3)
                .bytes(HOST_NAME, new byte[]{'o', 'p', 'e', 'n', (byte) 0xff, 0, '\n', (byte) 0xc3})
                .u16(ASSIGNED_TUNNEL_ID, lac.localTunnelId()));
        assertThat(lnsd.tunnels()).isNotEmpty();
        lac = lac("");
        lac.send(lac.sccrq());
        assertThat(lac.expect(STOPCCN).result()).as("empty Host Name").isIn("2/2", "4");
    }

    @Test
    void messageTypeMustComeFirst() {
        ScriptedLac lac = lac("open");
        lac.send(Message.bare().u16(PROTOCOL_VERSION, 0x0100).u16(0, SCCRQ).u32(FRAMING_CAPABILITIES, 3)
                .text(HOST_NAME, "open").u16(ASSIGNED_TUNNEL_ID, lac.localTunnelId()));
        lac.expectNoMessage();
    }

    @Test
    void onlyASccrqOpensATunnel() {
        for (int type : new int[]{SCCRP, SCCCN, STOPCCN, HELLO, OCRQ, ICRQ, ICCN, CDN, WEN, 99}) {
            ScriptedLac lac = lac("open");
            lac.send(Message.of(type).u16(PROTOCOL_VERSION, 0x0100).u32(FRAMING_CAPABILITIES, 3).text(HOST_NAME, "open")
                    .u16(ASSIGNED_TUNNEL_ID, lac.localTunnelId()).bytes(RESULT_CODE, (byte) 0, (byte) 1));
        }
        for (ScriptedLac lac : lacs) {
            Packet answer = lac.poll(50);
            assertThat(answer == null || answer.type() != SCCRP).isTrue();
        }
    }

    // RFC 2661 section 4.3
    @Test
    void hiddenAvpsAreRevealed() {
        for (int vectorLength : new int[]{1, 16, 40}) {
            byte[] vector = new byte[vectorLength];
            vector[0] = 42;
            ScriptedLac lac = lac("trusted");
            assertAccepted(lac, Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0100).text(HOST_NAME, "trusted")
                    .bytes(RANDOM_VECTOR, vector)
                    .hidden(FRAMING_CAPABILITIES, new byte[]{0, 0, 0, 3}, SECRET, vector, 0)
                    .hidden(VENDOR_NAME, "a vendor name of more than one block of MD5, by far".getBytes(
                            StandardCharsets.UTF_8), SECRET, vector, 7)
                    .u16(ASSIGNED_TUNNEL_ID, lac.localTunnelId()));
        }
        assertThat(lnsd.control("--json", "show", "tunnels").output())
                .contains("of more than one block of MD5, by far");
    }

    @Test
    void hiddenTunnelIdsOfSeveralTunnelsFromOneSocketAreKeptApart() {
        RawSocket socket = scene.socket();
        byte[] vector = new byte[16];
        Set<Integer> ids = new HashSet<>();
        for (int id : new int[]{0x0301, 0x0302}) {
            ScriptedLac lac = lac("trusted", id, socket);
            lac.send(Message.of(SCCRQ).u16(PROTOCOL_VERSION, 0x0100).text(HOST_NAME, "trusted")
                    .bytes(RANDOM_VECTOR, vector).u32(FRAMING_CAPABILITIES, 3)
                    .hidden(ASSIGNED_TUNNEL_ID, new byte[]{3, (byte) id}, SECRET, vector, 3));
            Packet sccrp = lac.expect(SCCRP);
            assertThat(sccrp.tunnelId()).isEqualTo(id);
            lac.learn(sccrp);
            ids.add(lac.peerTunnelId());
        }
        assertThat(ids).hasSize(2);
    }

    @Test
    void hiddenMandatoryAvpsThatCannotBeReadAreRefused() {
        byte[] vector = new byte[16];
        ScriptedLac lac = lac("trusted");
        lac.send(lac.sccrq().hidden(BEARER_CAPABILITIES, new byte[4], SECRET, vector, 0).bytes(RANDOM_VECTOR, vector));
        assertThat(lac.expect(STOPCCN).result()).as("without Random Vector").startsWith("2/");
        lac = lac("open");
        lac.send(lac.sccrq().bytes(RANDOM_VECTOR, vector).hidden(BEARER_CAPABILITIES, new byte[4], SECRET, vector, 0));
        assertThat(lac.expect(STOPCCN).result()).as("no secret here").startsWith("2/");
        lac = lac("trusted");
        lac.send(lac.sccrq().bytes(RANDOM_VECTOR, vector).hidden(BEARER_CAPABILITIES, new byte[4], "other", vector, 0));
        assertThat(lac.expect(STOPCCN).result()).as("another secret").startsWith("2/");
    }

    // RFC 2661 section 5.1.1
    @Test
    void challengesAreAnswered() {
        for (int length : new int[]{1, 16, 60}) {
            byte[] challenge = new byte[length];
            challenge[0] = 9;
            ScriptedLac lac = lac("trusted");
            lac.send(lac.sccrq().bytes(CHALLENGE, challenge));
            Packet sccrp = lac.expect(SCCRP);
            assertThat(sccrp.avp(CHALLENGE_RESPONSE).value()).isEqualTo(Message.answer(SCCRP, SECRET, challenge));
            assertThat(sccrp.find(CHALLENGE)).isEmpty();
        }
        ScriptedLac lac = lac("open");
        assertRefused(lac, lac.sccrq().bytes(CHALLENGE, new byte[16]), "4");
    }

    @Test
    void theLacMustAnswerTheChallenge() {
        ScriptedLac right = lac("challenged");
        right.send(right.sccrq());
        Packet sccrp = right.expect(SCCRP);
        right.learn(sccrp);
        right.send(Message.of(SCCCN).bytes(CHALLENGE_RESPONSE,
                Message.answer(SCCCN, SECRET, sccrp.avp(CHALLENGE).value())));
        right.expectAcknowledged();
        right.call(5);

        for (int wrong = 0; wrong < 4; wrong++) {
            ScriptedLac lac = lac("challenged");
            lac.send(lac.sccrq());
            Packet reply = lac.expect(SCCRP);
            lac.learn(reply);
            byte[] challenge = reply.avp(CHALLENGE).value();
            lac.send(switch (wrong) {
                case 0 -> Message.of(SCCCN);
                case 1 -> Message.of(SCCCN).bytes(CHALLENGE_RESPONSE, Message.answer(SCCCN, "wrong", challenge));
                case 2 -> Message.of(SCCCN).bytes(CHALLENGE_RESPONSE, Message.answer(SCCRP, SECRET, challenge));
                default -> Message.of(SCCCN).bytes(CHALLENGE_RESPONSE, new byte[16]);
            });
            assertThat(lac.expect(STOPCCN).result()).as("case " + wrong).isEqualTo("4");
            lac.send(ScriptedLac.icrq(1));
            lac.expectNoMessage();
        }
    }

    @Test
    void eachChallengeIsNew() {
        Set<String> challenges = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            ScriptedLac lac = lac("challenged");
            lac.send(lac.sccrq());
            byte[] challenge = lac.expect(SCCRP).avp(CHALLENGE).value();
            assertThat(challenge.length).isGreaterThanOrEqualTo(8);
            challenges.add(java.util.HexFormat.of().formatHex(challenge));
        }
        assertThat(challenges).hasSize(5);
    }

    @Test
    void unknownLacsAreRefused() {
        ScriptedLac lac = lac("stranger");
        assertRefused(lac, lac.sccrq(), "4");
        lac = lac("elsewhere");
        assertRefused(lac, lac.sccrq(), "4");
    }

    // A temporary condition: the LAC tries another LNS
    @Test
    void tunnelsBeyondTheLimitAreRefusedForTheTimeBeing() {
        ScriptedLac first = lac("few").open();
        ScriptedLac second = lac("few");
        assertRefused(second, second.sccrq(), "2/4");
        first.send(first.stopCcn());
        first.expectAcknowledged();
        lac("few").open();
    }

    @Test
    void manySccrqsFromOneSocketAtOnceOpenAsManyTunnels() {
        RawSocket socket = scene.socket();
        int count = 40;
        for (int id = 1; id <= count; id++) {
            ScriptedLac lac = lac("open", 1000 + id, socket);
            lac.send(lac.sccrq());
        }
        Set<Integer> peers = new HashSet<>();
        Set<Integer> ours = new HashSet<>();
        for (int id = 1; id <= count; id++) {
            Packet sccrp = lacs.getLast().expect(SCCRP);
            peers.add(sccrp.avp(ASSIGNED_TUNNEL_ID).u16());
            ours.add(sccrp.tunnelId());
        }
        assertThat(ours).hasSize(count);
        assertThat(peers).hasSize(count);
    }

    @Test
    void tunnelIdsCannotBeGuessed() {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            ids.add(lac("open").open().peerTunnelId());
        }
        assertThat(new HashSet<>(ids)).hasSize(12);
        int near = 0;
        for (int i = 1; i < ids.size(); i++) {
            near += Math.abs(ids.get(i) - ids.get(i - 1)) <= 16 ? 1 : 0;
        }
        assertThat(near).as("%s", ids).isLessThan(3);
    }

    // RFC 2661 section 5.8: a repeated SCCRQ is a duplicate
    @Test
    void aRepeatedSccrqOpensNoSecondTunnel() {
        ScriptedLac lac = lac("open");
        byte[] sccrq = lac.send(lac.sccrq());
        Packet sccrp = lac.expect(SCCRP);
        lac.learn(sccrp);
        for (int i = 0; i < 3; i++) {
            lac.sendRaw(sccrq);
        }
        for (Packet packet = lac.poll(300); packet != null; packet = lac.poll(300)) {
            assertThat(packet.type()).isIn(ZLB, SCCRP);
            assertThat(packet.find(ASSIGNED_TUNNEL_ID).map(avp -> avp.u16()).orElse(lac.peerTunnelId()))
                    .isEqualTo(lac.peerTunnelId());
        }
        lac.send(Message.of(SCCCN));
        lac.expectAcknowledged();
        lac.sendRaw(sccrq);
        lac.expectNoMessage();
        lac.call(9);
    }

    @Test
    void aLacThatHasForgottenItsTunnelGetsANewOne() {
        RawSocket socket = scene.socket();
        ScriptedLac before = new ScriptedLac(socket, Site.LNS, "open", 555).open();
        before.call(1);
        ScriptedLac other = lac("open", 556, socket);
        other.open();
        other.call(1);
        assertThat(other.peerTunnelId()).isNotEqualTo(before.peerTunnelId());
        ScriptedLac same = lac("open", 555, socket);
        same.send(same.sccrq().optional(FIRMWARE_REVISION, (byte) 1, (byte) 2));
        same.learn(same.expect(SCCRP));
        same.send(Message.of(SCCCN));
        same.expectAcknowledged();
        assertThat(same.peerTunnelId()).isNotEqualTo(before.peerTunnelId());
        same.call(1);
        Awaitility.await("the forgotten tunnel goes").atMost(10, TimeUnit.SECONDS).until(() -> lnsd.tunnels().stream()
                .noneMatch(tunnel -> tunnel.get("id").equals((long) before.peerTunnelId())));
    }

    @Test
    void aTunnelMayBeOpenedAgainRightAfterItsEnd() {
        RawSocket socket = scene.socket();
        for (int round = 0; round < 4; round++) {
            ScriptedLac lac = new ScriptedLac(socket, Site.LNS, "open", 600);
            lac.open();
            lac.call(1);
            lac.send(lac.stopCcn());
            lac.expectAcknowledged();
        }
        lac("open", 600, socket).open();
    }

    // RFC 2661 section 5.7: a StopCCN of a LAC that knows no id of ours yet
    @Test
    void aStopCcnWithTunnelIdZeroEndsTheTunnelThatOpens() {
        ScriptedLac lac = lac("open");
        lac.mute();
        lac.send(lac.sccrq());
        lac.expect(SCCRP);
        lac.send(lac.stopCcn()); // the tunnel id is still 0
        lac.expectAcknowledged();
        assertThat(lac.poll(1500)).as("SCCRP is not repeated").isNull();
    }

    @Test
    void messagesForUnknownTunnelsAndFromForeignPlacesAreNotObeyed() {
        ScriptedLac lac = lac("open").open();
        int session = lac.call(3);
        ScriptedLac thief = lac("open", lac.localTunnelId(), scene.socket());
        access.must("ip", "address", "add", "172.30.0.77/24", "dev", "lac0");
        try {
            ScriptedLac stranger = lac("open", lac.localTunnelId(), new RawSocket(access.name(), "172.30.0.77", 0));
            for (ScriptedLac attacker : List.of(thief, stranger)) {
                for (int ns = 0; ns < 8; ns++) {
                    attacker.sendRaw(attacker.stopCcn().datagram(lac.peerTunnelId(), ns, 2));
                    attacker.sendRaw(ScriptedLac.cdn(session, 3).datagram(lac.peerTunnelId(), ns, 2));
                }
                attacker.sendRaw(Message.of(HELLO).datagram(lac.peerTunnelId() ^ 0x55, 0, 0));
                attacker.expectSilence();
            }
        } finally {
            access.run("ip", "address", "del", "172.30.0.77/24", "dev", "lac0");
        }
        lac.send(Message.of(HELLO));
        lac.expectAcknowledged();
        assertThat(lnsd.sessions()).anyMatch(s -> s.get("tunnel-id").equals((long) lac.peerTunnelId()));
    }
}

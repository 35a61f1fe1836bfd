package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.Hello;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.Sccrp;
import org.lnsd.l2tp.message.StopCcn;

/** The control connection against a LAC that keeps and breaks the rules: RFC 2661 sections 4.1, 4.4, 5.1, 5.5, 5.7, 6.1 to 6.5, 7.1, 7.2. */
class TunnelRulesTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Secret SECRET = Secret.of("s3cret");

    private static TunnelSettings.Builder settings() { return TunnelSettings.builder("lns"); }

    // RFC 2661 sections 6.1 to 6.3
    @Test
    void threeMessagesOpenTheTunnel() {
        ScriptedPeer peer = new ScriptedPeer(settings().receiveWindow(33).build());
        peer.send(0, ScriptedPeer.sccrq());
        Sccrp reply = peer.last(Sccrp.class);
        assertThat(reply.assignedTunnelId()).isEqualTo(ScriptedPeer.LOCAL_TUNNEL);
        assertThat(reply.sender().receiveWindow()).isEqualTo(33);
        assertThat(reply.sender().hostName()).isEqualTo("lns");
        assertThat(reply.challenge()).isEmpty();
        assertThat(peer.lastHeader().tunnelId()).isEqualTo(ScriptedPeer.PEER_TUNNEL);
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.WAIT_CTL_CONN);
        peer.send(0, ScriptedPeer.message(3));
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
        assertThat(peer.need(TunnelEvent.Opened.class).peer().hostName()).isEqualTo("lac");
        // RFC 2661 section 5.8: nothing of our own to send, so a ZLB acknowledges.
        assertThat(peer.acknowledgements).isEqualTo(1);
    }

    private static void stopped(ScriptedPeer peer, ResultCode result, ErrorCode error) {
        StopCcn stop = peer.last(StopCcn.class);
        assertThat(stop.resultCode()).isEqualTo(result);
        assertThat(stop.errorCode()).isEqualTo(error);
        assertThat(stop.assignedTunnelId()).isEqualTo(ScriptedPeer.LOCAL_TUNNEL);
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.CLOSING);
        assertThat(peer.need(TunnelEvent.Closed.class).origin()).isEqualTo(CloseOrigin.PROTOCOL);
    }

    // RFC 2661 section 5.1.1
    @Test
    void answersTheChallengeOfTheLac() {
        ScriptedPeer peer = new ScriptedPeer(settings().secret(SECRET, false).build());
        byte[] challenge = {1, 2, 3};
        peer.send(0, ScriptedPeer.sccrq().avp(true, 11, challenge));
        assertThat(peer.last(Sccrp.class).challengeResponse())
                .contains(new AvpHiding(SECRET).answer(2, Octets.of(challenge)));
    }

    // RFC 2661 section 4.3, and xl2tpd, which cannot reveal what a SCCRP hides but everything after it
    @Test
    void aSccrpHidesOnlyWhatItsReaderCanReveal() {
        TunnelSettings hiding = settings().secret(SECRET, false).hideAvps(true).build();
        ScriptedPeer usual = new ScriptedPeer(hiding);
        usual.send(0, ScriptedPeer.sccrq());
        assertThat(usual.headers).hasSize(1);
        assertThat(usual.received).as("what can be read without the secret").isEmpty();
        ScriptedPeer xl2tpd = new ScriptedPeer(hiding);
        xl2tpd.send(0, ScriptedPeer.sccrq().avp(false, 8, "xelerance.com".getBytes(StandardCharsets.US_ASCII)));
        assertThat(xl2tpd.received).hasSize(1);
        xl2tpd.send(0, ScriptedPeer.message(3));
        xl2tpd.accepted(5);
        assertThat(xl2tpd.headers).hasSize(2);
        assertThat(xl2tpd.received).as("the ICRP is hidden").hasSize(1);
    }

    // RFC 2661 section 5.1.1
    @Test
    void cannotAnswerAChallengeWithoutSecret() {
        ScriptedPeer peer = new ScriptedPeer(settings().build());
        peer.send(0, ScriptedPeer.sccrq().avp(true, 11, (byte) 1));
        stopped(peer, ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE);
    }

    // RFC 2661 section 5.1.1: the response carries the message type 3 in SCCCN.
    @Test
    void challengesTheLacAndTakesOnlyTheRightResponse() {
        ScriptedPeer good = new ScriptedPeer(settings().secret(SECRET, true).build());
        good.send(0, ScriptedPeer.sccrq());
        Octets challenge = good.last(Sccrp.class).challenge().orElseThrow();
        AvpHiding hiding = new AvpHiding(SECRET);
        good.send(0, ScriptedPeer.message(3).avp(true, 13, hiding.answer(3, challenge).toByteArray()));
        assertThat(good.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);

        ScriptedPeer wrong = new ScriptedPeer(settings().secret(SECRET, true).build());
        wrong.send(0, ScriptedPeer.sccrq());
        wrong.send(0, ScriptedPeer.message(3).avp(true, 13, hiding.answer(2, challenge).toByteArray()));
        stopped(wrong, ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE);

        ScriptedPeer missing = new ScriptedPeer(settings().secret(SECRET, true).build());
        missing.send(0, ScriptedPeer.sccrq());
        missing.send(0, ScriptedPeer.message(3));
        stopped(missing, ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE);
    }

    // RFC 2661 section 4.4.2, result 5
    @Test
    void refusesAForeignProtocolVersion() {
        ScriptedPeer peer = new ScriptedPeer(settings().build());
        peer.send(0, ScriptedPeer.message(1).number16(2, 0x0200).number32(3, 3).text(7, "lac").number16(9, 5));
        stopped(peer, ResultCode.STOP_BAD_VERSION, new ErrorCode(0x0100));
        assertThat(peer.lastHeader().tunnelId()).isEqualTo(5);
    }

    // RFC 2661 section 6.1: what SCCRQ must carry
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 9})
    void refusesASccrqWithoutARequiredAvp(int missing) {
        ScriptedPeer peer = new ScriptedPeer(settings().build());
        ScriptedPeer.Avps avps = ScriptedPeer.message(1);
        if (missing != 2) {
            avps.number16(2, 0x0100);
        }
        if (missing != 3) {
            avps.number32(3, 3);
        }
        if (missing != 7) {
            avps.text(7, "lac");
        }
        if (missing != 9) {
            avps.number16(9, 5);
        }
        peer.send(0, avps);
        stopped(peer, ResultCode.STOP_GENERAL_ERROR, ErrorCode.VENDOR_SPECIFIC);
        assertThat(peer.lastHeader().tunnelId()).isEqualTo(missing == 9 ? 0 : 5);
    }

    // RFC 2661 section 4.4.3: Assigned Tunnel ID is not 0, nor is the Receive Window Size
    @Test
    void refusesZeroForTunnelIdAndWindow() {
        ScriptedPeer id = new ScriptedPeer(settings().build());
        id.send(0, ScriptedPeer.message(1).number16(2, 0x0100).number32(3, 3).text(7, "lac").number16(9, 0));
        stopped(id, ResultCode.STOP_GENERAL_ERROR, ErrorCode.BAD_VALUE);
        ScriptedPeer window = new ScriptedPeer(settings().build());
        window.send(0, ScriptedPeer.message(1).number16(2, 0x0100).number32(3, 3).text(7, "lac").number16(9, 5)
                .number16(10, 0));
        stopped(window, ResultCode.STOP_GENERAL_ERROR, ErrorCode.BAD_VALUE);
    }

    // RFC 2661 section 4.1: M bit in a message of the control connection
    @Test
    void unknownMandatoryAvpInAConnectionMessageEndsTheTunnel() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(0, ScriptedPeer.message(6).avp(true, 1999, (byte) 1));
        stopped(peer, ResultCode.STOP_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP);
        assertThat(peer.last(StopCcn.class).message()).contains("1999");
    }

    // RFC 2661 section 4.1: without the M bit it is ignored
    @Test
    void unknownOptionalAvpIsIgnored() {
        ScriptedPeer peer = new ScriptedPeer(settings().build());
        peer.send(0, ScriptedPeer.sccrq().avp(false, 1999, (byte) 1));
        peer.send(0, ScriptedPeer.message(3).raw(7, 31337, 4, (byte) 0));
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
    }

    // RFC 2661 section 4.4.1
    @Test
    void unknownMessageTypeEndsTheTunnelOnlyWithItsMBit() {
        ScriptedPeer ignored = ScriptedPeer.established();
        int before = ignored.acknowledgements;
        ignored.send(0, new ScriptedPeer.Avps().avp(false, 0, (byte) 0, (byte) 99));
        assertThat(ignored.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
        assertThat(ignored.acknowledgements).isEqualTo(before + 1);
        ScriptedPeer cleared = ScriptedPeer.established();
        cleared.send(0, ScriptedPeer.message(99));
        stopped(cleared, ResultCode.STOP_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP);
        assertThat(cleared.last(StopCcn.class).message()).contains("99");
    }

    // RFC 2661 section 7.1: an invalid message clears the control connection
    @Test
    void aMessageWithoutMessageTypeEndsTheTunnel() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(0, new ScriptedPeer.Avps().text(7, "lac"));
        stopped(peer, ResultCode.STOP_GENERAL_ERROR, ErrorCode.BAD_VALUE);
    }

    // RFC 2661 section 7.2.1: the cells that end in a StopCCN
    @Test
    void messagesInTheWrongStateEndTheTunnel() {
        for (int type = 1; type <= 3; type++) {
            ScriptedPeer peer = ScriptedPeer.established();
            peer.send(0, type == 3 ? ScriptedPeer.message(3) : handshake(type));
            stopped(peer, ResultCode.STOP_FSM_ERROR, ErrorCode.NONE);
        }
        for (int type = 1; type <= 2; type++) {
            ScriptedPeer peer = new ScriptedPeer(settings().build());
            peer.send(0, ScriptedPeer.sccrq());
            peer.send(0, handshake(type));
            stopped(peer, ResultCode.STOP_FSM_ERROR, ErrorCode.NONE);
        }
    }

    private static ScriptedPeer.Avps handshake(int type) {
        return ScriptedPeer.message(type).number16(2, 0x0100).number32(3, 3).text(7, "lac").number16(9, 5);
    }

    // RFC 2661 section 7.2.1: idle, anything but SCCRQ
    @Test
    void nothingButSccrqOpensATunnel() {
        for (int type : new int[]{2, 3, 4, 6, 10, 12, 14}) {
            ScriptedPeer peer = new ScriptedPeer(settings().build());
            peer.send(0, ScriptedPeer.message(type));
            assertThat(peer.tunnel.state()).as("message type " + type).isEqualTo(TunnelState.RELEASED);
            assertThat(peer.received).isEmpty();
        }
    }

    // RFC 2661 section 5.8: the sequence starts with 0
    @Test
    void aSccrqOutOfSequenceOpensNothing() {
        ScriptedPeer peer = new ScriptedPeer(settings().build());
        peer.sendAs(5, 0, ScriptedPeer.sccrq());
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.RELEASED);
    }

    // RFC 2661 section 3.1: malformed headers are dropped without a word
    @Test
    void malformedHeadersAreDroppedAndCounted() {
        ScriptedPeer peer = ScriptedPeer.established();
        int sent = peer.acknowledgements + peer.headers.size();
        peer.datagram(0x3333, 0, peer.ns, ScriptedPeer.message(6).toByteArray());
        assertThat(peer.tunnel.statistics().malformed()).isEqualTo(1);
        assertThat(peer.acknowledgements + peer.headers.size()).isEqualTo(sent);
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
    }

    // RFC 2661 sections 5.5 and 6.5
    @Test
    void sendsHelloAfterSilenceAndGivesUpWithoutAnswer() {
        ScriptedPeer peer = ScriptedPeer.established(settings().helloIntervalNs(60 * SECOND_NS).build());
        peer.acknowledge();
        peer.advance(59 * SECOND_NS);
        assertThat(peer.received).noneMatch(Hello.class::isInstance);
        peer.advance(SECOND_NS);
        peer.last(Hello.class);
        peer.acknowledge();
        peer.advance(60 * SECOND_NS);
        assertThat(peer.received.stream().filter(Hello.class::isInstance)).hasSize(2);
        // RFC 2661 section 5.8: 1, 2, 4, 8, 8 and 8 seconds, five repetitions.
        peer.advance(31 * SECOND_NS);
        assertThat(peer.tunnel.statistics().retransmissions()).isEqualTo(5);
        assertThat(peer.need(TunnelEvent.Closed.class).origin()).isEqualTo(CloseOrigin.TIMEOUT);
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.RELEASED);
    }

    // RFC 2661 section 6.5: HELLO is acknowledged like any message
    @Test
    void acknowledgesHello() {
        ScriptedPeer peer = ScriptedPeer.established();
        int before = peer.acknowledgements;
        peer.send(0, ScriptedPeer.message(6));
        assertThat(peer.acknowledgements).isEqualTo(before + 1);
        peer.sendAs(peer.ns - 1, 0, ScriptedPeer.message(6));
        assertThat(peer.acknowledgements).as("a repetition is acknowledged again").isEqualTo(before + 2);
    }

    // RFC 2661 section 5.7: acknowledge for a full cycle of retransmissions
    @Test
    void stopCcnOfThePeerEndsAllAndIsAcknowledgedFor31Seconds() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.connected(77);
        int before = peer.acknowledgements;
        peer.send(0, ScriptedPeer.message(4).number16(9, ScriptedPeer.PEER_TUNNEL).number16(1, 6));
        assertThat(peer.acknowledgements).isEqualTo(before + 1);
        assertThat(peer.need(TunnelEvent.CallEnded.class).byPeer()).isTrue();
        assertThat(peer.need(TunnelEvent.Closed.class).result()).isEqualTo(ResultCode.STOP_SHUTTING_DOWN);
        peer.advance(30 * SECOND_NS);
        peer.sendAs(peer.ns - 1, 0, ScriptedPeer.message(4).number16(9, 1).number16(1, 6));
        assertThat(peer.acknowledgements).isEqualTo(before + 2);
        assertThat(peer.event(TunnelEvent.Released.class)).isNull();
        peer.advance(SECOND_NS);
        assertThat(peer.event(TunnelEvent.Released.class)).isNotNull();
    }

    // RFC 2661 section 5.7
    @Test
    void ourStopCcnIsRepeatedUntilAcknowledged() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.tunnel.close(ResultCode.STOP_SHUTTING_DOWN, ErrorCode.NONE, "maintenance", peer.nowNs);
        peer.drain();
        assertThat(peer.last(StopCcn.class).message()).isEqualTo("maintenance");
        peer.advance(SECOND_NS);
        assertThat(peer.tunnel.statistics().retransmissions()).isEqualTo(1);
        peer.acknowledge();
        assertThat(peer.tunnel.statistics().unacknowledged()).isZero();
        peer.advance(3 * SECOND_NS);
        assertThat(peer.tunnel.statistics().retransmissions()).isEqualTo(1);
    }

    // RFC 2661 section 5.8: reliable delivery goes on for a full cycle after the last message, also when it was our StopCCN
    @Test
    void afterOurStopCcnRepetitionsAreAcknowledgedFor31Seconds() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(0, ScriptedPeer.message(6));
        peer.tunnel.close(ResultCode.STOP_CLEAR, ErrorCode.NONE, "", peer.nowNs);
        peer.drain();
        peer.acknowledge();
        int before = peer.acknowledgements;
        peer.advance(30 * SECOND_NS);
        peer.sendAs(peer.ns - 1, 0, ScriptedPeer.message(6));
        assertThat(peer.acknowledgements).isEqualTo(before + 1);
        peer.send(0, ScriptedPeer.icrq(5));
        assertThat(peer.acknowledgements).as("acknowledged, but no call any more").isEqualTo(before + 2);
        assertThat(peer.event(TunnelEvent.CallOffered.class)).isNull();
        assertThat(peer.event(TunnelEvent.Released.class)).isNull();
        peer.advance(SECOND_NS);
        assertThat(peer.event(TunnelEvent.Released.class)).isNotNull();
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.RELEASED);
    }

    // RFC 2661 section 7.2: a half-open tunnel does not stay
    @Test
    void aLacThatNeverFinishesIsForgotten() {
        ScriptedPeer silent = new ScriptedPeer(settings().build());
        silent.send(0, ScriptedPeer.sccrq());
        silent.advance(60 * SECOND_NS);
        assertThat(silent.tunnel.state()).isEqualTo(TunnelState.RELEASED);
        ScriptedPeer stalling = new ScriptedPeer(settings().build());
        stalling.send(0, ScriptedPeer.sccrq());
        stalling.acknowledge();
        stalling.advance(31 * SECOND_NS);
        assertThat(stalling.need(TunnelEvent.Closed.class).origin()).isEqualTo(CloseOrigin.TIMEOUT);
    }

    // RFC 2661 section 4.4.3, Tie Breaker
    @Test
    void tieBreakers() {
        Optional<Octets> low = Optional.of(Octets.of(new byte[8]));
        Optional<Octets> high = Optional.of(Octets.of((byte) 0x80, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0,
                (byte) 0, (byte) 0));
        assertThat(TieBreaker.judge(low, high)).isEqualTo(TieBreaker.LOCAL_WINS);
        assertThat(TieBreaker.judge(high, low)).isEqualTo(TieBreaker.PEER_WINS);
        assertThat(TieBreaker.judge(high, high)).isEqualTo(TieBreaker.BOTH_LOSE);
        assertThat(TieBreaker.judge(high, Optional.empty())).isEqualTo(TieBreaker.LOCAL_WINS);
        assertThat(TieBreaker.judge(Optional.empty(), high)).isEqualTo(TieBreaker.PEER_WINS);
        assertThat(TieBreaker.judge(Optional.empty(), Optional.empty())).isEqualTo(TieBreaker.NO_TIE);
    }
}

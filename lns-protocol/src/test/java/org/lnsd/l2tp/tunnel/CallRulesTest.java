package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.lnsd.l2tp.header.ControlHeader;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.Cdn;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.Icrp;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.MessageEncoder;
import org.lnsd.l2tp.message.PppDisconnectCause;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.Sli;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Calls against a LAC that keeps and breaks the rules: RFC 2661 sections 4.1, 4.4.4, 5.2, 5.6, 6.6 to 6.14, 7.4; RFC 3145, RFC 5515. */
class CallRulesTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static void refused(ScriptedPeer peer, int peerSessionId, ResultCode result, ErrorCode error) {
        Cdn cdn = peer.last(Cdn.class);
        assertThat(peer.lastHeader().sessionId()).isEqualTo(peerSessionId);
        assertThat(cdn.cause().resultCode()).isEqualTo(result);
        assertThat(cdn.cause().errorCode()).isEqualTo(error);
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
    }

    // RFC 2661 sections 6.6 to 6.8
    @Test
    void threeMessagesConnectACall() {
        ScriptedPeer peer = ScriptedPeer.established();
        int localSessionId = peer.accepted(77);
        assertThat(peer.last(Icrp.class).assignedSessionId()).isEqualTo(localSessionId);
        assertThat(peer.lastHeader().sessionId()).isEqualTo(77);
        peer.send(localSessionId, ScriptedPeer.iccn().avp(true, 39));
        TunnelEvent.CallConnected connected = peer.need(TunnelEvent.CallConnected.class);
        assertThat(connected.peerSessionId()).isEqualTo(77);
        assertThat(connected.parameters().sequencingRequired()).isTrue();
        assertThat(connected.parameters().txConnectSpeedBps()).isEqualTo(1_000_000);
    }

    // RFC 2661 section 5.2: there is no call without a control connection
    @Test
    void aCallBeforeScccnIsRefused() {
        ScriptedPeer peer = new ScriptedPeer(TunnelSettings.builder("lns").build());
        peer.send(0, ScriptedPeer.sccrq());
        peer.send(0, ScriptedPeer.icrq(9));
        assertThat(peer.last(Cdn.class).cause().errorCode()).isEqualTo(ErrorCode.NO_CONTROL_CONNECTION);
        assertThat(peer.event(TunnelEvent.CallOffered.class)).isNull();
        peer.send(0, ScriptedPeer.message(3));
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
    }

    // RFC 2661 section 4.1: M bit in a session message costs that session only
    @Test
    void unknownMandatoryAvpEndsOneSessionOfMany() {
        ScriptedPeer peer = ScriptedPeer.established();
        for (int index = 1; index <= 200; index++) {
            peer.connected(index);
        }
        peer.send(0, ScriptedPeer.message(10).avp(true, 1999).number16(14, 500).number32(15, 1));
        refused(peer, 500, ResultCode.CDN_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP);
        assertThat(peer.last(Cdn.class).cause().message()).contains("1999");
        int localSessionId = peer.accepted(501);
        peer.send(localSessionId, ScriptedPeer.iccn().raw(0x8007, 9, 7, (byte) 1));
        refused(peer, 501, ResultCode.CDN_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP);
        assertThat(peer.last(Cdn.class).cause().message()).contains("vendor 9");
        assertThat(peer.tunnel.sessionCount()).isEqualTo(200);
    }

    // RFC 2661 section 4.1: a reserved bit makes an AVP unknown
    @Test
    void reservedBitsMakeAnAvpUnknown() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(0, ScriptedPeer.icrq(5).raw(0x8400 | 9, 0, 21, (byte) '1', (byte) '2', (byte) '3'));
        refused(peer, 5, ResultCode.CDN_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP);
        peer.send(0, ScriptedPeer.icrq(6).raw(0x0400 | 9, 0, 21, (byte) '1', (byte) '2', (byte) '3'));
        assertThat(peer.need(TunnelEvent.CallOffered.class).call().calledNumber()).isEqualTo(Optional.empty());
    }

    // RFC 2661 section 4.4.4: Assigned Session ID is required and not 0
    @Test
    void aCallWithoutSessionIdIsRefused() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(0, ScriptedPeer.message(10).number32(15, 1));
        refused(peer, 0, ResultCode.CDN_GENERAL_ERROR, ErrorCode.VENDOR_SPECIFIC);
        peer.send(0, ScriptedPeer.icrq(0));
        refused(peer, 0, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_VALUE);
        assertThat(peer.tunnel.sessionCount()).isZero();
    }

    // RFC 2661 section 7.1: a malformed AVP ends its session with its M bit, and is ignored without
    @Test
    void malformedAvpCountsByItsMBit() {
        ScriptedPeer peer = ScriptedPeer.established();
        int localSessionId = peer.accepted(5);
        peer.send(localSessionId, ScriptedPeer.iccn().avp(false, 38, (byte) 1, (byte) 2));
        assertThat(peer.need(TunnelEvent.CallConnected.class).parameters().rxConnectSpeedBps()).isEmpty();
        int other = peer.accepted(6);
        peer.send(other, ScriptedPeer.message(12).number16(24, 9).number32(19, 1));
        refused(peer, 6, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_LENGTH);
    }

    // RFC 2661 section 7.4.2: wait-connect and established, ICRQ, ICRP or ICCN: CDN
    @Test
    void stateViolationsEndTheCall() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(0, ScriptedPeer.icrq(5));
        int offered = peer.need(TunnelEvent.CallOffered.class).localSessionId();
        peer.send(offered, ScriptedPeer.iccn());
        refused(peer, 5, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_SESSION_ID);
        int connected = peer.connected(6);
        peer.send(connected, ScriptedPeer.iccn());
        refused(peer, 6, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_SESSION_ID);
        int waiting = peer.accepted(7);
        peer.send(waiting, ScriptedPeer.message(11).number16(14, 8));
        refused(peer, 7, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_SESSION_ID);
        assertThat(peer.tunnel.sessionCount()).isZero();
        assertThat(peer.events.stream().filter(TunnelEvent.CallEnded.class::isInstance)).hasSize(3);
    }

    // RFC 2661 sections 4.4.4 and 6.12: a session id stands for one session, and a CDN to it would end that one at the peer
    @Test
    void aSecondCallWithTheSameSessionIdIsRefusedAndTheFirstGoesOn() {
        ScriptedPeer peer = ScriptedPeer.established();
        int first = peer.connected(5);
        peer.send(0, ScriptedPeer.icrq(5));
        refused(peer, 0, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_SESSION_ID);
        assertThat(peer.last(Cdn.class).assignedSessionId()).isNotZero().isNotEqualTo(first);
        peer.send(0, ScriptedPeer.icrq(5).avp(true, 1999));
        refused(peer, 0, ResultCode.CDN_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP);
        peer.send(4711, ScriptedPeer.icrq(5));
        refused(peer, 0, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_SESSION_ID);
        assertThat(peer.tunnel.sessionCount()).isEqualTo(1);
        assertThat(peer.event(TunnelEvent.CallEnded.class)).isNull();
    }

    // RFC 2661 section 6.12, from the LAC's side: the refusal of a call whose id the LNS knows already ends no other call
    @Test
    void theRefusalOfASecondCallDoesNotEndTheFirst() {
        TunnelPair pair = new TunnelPair(TunnelPair.settings("lac").build(), TunnelPair.settings("lns").build(), 1, 0);
        pair.onEvent((tunnel, event) -> {
            if (event instanceof TunnelEvent.CallOffered offered) {
                tunnel.acceptCall(offered.localSessionId(), pair.nowNs);
            } else if (event instanceof TunnelEvent.CallAnswered answered) {
                tunnel.connectIncomingCall(answered.localSessionId(), CallParameters.of(1, 1), pair.nowNs);
            }
        });
        pair.lac.open(pair.nowNs);
        pair.run(SECOND_NS);
        int first = pair.lac.placeIncomingCall(IncomingCall.of(1, "a", "b"), pair.nowNs);
        pair.run(SECOND_NS);
        Cdn refusal = new Cdn(999, CallDisconnect.error(ErrorCode.BAD_SESSION_ID, "in use"));
        ByteBuf datagram = Unpooled.wrappedBuffer(MessageEncoder.plain().encode(refusal, pair.lac.localTunnelId(), 0));
        datagram.setShort(ControlHeader.NS_OFFSET, pair.lns.statistics().ns());
        datagram.setShort(ControlHeader.NR_OFFSET, pair.lac.statistics().ns());
        pair.lac.onDatagram(datagram, pair.nowNs);
        assertThat(pair.lac.sessionCount()).isEqualTo(1);
        assertThat(pair.lacEvents).noneMatch(TunnelEvent.CallEnded.class::isInstance).anyMatch(
                event -> event instanceof TunnelEvent.CallConnected connected && connected.localSessionId() == first);
    }

    // RFC 2661 section 4.4.2, error 5
    @Test
    void messagesForUnknownSessionsAreAnsweredOrDropped() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(4711, ScriptedPeer.iccn());
        refused(peer, 0, ResultCode.CDN_GENERAL_ERROR, ErrorCode.BAD_SESSION_ID);
        assertThat(peer.last(Cdn.class).assignedSessionId()).isEqualTo(4711);
        int sent = peer.received.size();
        peer.send(4711, ScriptedPeer.cdn(5));
        peer.send(4711, ScriptedPeer.message(15).avp(true, 34, new byte[26]));
        peer.send(4711, ScriptedPeer.message(16).avp(true, 35, new byte[10]));
        assertThat(peer.received).hasSize(sent);
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
    }

    // RFC 2661 section 5.6: messages that cross with our CDN are no news
    @Test
    void messagesForASessionThatHasJustEndedAreDropped() {
        ScriptedPeer peer = ScriptedPeer.established();
        int localSessionId = peer.accepted(5);
        peer.tunnel.hangUp(localSessionId, CallDisconnect.of(ResultCode.CDN_ADMINISTRATIVE, "no"), peer.nowNs);
        peer.drain();
        int sent = peer.received.size();
        peer.send(localSessionId, ScriptedPeer.iccn());
        assertThat(peer.received).hasSize(sent);
    }

    // RFC 2661 sections 5.6 and 6.12, RFC 3145 section 2
    @Test
    void cdnEndsTheCallAndTellsWhy() {
        ScriptedPeer peer = ScriptedPeer.established();
        int localSessionId = peer.connected(5);
        peer.send(localSessionId, ScriptedPeer.cdn(5).avp(false, 46, (byte) 0, (byte) 3, (byte) 0xc0, (byte) 0x21,
                (byte) 1, (byte) 'x'));
        TunnelEvent.CallEnded ended = peer.need(TunnelEvent.CallEnded.class);
        assertThat(ended.byPeer()).isTrue();
        assertThat(ended.cause().pppCause()).contains(new PppDisconnectCause(3, 0xc021, 1, "x"));
        // RFC 2661 section 4.4.4: session id 0, the call is known by its Assigned Session ID.
        peer.accepted(6);
        peer.send(0, ScriptedPeer.cdn(6));
        assertThat(peer.tunnel.sessionCount()).isZero();
    }

    // RFC 2661 sections 6.13 and 6.14
    @Test
    void wenAndSliNeverCloseATunnel() {
        ScriptedPeer peer = ScriptedPeer.established();
        int localSessionId = peer.connected(5);
        byte[] errors = new byte[26];
        errors[5] = 9;
        peer.send(localSessionId, ScriptedPeer.message(15).avp(true, 34, errors));
        assertThat(peer.need(TunnelEvent.WanErrors.class).counts().crcErrors()).isEqualTo(9);
        peer.send(localSessionId, ScriptedPeer.message(16).avp(true, 35, new byte[10]));
        peer.send(0, ScriptedPeer.message(15).avp(true, 34, errors));
        assertThat(peer.tunnel.sessionCount()).isEqualTo(1);
        peer.tunnel.setLinkInfo(localSessionId, LinkInfo.of(0x000a0000, -1), peer.nowNs);
        peer.drain();
        assertThat(peer.last(Sli.class)).isEqualTo(new Sli(LinkInfo.of(0x000a0000, -1)));
        assertThat(peer.lastHeader().sessionId()).isEqualTo(5);
    }

    // RFC 5515 section 4.1
    @Test
    void csunTellsTheNewSpeed() {
        ScriptedPeer peer = ScriptedPeer.established();
        int id = peer.connected(5);
        peer.send(0, ScriptedPeer.message(28).avp(false, 97, (byte) 0, (byte) 0, (byte) (id >> 8), (byte) id, (byte) 0,
                (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 7));
        assertThat(peer.need(TunnelEvent.SpeedsChanged.class)).isEqualTo(new TunnelEvent.SpeedsChanged(id, 256, 7));
    }

    // RFC 5515 sections 4.1 and 4.2: several sessions in one message; those that are not there, or not up, are passed over
    @Test
    void csunAndCsurqAreForSessionsThatAreUp() {
        ScriptedPeer peer = ScriptedPeer.established();
        int waiting = peer.accepted(4);
        int first = peer.connected(5);
        int second = peer.connected(6);
        int unknown = IntStream.range(1, 5).filter(id -> id != waiting && id != first && id != second).findFirst()
                .orElseThrow();
        ScriptedPeer.Avps csun = ScriptedPeer.message(28);
        ScriptedPeer.Avps csurq = ScriptedPeer.message(29);
        for (int id : new int[]{0, waiting, first, unknown, second}) {
            csun = csun.avp(false, 97, speeds(id, id, 9));
            csurq = csurq.avp(false, 97, speeds(id, 0, 0));
        }
        peer.send(0, csun);
        peer.send(0, csurq);
        assertThat(peer.events).filteredOn(TunnelEvent.SpeedsChanged.class::isInstance).containsExactly(
                new TunnelEvent.SpeedsChanged(first, first, 9), new TunnelEvent.SpeedsChanged(second, second, 9));
        assertThat(peer.events).filteredOn(TunnelEvent.SpeedsRequested.class::isInstance).containsExactly(
                new TunnelEvent.SpeedsRequested(first), new TunnelEvent.SpeedsRequested(second));
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
    }

    private static byte[] speeds(int sessionId, int transmitBps, int receiveBps) {
        return ByteBuffer.allocate(12).putInt(sessionId).putInt(transmitBps).putInt(receiveBps).array();
    }

    // RFC 5515 section 6.1: the form of L2TPv3, or none at all, tells nothing to a tunnel of version 2
    @Test
    void connectSpeedsOfOtherFormsAreIgnored() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.connected(5);
        peer.send(0, ScriptedPeer.message(28).avp(false, 97, new byte[20]));
        peer.send(0, ScriptedPeer.message(28));
        assertThat(peer.event(TunnelEvent.SpeedsChanged.class)).isNull();
        assertThat(peer.tunnel.sessionCount()).isEqualTo(1);
    }

    // RFC 5515 section 6.2: the LAC says in ICRQ, or some say in ICCN, that it will tell changes
    @Test
    void speedUpdatesAreAnnouncedInIcrqOrIccn() {
        ScriptedPeer peer = ScriptedPeer.established();
        peer.send(0, ScriptedPeer.icrq(5).avp(false, 98));
        assertThat(peer.need(TunnelEvent.CallOffered.class).call().speedUpdates()).isTrue();
        int other = peer.accepted(6);
        assertThat(peer.need(TunnelEvent.CallOffered.class).call().speedUpdates()).isFalse();
        peer.send(other, ScriptedPeer.iccn().avp(false, 98));
        assertThat(peer.need(TunnelEvent.CallConnected.class).parameters().speedUpdates()).isTrue();
    }

    // RFC 2661 section 7.4.2: limits of our own
    @Test
    void callsAreBoundedInNumberAndInTime() {
        ScriptedPeer peer = ScriptedPeer
                .established(TunnelSettings.builder("lns").maximumSessions(1).helloIntervalNs(0).build());
        int localSessionId = peer.accepted(5);
        peer.send(0, ScriptedPeer.icrq(6));
        refused(peer, 6, ResultCode.CDN_NO_FACILITIES_TEMPORARY, ErrorCode.NONE);
        peer.acknowledge();
        peer.advance(61 * SECOND_NS);
        assertThat(peer.need(TunnelEvent.CallEnded.class).localSessionId()).isEqualTo(localSessionId);
        assertThat(peer.last(Cdn.class).cause().resultCode()).isEqualTo(ResultCode.CDN_TIMEOUT);
    }

    @Test
    void sessionIdsAreUnpredictableAndRest() {
        SessionIds ids = new SessionIds(new SplittableRandom(3), 10 * SECOND_NS);
        Set<Integer> taken = new HashSet<>();
        for (int index = 0; index < 60_000; index++) {
            int id = ids.take(0);
            assertThat(id).isBetween(1, 65_535);
            assertThat(taken.add(id)).isTrue();
        }
        int first = taken.iterator().next();
        ids.release(first, 0);
        assertThat(ids.isRecent(first, 9 * SECOND_NS)).isTrue();
        assertThat(ids.isRecent(first, 10 * SECOND_NS)).isFalse();
        for (int index = 0; index < 5536; index++) {
            assertThat(ids.take(11 * SECOND_NS)).isPositive();
        }
        assertThat(ids.take(11 * SECOND_NS)).isEqualTo(-1);
    }
}

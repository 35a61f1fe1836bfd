package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.Cdn;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.OutgoingCall;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.WanErrorCounts;

/** Outgoing calls from end to end: RFC 2661 sections 5.2.2, 6.9 to 6.11, 7.5; with WEN, SLI and RFC 5515 on the way. */
class OutgoingCallTest {
    private static final OutgoingCall CALL = new OutgoingCall(0, 7, 64_000, 128_000, 1, 1, "0800", Optional.empty(),
            List.of());

    private final TunnelPair pair = new TunnelPair(TunnelPair.settings("lac").build(),
            TunnelPair.settings("lns").build(), 1, 0);

    @Test
    void lnsPlacesACallAndTheLacConnectsIt() {
        pair.onEvent((tunnel, event) -> {
            if (event instanceof TunnelEvent.OutgoingCallRequested requested) {
                assertThat(requested.call().calledNumber()).isEqualTo("0800");
                tunnel.answerOutgoingCall(requested.localSessionId(), pair.nowNs);
                tunnel.connectOutgoingCall(requested.localSessionId(), CallParameters.of(1, 64_000), pair.nowNs);
            }
        });
        pair.lac.open(pair.nowNs);
        pair.run(TunnelPair.SECOND_NS);
        int atLns = pair.lns.placeOutgoingCall(CALL, pair.nowNs);
        pair.run(TunnelPair.SECOND_NS);
        assertThat(pair.lnsEvents).hasAtLeastOneElementOfType(TunnelEvent.CallAnswered.class);
        assertThat(pair.lnsEvents.getLast()).isInstanceOf(TunnelEvent.CallConnected.class);
        TunnelEvent.CallConnected atLac = (TunnelEvent.CallConnected) pair.lacEvents.getLast();
        pair.lns.setLinkInfo(atLns, LinkInfo.of(1, 2), pair.nowNs);
        pair.run(TunnelPair.SECOND_NS);
        assertThat(pair.lacEvents.getLast())
                .isEqualTo(new TunnelEvent.LinkInfoSet(atLac.localSessionId(), LinkInfo.of(1, 2)));
        pair.lns.requestSpeeds(atLns, pair.nowNs);
        pair.run(TunnelPair.SECOND_NS);
        assertThat(pair.lacEvents.getLast()).isEqualTo(new TunnelEvent.SpeedsRequested(atLac.localSessionId()));
        pair.lac.notifySpeeds(atLac.localSessionId(), 9, 8, pair.nowNs);
        pair.lac.reportWanErrors(atLac.localSessionId(), new WanErrorCounts(1, 2, 3, 4, 5, 6), pair.nowNs);
        pair.run(TunnelPair.SECOND_NS);
        assertThat(pair.lnsEvents).contains(new TunnelEvent.SpeedsChanged(atLns, 9, 8),
                new TunnelEvent.WanErrors(atLns, new WanErrorCounts(1, 2, 3, 4, 5, 6)));
    }

    // RFC 2661 sections 4.4.4 and 6.9: only what the LAC told that it can do is asked of it
    @Test
    void nothingIsAskedThatTheLacCannotDo() {
        TunnelPair digital = new TunnelPair(TunnelPair.settings("lac").capabilities(1, 1).build(),
                TunnelPair.settings("lns").build(), 1, 0);
        digital.lac.open(digital.nowNs);
        digital.run(TunnelPair.SECOND_NS);
        assertThat(digital.lns.placeOutgoingCall(call(2, 1), digital.nowNs)).as("analog bearer").isEqualTo(-1);
        assertThat(digital.lns.placeOutgoingCall(call(1, 2), digital.nowNs)).as("asynchronous framing").isEqualTo(-1);
        assertThat(digital.lns.placeOutgoingCall(call(1, 1), digital.nowNs)).isPositive();
        ScriptedPeer withoutBearer = ScriptedPeer.established();
        assertThat(withoutBearer.tunnel.placeOutgoingCall(call(1, 1), withoutBearer.nowNs)).isEqualTo(-1);
    }

    private static OutgoingCall call(int bearerType, int framingType) {
        return new OutgoingCall(0, 7, 64_000, 128_000, bearerType, framingType, "0800", Optional.empty(), List.of());
    }

    // RFC 2661 section 4.4.4: an Assigned Session ID is of one session; a second call that gets it ends, the first goes on
    @Test
    void aSessionIdThatTheLacGivesTwiceEndsTheSecondCall() {
        ScriptedPeer lac = canCallOut();
        int first = lac.tunnel.placeOutgoingCall(call(1, 1), lac.nowNs);
        int second = lac.tunnel.placeOutgoingCall(call(1, 1), lac.nowNs);
        lac.drain();
        lac.send(first, ocrp(0x77));
        assertThat(lac.need(TunnelEvent.CallAnswered.class)).isEqualTo(new TunnelEvent.CallAnswered(first, 0x77));
        lac.send(second, ocrp(0x77));
        assertThat(lac.last(Cdn.class).cause().errorCode()).isEqualTo(ErrorCode.BAD_SESSION_ID);
        assertThat(lac.need(TunnelEvent.CallEnded.class).localSessionId()).isEqualTo(second);
        lac.send(first, ScriptedPeer.message(9).number32(24, 64_000).number32(19, 1));
        assertThat(lac.need(TunnelEvent.CallConnected.class).localSessionId()).isEqualTo(first);
    }

    // RFC 2661 section 4.1: a CDN whose AVPs are wrong ends its session all the same, also without a session id in its header
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFaultyCdnEndsItsCall(boolean withSessionId) {
        ScriptedPeer lac = canCallOut();
        int call = lac.tunnel.placeOutgoingCall(call(1, 1), lac.nowNs);
        lac.drain();
        lac.send(call, ocrp(0x77));
        lac.send(withSessionId ? call : 0, ScriptedPeer.message(14).number16(14, 0x77).avp(true, 1, (byte) 3));
        assertThat(lac.need(TunnelEvent.CallEnded.class).localSessionId()).isEqualTo(call);
        assertThat(lac.received).as("nothing is answered").noneMatch(Cdn.class::isInstance);
        assertThat(lac.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
    }

    private static ScriptedPeer canCallOut() {
        ScriptedPeer lac = new ScriptedPeer(TunnelSettings.builder("lns").build());
        lac.send(0, ScriptedPeer.sccrq().number32(4, 3));
        lac.send(0, ScriptedPeer.message(3));
        return lac;
    }

    private static ScriptedPeer.Avps ocrp(int sessionId) { return ScriptedPeer.message(8).number16(14, sessionId); }

    @Test
    void lacRefusesACall() {
        pair.onEvent((tunnel, event) -> {
            if (event instanceof TunnelEvent.OutgoingCallRequested requested) {
                tunnel.hangUp(requested.localSessionId(), CallDisconnect.of(ResultCode.CDN_BUSY, "busy"), pair.nowNs);
            }
        });
        pair.lac.open(pair.nowNs);
        pair.run(TunnelPair.SECOND_NS);
        assertThat(pair.lns.placeOutgoingCall(CALL, pair.nowNs)).isPositive();
        pair.run(TunnelPair.SECOND_NS);
        TunnelEvent.CallEnded ended = (TunnelEvent.CallEnded) pair.lnsEvents.getLast();
        assertThat(ended.cause().resultCode()).isEqualTo(ResultCode.CDN_BUSY);
        assertThat(pair.lns.sessionCount()).isZero();
    }
}

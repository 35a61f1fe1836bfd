package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
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

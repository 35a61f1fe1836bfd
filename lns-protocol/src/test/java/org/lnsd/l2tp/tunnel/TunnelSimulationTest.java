package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.ResultCode;

/** Both ends against each other on a virtual clock: RFC 2661 sections 5.1, 5.2, 5.6, 5.7 and 5.8 as a whole. */
class TunnelSimulationTest {
    private static final int CALLS = 4;
    private static final int SEEDS = 1000;

    private static TunnelPair pair(long seed, double fault) {
        Secret secret = Secret.of("between us");
        TunnelPair pair = new TunnelPair(TunnelPair.settings("lac").secret(secret, seed % 2 == 0)
                .hideAvps(seed % 3 == 0).receiveWindow(1 + (int) (seed % 7)).build(),
                TunnelPair.settings("lns").secret(secret, true).hideAvps(seed % 5 == 0).build(), seed, fault);
        pair.onEvent((tunnel, event) -> {
            switch (event) {
                case TunnelEvent.Opened _ when tunnel == pair.lac -> {
                    for (int index = 0; index < CALLS; index++) {
                        tunnel.placeIncomingCall(IncomingCall.of(index, "0800", "0151"), pair.nowNs);
                    }
                }
                case TunnelEvent.CallOffered offered -> tunnel.acceptCall(offered.localSessionId(), pair.nowNs);
                case TunnelEvent.CallAnswered answered -> tunnel.connectIncomingCall(answered.localSessionId(),
                        CallParameters.of(1, 10_000_000), pair.nowNs);
                default -> {}
            }
        });
        return pair;
    }

    private static void open(TunnelPair pair) {
        pair.lac.open(pair.nowNs);
        pair.run(40 * TunnelPair.SECOND_NS);
    }

    private static <T> long count(List<TunnelEvent> events, Class<T> type) {
        return events.stream().filter(type::isInstance).count();
    }

    @Test
    void opensAndClosesOnAGoodLink() {
        TunnelPair pair = pair(0, 0);
        open(pair);
        assertThat(pair.lac.state()).isEqualTo(TunnelState.ESTABLISHED);
        assertThat(pair.lns.state()).isEqualTo(TunnelState.ESTABLISHED);
        assertThat(count(pair.lnsEvents, TunnelEvent.CallConnected.class)).isEqualTo(CALLS);
        assertThat(pair.lac.statistics().retransmissions()).isZero();
        assertThat(pair.lns.statistics().retransmissions()).isZero();
        closeAndCheck(pair, "seed 0");
    }

    @Test
    void withFivePercentLossAllOpenAndClose() {
        for (long seed = 0; seed < SEEDS; seed++) {
            String what = "seed " + seed;
            TunnelPair pair = pair(seed, 0.05);
            open(pair);
            assertThat(pair.lns.state()).as(what).isEqualTo(TunnelState.ESTABLISHED);
            assertThat(pair.lac.state()).as(what).isEqualTo(TunnelState.ESTABLISHED);
            assertThat(count(pair.lnsEvents, TunnelEvent.CallConnected.class)).as(what).isEqualTo(CALLS);
            assertThat(count(pair.lacEvents, TunnelEvent.CallConnected.class)).as(what).isEqualTo(CALLS);
            closeAndCheck(pair, what);
        }
    }

    @Test
    void withThirtyPercentLossEachOpensAndClosesOrGivesUp() {
        int opened = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            TunnelPair pair = pair(seed, 0.3);
            open(pair);
            if (pair.lac.state() == TunnelState.ESTABLISHED && pair.lns.state() == TunnelState.ESTABLISHED) {
                opened++;
            }
            closeAndCheck(pair, "seed " + seed);
        }
        assertThat(opened).as("tunnels that opened").isGreaterThan(SEEDS / 2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.05, 0.3})
    void hangUpFromEitherEndLeavesBothAgreeing(double fault) {
        for (long seed = 0; seed < 200; seed++) {
            String what = "seed " + seed;
            TunnelPair pair = pair(seed, fault);
            open(pair);
            Tunnel first = seed % 2 == 0 ? pair.lac : pair.lns;
            List<TunnelEvent> events = List.copyOf(first == pair.lac ? pair.lacEvents : pair.lnsEvents);
            for (TunnelEvent event : events) {
                if (event instanceof TunnelEvent.CallConnected connected) {
                    first.hangUp(connected.localSessionId(), CallDisconnect.of(ResultCode.CDN_ADMINISTRATIVE, "bye"),
                            pair.nowNs);
                }
            }
            pair.run(120 * TunnelPair.SECOND_NS);
            if (pair.lac.state() == TunnelState.ESTABLISHED && pair.lns.state() == TunnelState.ESTABLISHED) {
                assertThat(pair.lac.sessionCount()).as(what).isZero();
                assertThat(pair.lns.sessionCount()).as(what).isZero();
            }
            closeAndCheck(pair, what);
        }
    }

    private static void closeAndCheck(TunnelPair pair, String what) {
        pair.lns.close(ResultCode.STOP_SHUTTING_DOWN, ErrorCode.NONE, "done", pair.nowNs);
        pair.run(200 * TunnelPair.SECOND_NS);
        for (Tunnel tunnel : List.of(pair.lac, pair.lns)) {
            assertThat(tunnel.state()).as(what).isEqualTo(TunnelState.RELEASED);
            assertThat(tunnel.sessionCount()).as(what).isZero();
            assertThat(tunnel.nextDeadlineNs()).as(what).isEqualTo(Long.MAX_VALUE);
        }
        for (List<TunnelEvent> events : List.of(pair.lacEvents, pair.lnsEvents)) {
            assertThat(count(events, TunnelEvent.Closed.class)).as(what).isEqualTo(1);
            assertThat(count(events, TunnelEvent.Released.class)).as(what).isEqualTo(1);
            assertThat(events.getLast()).as(what).isInstanceOf(TunnelEvent.Released.class);
        }
        long offered = count(pair.lnsEvents, TunnelEvent.CallOffered.class);
        assertThat(count(pair.lnsEvents, TunnelEvent.CallEnded.class)).as(what).isEqualTo(offered);
        long placed = count(pair.lacEvents, TunnelEvent.Opened.class) * CALLS;
        assertThat(count(pair.lacEvents, TunnelEvent.CallEnded.class)).as(what).isEqualTo(placed);
    }
}

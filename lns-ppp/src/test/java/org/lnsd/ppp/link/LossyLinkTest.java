package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** Two ends on a wire that loses, repeats and reorders; the seed is in the message of what fails. */
class LossyLinkTest {
    private static final int SEEDS = 1000;
    private static final List<AuthenticationProtocol> ALL = List.of(AuthenticationProtocol.values());

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3})
    void everySeedOpensAndClosesOrGivesUp(double faultRate) {
        int opened = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            AuthenticationProtocol authentication = ALL.get((int) (seed % 3));
            try (Wire wire = new Wire(
                    Station.server(LinkSettings.server().authentication(List.of(authentication)), seed),
                    Station.client(LinkSettings.client("alice", "secret"), seed), seed, faultRate)) {
                opened += openAndClose(wire, seed, faultRate) ? 1 : 0;
            }
        }
        assertThat(opened).isGreaterThan(faultRate < 0.1 ? SEEDS - 1 : SEEDS * 95 / 100);
    }

    private static boolean openAndClose(Wire wire, long seed, double faultRate) {
        String context = "seed " + seed + " fault rate " + faultRate;
        wire.server.recordSent = false;
        wire.client.recordSent = false;
        wire.server.link.start(wire.nowNs);
        wire.client.link.start(wire.nowNs);
        wire.run(TimeUnit.SECONDS.toNanos(60));
        boolean opened = wire.server.openLayers() == 2 && wire.client.openLayers() == 2;
        boolean ended = wire.server.saw(LinkEvent.Down.class) || wire.client.saw(LinkEvent.Down.class);
        if (faultRate < 0.1) {
            assertThat(opened).as(context).isTrue();
        } else {
            assertThat(opened || ended || wire.server.saw(LinkEvent.LcpOpened.class)).as(context).isTrue();
        }
        (seed % 2 == 0 ? wire.server : wire.client).link.close("test over", wire.nowNs);
        wire.run(TimeUnit.SECONDS.toNanos(120));
        for (Station station : List.of(wire.server, wire.client)) {
            assertThat(station.all(LinkEvent.Down.class)).as(context).hasSize(1);
            assertThat(station.events.getLast()).as(context).isInstanceOf(LinkEvent.Down.class);
            assertThat(station.openLayers()).as(context).isZero();
            assertThat(station.link.nextDeadlineNs()).as(context).isEqualTo(Long.MAX_VALUE);
        }
        return opened;
    }
}

package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 1661 section 5.8: when an echo is due, when the peer is dead, and when nothing is to be asked. */
class KeepAliveTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long BORN = 1000 * SECOND;

    private static KeepAlive started(double fraction) {
        var keepAlive = new KeepAlive(LinkSettings.server().echoIntervalNs(10 * SECOND).echoFailures(3).build());
        keepAlive.start(BORN, fraction);
        return keepAlive;
    }

    // Links that came up together do not echo together
    @ParameterizedTest
    @CsvSource({"0.0,5.0", "0.5,7.5", "0.999,9.995"})
    void theFirstEchoComesWithinTheInterval(double fraction, double seconds) {
        KeepAlive keepAlive = started(fraction);
        long dueNs = BORN + (long) (seconds * SECOND);
        assertThat(keepAlive.deadlineNs()).isCloseTo(dueNs, org.assertj.core.data.Offset.offset(1000L));
        assertThat(keepAlive.onTimeout(keepAlive.deadlineNs() - 1)).isEqualTo(KeepAlive.Due.NOTHING);
        assertThat(keepAlive.onTimeout(keepAlive.deadlineNs())).isEqualTo(KeepAlive.Due.ECHO);
    }

    @Test
    void aSilentPeerIsDeadAfterSoManyEchoes() {
        KeepAlive keepAlive = started(0);
        for (int echo = 0; echo < 3; echo++) {
            assertThat(keepAlive.onTimeout(keepAlive.deadlineNs())).isEqualTo(KeepAlive.Due.ECHO);
        }
        assertThat(keepAlive.deadlineNs()).isEqualTo(BORN + 35 * SECOND);
        assertThat(keepAlive.onTimeout(keepAlive.deadlineNs())).isEqualTo(KeepAlive.Due.DEAD);
        assertThat(keepAlive.deadlineNs()).as("nothing more is asked").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anythingFromThePeerIsAnAnswer() {
        KeepAlive keepAlive = started(0);
        for (int round = 0; round < 100; round++) {
            assertThat(keepAlive.onTimeout(keepAlive.deadlineNs())).isEqualTo(KeepAlive.Due.ECHO);
            assertThat(keepAlive.onTimeout(keepAlive.deadlineNs())).isEqualTo(KeepAlive.Due.ECHO);
            long heardNs = keepAlive.deadlineNs() - SECOND;
            keepAlive.heard(heardNs);
            assertThat(keepAlive.onTimeout(keepAlive.deadlineNs())).isEqualTo(KeepAlive.Due.NOTHING);
            assertThat(keepAlive.deadlineNs()).as("a whole interval of silence").isEqualTo(heardNs + 10 * SECOND);
        }
    }

    @Test
    void withoutAnIntervalNothingIsEverAsked() {
        var keepAlive = new KeepAlive(LinkSettings.server().echoIntervalNs(0).build());
        keepAlive.start(BORN, 0.5);
        assertThat(keepAlive.deadlineNs()).isEqualTo(Long.MAX_VALUE);
        assertThat(keepAlive.onTimeout(BORN + 3600 * SECOND)).isEqualTo(KeepAlive.Due.NOTHING);
    }

    @Test
    void aLinkThatNegotiatesAnewBeginsToCountAnew() {
        KeepAlive keepAlive = started(0);
        keepAlive.onTimeout(keepAlive.deadlineNs());
        keepAlive.onTimeout(keepAlive.deadlineNs());
        keepAlive.stop();
        assertThat(keepAlive.deadlineNs()).isEqualTo(Long.MAX_VALUE);
        keepAlive.start(BORN + 100 * SECOND, 0);
        for (int echo = 0; echo < 3; echo++) {
            assertThat(keepAlive.onTimeout(keepAlive.deadlineNs())).isEqualTo(KeepAlive.Due.ECHO);
        }
    }
}

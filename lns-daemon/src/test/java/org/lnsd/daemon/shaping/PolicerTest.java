package org.lnsd.daemon.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policer lets pass, on a virtual clock. */
class PolicerTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLI_NS = 1_000_000L;

    private static long flood(Policer policer, long fromNs, long forNs, int bytes, long everyNs) {
        long passed = 0;
        for (long nowNs = fromNs; nowNs < fromNs + forNs; nowNs += everyNs) {
            passed += policer.admits(bytes, nowNs) ? bytes : 0;
        }
        return passed;
    }

    @ParameterizedTest
    @ValueSource(longs = {64_000, 20_000_000, 1_000_000_000, 10_000_000_000L})
    void twiceTheRateGetsTheRateAndOneBurst(long bps) {
        Policer policer = new Policer(new Rate(bps, 0), 0);
        long step = 1400 * 8 * SECOND_NS / bps / 2;
        long lastedNs = 200_000 * step;
        double bits = 8.0 * flood(policer, 10 * SECOND_NS, lastedNs, 1400, step);
        double lasted = (double) lastedNs / SECOND_NS;
        assertThat(bits).isBetween(bps * lasted * 0.99, bps * (lasted + 0.11) + 3 * 1500 * 8);
    }

    @Test
    void afterASilenceSoMuchGoesAtOnceAsIsSaid() {
        Policer policer = new Policer(new Rate(8_000_000, 0, 10 * MILLI_NS), 0);
        assertThat(flood(policer, 60 * SECOND_NS, 1000, 1000, 1)).isEqualTo(11_000);
        Policer inBytes = new Policer(new Rate(8_000_000, 20_000, 10 * MILLI_NS), 0);
        assertThat(flood(inBytes, 60 * SECOND_NS, 1000, 1000, 1)).isEqualTo(21_000);
    }

    @Test
    void afterASilenceATenthOfASecondGoesAtOnce() {
        Policer policer = new Policer(new Rate(8_000_000, 0), 0);
        assertThat(flood(policer, 60 * SECOND_NS, 1, 1000, 1)).isEqualTo(1000);
        assertThat(flood(policer, 120 * SECOND_NS, 1000, 1000, 1)).isEqualTo(51_000);
    }

    @Test
    void aPauseOfRetransmissionTimeoutsIsMadeUpFor() { // RFC 6298 section 2.4: a second, doubled
        Policer policer = new Policer(new Rate(8_000_000, 0), 0);
        long total = flood(policer, 0, SECOND_NS, 1000, MILLI_NS / 10);
        total += flood(policer, 1400 * MILLI_NS, 1600 * MILLI_NS, 1000, MILLI_NS / 10);
        assertThat(total).isBetween(3_000_000L, 3_110_000L);
    }

    @Test
    void aPauseWithoutLossIsNotMadeUpFor() {
        Policer policer = new Policer(new Rate(8_000_000, 0), 0);
        assertThat(flood(policer, SECOND_NS / 2, 1, 1000, 1)).isEqualTo(1000);
        assertThat(flood(policer, SECOND_NS, 1000, 1000, 1)).isEqualTo(51_000);
    }

    @Test
    void aGivenBurstHoldsExactly() {
        Policer policer = new Policer(new Rate(8_000_000, 20_000), 0);
        assertThat(flood(policer, SECOND_NS, 1000, 1000, 1)).isEqualTo(21_000);
        assertThat(flood(policer, 2 * SECOND_NS, 1000, 1000, 1)).isEqualTo(21_000);
    }
}

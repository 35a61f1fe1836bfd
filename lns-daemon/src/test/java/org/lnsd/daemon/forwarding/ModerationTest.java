package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModerationTest {
    private static final long WINDOW_NS = 1 << 20;

    private final Moderation moderation = new Moderation();
    private long nowNs = 1_000 * WINDOW_NS;

    /** Woken for each packet, at even distances, for so many windows; returns how often the loop would have waited for more. */
    private int run(int packetsPerWindow, int windows) {
        int pauses = 0;
        for (int i = 0; i < packetsPerWindow * windows; i++) {
            moderation.beginWoken();
            moderation.took(1, true, nowNs);
            pauses += moderation.gathers() ? 1 : 0;
            nowNs += WINDOW_NS / packetsPerWindow;
        }
        return pauses;
    }

    @Test
    void fewPacketsNeverWait() { assertThat(run(Moderation.BUSY - 2, 50)).isZero(); }

    @Test
    void manyPacketsGatherAsLongAsThatBringsTwo() {
        assertThat(run(2 * Moderation.BUSY, 3)).isGreaterThan(2 * Moderation.BUSY);
        moderation.beginLook();
        moderation.took(1, true, nowNs);
        moderation.took(1, true, nowNs);
        assertThat(moderation.gathers()).as("one from the socket, one from the device").isTrue();
        moderation.beginLook();
        moderation.took(1, true, nowNs);
        assertThat(moderation.gathers()).isFalse();
    }

    @Test
    void afterAFullBatchNothingWaits() {
        run(2 * Moderation.BUSY, 3);
        moderation.beginLook();
        moderation.took(64, false, nowNs);
        moderation.took(2, true, nowNs);
        assertThat(moderation.gathers()).isFalse();
    }

    @Test
    void theFirstPacketsAfterARestDoNotWait() {
        run(2 * Moderation.BUSY, 3);
        nowNs += 10 * WINDOW_NS;
        assertThat(run(1, 1)).isZero();
        assertThat(run(Moderation.BUSY - 2, 1)).isZero();
    }
}

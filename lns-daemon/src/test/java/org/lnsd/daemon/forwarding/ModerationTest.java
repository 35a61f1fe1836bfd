package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModerationTest {
    private static final long WINDOW_NS = 1 << 20;

    private final Moderation moderation = new Moderation();
    private long nowNs = 1_000 * WINDOW_NS;

    /** Packets at even distances for so many windows; returns the sum of the pauses. */
    private long run(int packetsPerWindow, int windows) {
        long pausedNs = 0;
        for (int i = 0; i < packetsPerWindow * windows; i++) {
            pausedNs += moderation.pauseNs(nowNs);
            moderation.took(1, true, nowNs);
            nowNs += WINDOW_NS / packetsPerWindow;
        }
        return pausedNs;
    }

    @Test
    void fewPacketsNeverWait() { assertThat(run(Moderation.BUSY - 1, 50)).isZero(); }

    @Test
    void manyPacketsGatherForOnePauseAtMost() {
        run(2 * Moderation.BUSY, 3);
        assertThat(moderation.pauseNs(nowNs)).isBetween(Moderation.SHORTEST_NS, Moderation.PAUSE_NS);
        assertThat(moderation.pauseNs(nowNs + Moderation.PAUSE_NS)).isZero();
    }

    @Test
    void aFullBatchIsFollowedAtOnce() {
        run(2 * Moderation.BUSY, 3);
        moderation.took(64, false, nowNs);
        assertThat(moderation.pauseNs(nowNs)).isZero();
    }

    @Test
    void theFirstPacketAfterARestDoesNotWait() {
        run(2 * Moderation.BUSY, 3);
        nowNs += 10 * WINDOW_NS;
        assertThat(moderation.pauseNs(nowNs)).isZero();
        moderation.took(1, true, nowNs);
        assertThat(moderation.pauseNs(nowNs + 1)).isZero();
    }
}

package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModerationTest {
    private static final long WINDOW_NS = Moderation.WINDOW_NS;

    private final Moderation moderation = new Moderation();
    private long nowNs = 1_000 * WINDOW_NS;

    /** Woken for each packet, at even distances, for so many windows; returns how often the loop would have waited for more. */
    private int run(int packetsPerWindow, int windows) {
        int pauses = 0;
        for (int i = 0; i < packetsPerWindow * windows; i++) {
            boolean pause = moderation.beginWoken(nowNs);
            moderation.took(1, 1 * 600L, true, nowNs);
            pauses += pause || moderation.again() ? 1 : 0;
            nowNs += WINDOW_NS / packetsPerWindow;
        }
        return pauses;
    }

    private boolean look(int messages, boolean all) {
        moderation.took(messages, messages * 600L, all, nowNs);
        return moderation.again();
    }

    @Test
    void fewPacketsNeverWait() { assertThat(run(Moderation.BUSY - 2, 50)).isZero(); }

    @Test
    void packetsBehindALonelyBurstDoNotWait() {
        run(10, 5);
        assertThat(look(2 * Moderation.BUSY, true)).isFalse();
        assertThat(run(10, 5)).isZero();
    }

    @Test
    void manyPacketsGatherAsLongAsThatBringsTwo() {
        assertThat(run(2 * Moderation.BUSY, 3)).isGreaterThan(2 * Moderation.BUSY);
        assertThat(moderation.beginWoken(nowNs)).isTrue();
        moderation.took(1, 1 * 600L, true, nowNs);
        assertThat(look(1, true)).as("one from the socket, one from the device").isTrue();
        assertThat(look(1, true)).isFalse();
    }

    @Test
    void betweenBurstsNothingLooksInVain() {
        run(2 * Moderation.BUSY, 3);
        moderation.beginWoken(nowNs);
        assertThat(look(20, true)).isTrue();
        assertThat(look(0, true)).isFalse();
        for (int burst = 0; burst < Moderation.PATIENCE; burst++) {
            nowNs += WINDOW_NS / 2;
            assertThat(moderation.beginWoken(nowNs)).isTrue();
            assertThat(look(20, true)).isFalse();
        }
        nowNs += WINDOW_NS / 2;
        moderation.beginWoken(nowNs);
        assertThat(look(20, true)).as("tried again").isTrue();
    }

    @Test
    void pausesAreAsLongAsItTakesToFindSome() {
        assertThat(pauseNsAfter(30, 3)).as("longer than for few, not the longest").isBetween(115_000L, 125_000L);
        assertThat(pauseNsAfter(60, 3)).isEqualTo(Moderation.LONGEST_PAUSE_NS);
        assertThat(pauseNsAfter(60, 12)).as("enough").isEqualTo(Moderation.LONGEST_PAUSE_NS);
        assertThat(pauseNsAfter(60, 20)).as("more than enough").isEqualTo(Moderation.SHORTEST_PAUSE_NS);
        assertThat(pauseNsAfter(30, 12)).as("enough").isEqualTo(Moderation.SHORTEST_PAUSE_NS);
    }

    /** Of so many packets in a window, with so many found at each look. */
    private long pauseNsAfter(int packetsPerWindow, int found) {
        for (int look = 0; look < 100; look++) {
            look(found, true);
            nowNs += WINDOW_NS * found / packetsPerWindow;
        }
        return moderation.pauseNs();
    }

    @Test
    void afterAFullBatchNothingWaits() {
        run(2 * Moderation.BUSY, 3);
        moderation.beginWoken(nowNs);
        moderation.took(64, 64 * 600L, false, nowNs);
        assertThat(look(2, true)).isFalse();
    }

    @Test
    void trainsNeverWait() {
        run(2 * Moderation.BUSY, 3);
        for (int look = 0; look < 20; look++) {
            moderation.took(1, 60_000, true, nowNs);
            look(2, true);
            nowNs += WINDOW_NS / 16;
        }
        nowNs += WINDOW_NS;
        for (int look = 0; look < 20; look++) {
            assertThat(moderation.beginWoken(nowNs)).isFalse();
            moderation.took(1, 60_000, true, nowNs);
            assertThat(look(2, true)).isFalse();
            nowNs += WINDOW_NS / 16;
        }
    }

    @Test
    void theFirstPacketsAfterARestDoNotWait() {
        run(2 * Moderation.BUSY, 3);
        nowNs += 10 * WINDOW_NS;
        assertThat(run(1, 1)).isZero();
        assertThat(run(Moderation.BUSY - 2, 1)).isZero();
    }
}

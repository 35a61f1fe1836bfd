package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.daemon.shaping.Shaper;

/** When the lines that wait are served, on a virtual clock. */
class WheelTest {
    private static final long TICK_NS = Wheel.TICK_NS;
    private static final long START_NS = 1_000 * TICK_NS;

    private final PacketPool pool = new PacketPool(1);
    private final Wheel wheel = new Wheel();
    private final List<Waiting> served = new ArrayList<>();

    @AfterEach
    void free() { pool.close(); }

    /** A line of so many bits a second that is busy until the time. */
    private ShapedLine line(int row, long bps, long dueNs) {
        Rate rate = new Rate(bps, 0);
        Shaper shaper = new Shaper(pool, rate, dueNs);
        long bytes = (dueNs - shaper.dueNs()) * bps / 8_000_000_000L;
        assertThat(shaper.charge(bytes, shaper.dueNs())).isTrue();
        return new ShapedLine(row, shaper);
    }

    @Test
    void eachIsServedOnceInItsTick() {
        long seed = 7;
        Random random = new Random(seed);
        int count = 500;
        long[] latest = new long[count];
        for (int row = 0; row < count; row++) {
            long dueNs = START_NS + random.nextLong(120 * TICK_NS);
            latest[row] = dueNs + 4 * TICK_NS;
            wheel.add(line(row, 64_000, dueNs), START_NS);
        }
        int before = 0;
        for (long nowNs = START_NS; nowNs < START_NS + 130 * TICK_NS; nowNs += TICK_NS) {
            assertThat(wheel.nextNs()).as("seed %d", seed).isGreaterThanOrEqualTo(nowNs);
            wheel.advance(nowNs, served::add);
            for (Waiting waiting : served.subList(before, served.size())) {
                assertThat(nowNs).as("seed %d", seed).isBetween(waiting.dueNs(), latest[((ShapedLine) waiting).row]);
            }
            before = served.size();
        }
        assertThat(served).doesNotHaveDuplicates().hasSize(count);
        assertThat(wheel.nextNs()).isEqualTo(Wheel.NEVER);
    }

    @Test
    void aQuickLineWaitsForSeveralPacketsAndASlowOneDoesNot() {
        assertThat(wheel.add(line(0, 20_000_000, START_NS), START_NS)).isEqualTo(START_NS + 9 * TICK_NS);
        assertThat(wheel.add(line(1, 1_000_000, START_NS + TICK_NS), START_NS)).isEqualTo(START_NS + 2 * TICK_NS);
        assertThat(wheel.add(line(2, 20_000_000, START_NS), START_NS)).as("with the slow one")
                .isEqualTo(START_NS + 2 * TICK_NS);
        assertThat(wheel.add(line(3, 1_000_000_000, START_NS), START_NS)).isEqualTo(START_NS + 2 * TICK_NS);
        assertThat(wheel.add(line(4, 4_000_000_000L, START_NS), START_NS)).isEqualTo(START_NS + TICK_NS);
    }

    @Test
    void manyLinesAreNotServedInLumps() {
        IntStream.range(0, 1000)
                .forEach(row -> wheel.add(line(row, 20_000_000, START_NS + row % 4 * TICK_NS), START_NS));
        for (int tick = 1; tick <= 4; tick++) {
            int before = served.size();
            wheel.advance(START_NS + tick * TICK_NS, served::add);
            assertThat(served.size() - before).isBetween(200, 350);
        }
    }

    @Test
    void whatIsLateIsServedAtOnceAlsoAfterARound() {
        wheel.add(line(0, 64_000, START_NS + TICK_NS), START_NS);
        wheel.advance(START_NS + 1000 * TICK_NS, served::add);
        assertThat(served).hasSize(1);
    }

    @Test
    void whatIsDueMuchLaterIsLookedAtInBetween() {
        assertThat(wheel.add(line(0, 64_000, START_NS + 190 * TICK_NS), START_NS))
                .isEqualTo(START_NS + Wheel.FARTHEST * TICK_NS);
    }

    @Test
    void aDefectCostsTheOthersNothing() {
        IntStream.range(0, 3).forEach(row -> wheel.add(line(row, 64_000, START_NS), START_NS));
        assertThatIllegalStateException().isThrownBy(() -> wheel.advance(START_NS + TICK_NS, _ -> {
            throw new IllegalStateException("defect");
        }));
        assertThat(wheel.nextNs()).isLessThanOrEqualTo(START_NS + TICK_NS);
        wheel.advance(START_NS + TICK_NS, served::add);
        assertThat(served).hasSize(2);
    }
}

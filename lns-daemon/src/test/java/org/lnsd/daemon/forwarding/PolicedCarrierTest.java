package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.shaping.Rate;

/** How lines share what their carrier may have from the subscribers, on a virtual clock. */
class PolicedCarrierTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLI_NS = 1_000_000L;
    private static final long BPS = 100_000_000;
    private static final int BYTES = 1500;

    private final PolicedCarrier carrier = new PolicedCarrier(new Rate(BPS, 0), 0);

    private PolicedLine[] lines(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new PolicedLine(carrier, 0)).toArray(PolicedLine[]::new);
    }

    /** Lines that send at rates of their own, packets at random times; returns the octets that passed of each. */
    private long[] run(PolicedLine[] lines, long[] wantedBps, long fromNs, long seconds, long seed) {
        Random random = new Random(seed);
        long[] passed = new long[lines.length];
        for (long nowNs = fromNs; nowNs < fromNs + seconds * SECOND_NS; nowNs += MILLI_NS) {
            for (int i = 0; i < lines.length; i++) {
                double expected = wantedBps[i] / 8.0 / BYTES / 1000;
                int packets = (int) expected + (random.nextDouble() < expected - (int) expected ? 1 : 0);
                for (int packet = 0; packet < packets; packet++) {
                    passed[i] += lines[i].admits(BYTES, nowNs) ? BYTES : 0;
                }
            }
        }
        return passed;
    }

    private static long[] wanted(int count, LongUnaryOperator bps) {
        return IntStream.range(0, count).mapToLong(bps::applyAsLong).toArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aThousandLinesShareFairly(long seed) {
        PolicedLine[] lines = lines(1000);
        long[] wanted = wanted(1000, _ -> 190_000);
        run(lines, wanted, SECOND_NS, 2, seed);
        long[] passed = run(lines, wanted, 3 * SECOND_NS, 10, seed);
        long total = Arrays.stream(passed).sum();
        double fair = BPS / 8.0 * 10 / 1000;
        assertThat(total * 8.0 / 10).as("seed %d", seed).isCloseTo(BPS, Percentage.withPercentage(2));
        assertThat((double) Arrays.stream(passed).min().orElseThrow()).as("seed %d", seed).isGreaterThan(fair * 0.8);
        assertThat((double) Arrays.stream(passed).max().orElseThrow()).as("seed %d", seed).isLessThan(fair * 1.2);
    }

    @Test
    void aFloodTakesNothingFromLinesThatWantLess() {
        PolicedLine[] lines = lines(101);
        long[] wanted = wanted(101, i -> i == 0 ? 50 * BPS : 400_000);
        run(lines, wanted, SECOND_NS, 2, 5);
        long[] passed = run(lines, wanted, 3 * SECOND_NS, 5, 6);
        assertThat(passed[0] * 8.0 / 5).isCloseTo(60_000_000, Percentage.withPercentage(5));
        long modest = Arrays.stream(passed).skip(1).sum();
        assertThat(modest * 8.0 / 5).isCloseTo(40_000_000, Percentage.withPercentage(3));
    }

    @Test
    void whatOthersDoNotWantIsThereForAnyone() {
        PolicedLine[] lines = lines(10);
        run(lines, wanted(10, _ -> 30_000_000), SECOND_NS, 2, 7);
        long[] alone = run(lines, wanted(10, i -> i == 0 ? 2 * BPS : 0), 3 * SECOND_NS, 5, 8);
        assertThat(alone[0] * 8.0 / 5).isCloseTo(BPS, Percentage.withPercentage(3));
    }

    @Test
    void belowTheRateNothingIsRefused() {
        PolicedLine[] lines = lines(50);
        long[] wanted = wanted(50, _ -> 1_800_000);
        long offered = Arrays.stream(wanted).sum() / 8 * 5;
        assertThat((double) Arrays.stream(run(lines, wanted, SECOND_NS, 5, 9)).sum())
                .isCloseTo(offered, Percentage.withPercentage(2));
    }

    @Test
    void anotherRateHoldsAtOnce() {
        PolicedLine[] lines = lines(20);
        long[] wanted = wanted(20, _ -> 10_000_000);
        run(lines, wanted, SECOND_NS, 2, 10);
        carrier.rate(new Rate(BPS / 4, 0), 3 * SECOND_NS);
        long passed = Arrays.stream(run(lines, wanted, 3 * SECOND_NS, 5, 11)).sum();
        assertThat(passed * 8.0 / 5).isCloseTo(BPS / 4, Percentage.withPercentage(4));
    }
}

package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.daemon.shaping.Shaper;

/** How lines share the rate of their carrier, on a virtual clock. */
class ShapedCarrierTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TICK_NS = 1_000_000L;

    private final PacketPool pool = new PacketPool(65_536);
    private final List<ShapedLine> lines = new ArrayList<>();
    private final List<ShapedLine> parked = new ArrayList<>();
    private long[] octets = {};

    @AfterEach
    void free() { pool.close(); }

    private ShapedCarrier carrier(long bps, int count, Rate ofLine) {
        ShapedCarrier carrier = new ShapedCarrier(new Rate(bps, 0), 0);
        for (int row = 0; row < count; row++) {
            ShapedLine line = new ShapedLine(row, new Shaper(pool, ofLine, 0));
            line.carrier = carrier;
            lines.add(line);
        }
        octets = new long[count];
        return carrier;
    }

    private void offer(ShapedCarrier carrier, int row, int bytes, long nowNs) {
        int[] slot = {PacketPool.NONE};
        if (pool.take(slot, 1) == 1) {
            ShapedLine line = lines.get(row);
            pool.bytes(slot[0], bytes);
            line.shaper.offer(slot, 1, row, nowNs, carrier.share());
            if (line.shaper.arm()) {
                carrier.add(line, nowNs);
            }
        }
    }

    private void serve(ShapedCarrier carrier, long nowNs) {
        List<ShapedLine> due = List.copyOf(parked);
        parked.clear();
        due.forEach(line -> carrier.add(line, nowNs));
        for (ShapedLine line = carrier.turn(nowNs); line != null; line = carrier.turn(nowNs)) {
            int slot = line.shaper.poll(nowNs);
            if (slot == PacketPool.NONE) {
                carrier.leave();
                if (!line.shaper.disarm()) {
                    parked.add(line);
                }
            } else {
                octets[line.row] += pool.bytes(slot);
                carrier.sent(pool.bytes(slot), nowNs);
                pool.give(slot);
            }
        }
        carrier.disarm();
    }

    @Test
    void aThousandUnequalLinesShareFairly() {
        long seed = 17;
        Random random = new Random(seed);
        int count = 1000;
        ShapedCarrier carrier = carrier(200_000_000, count, new Rate(20_000_000, 0));
        int[] sizes = random.ints(count, 300, 1500).toArray();
        for (long nowNs = 0; nowNs < 5 * SECOND_NS; nowNs += TICK_NS) {
            for (int i = 0; i < 60; i++) { // some 430 Mbit/s
                int row = random.nextInt(count);
                offer(carrier, row, sizes[row], nowNs);
            }
            serve(carrier, nowNs);
        }
        double fair = 200e6 / 8 * 5 / count;
        assertThat((double) Arrays.stream(octets).sum()).as("seed %d", seed)
                .isCloseTo(fair * count, Percentage.withPercentage(2));
        long least = Long.MAX_VALUE;
        for (int row = 0; row < count; row++) {
            if (sizes[row] * 8 * 60_000L / count > 1.1 * fair * 8 / 5) { // those who ask for more than the share
                least = Math.min(least, octets[row]);
            }
        }
        assertThat((double) least).as("seed %d", seed).isGreaterThan(0.8 * fair);
    }

    @Test
    void aLineKeepsToItsOwnRateAndOthersTakeTheRest() {
        ShapedCarrier carrier = carrier(10_000_000, 2, Rate.UNLIMITED);
        lines.getFirst().shaper.rate(new Rate(1_000_000, 0));
        for (long nowNs = 0; nowNs < 5 * SECOND_NS; nowNs += TICK_NS) {
            for (int i = 0; i < 2; i++) {
                offer(carrier, 0, 1400, nowNs);
                offer(carrier, 1, 1400, nowNs);
            }
            serve(carrier, nowNs);
        }
        assertThat(octets[0] * 8 / 5.0).isCloseTo(1e6, Percentage.withPercentage(3));
        assertThat(octets[1] * 8 / 5.0).isCloseTo(9e6, Percentage.withPercentage(3));
    }

    @Test
    void aFreeCarrierLetsAllGoAtOnceUpToItsRate() {
        ShapedCarrier carrier = carrier(80_000_000, 1, Rate.UNLIMITED);
        assertThat(carrier.admits(40_000, SECOND_NS)).isTrue();
        assertThat(carrier.admits(40_000, SECOND_NS)).isFalse();
        assertThat(carrier.admits(40_000, SECOND_NS + 4 * TICK_NS)).isTrue();
        carrier.rate(new Rate(800_000_000, 0));
        assertThat(carrier.admits(400_000, SECOND_NS + 8 * TICK_NS)).isTrue();
    }
}

package org.lnsd.daemon.shaping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rates, order and bounds on a virtual clock. */
class ShaperTest {

    private static final int SLOTS = 4096;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TICK_NS = 1_000_000L;

    private final PacketPool pool = new PacketPool(SLOTS);
    private final long[] octets = new long[8];
    private final long[] packets = new long[8];
    private final int[] flowOf = new int[SLOTS];
    private final long[] sentNs = new long[SLOTS];
    private long worstDelayNs;

    @AfterEach
    void free() { pool.close(); }

    private Shaper shaper(long bps) { return new Shaper(pool, new Rate(bps, 0), 0); }

    private int takeSlot() {
        int[] slots = {PacketPool.NONE};
        assertThat(pool.take(slots, 1)).isEqualTo(slots[0] == PacketPool.NONE ? 0 : 1);
        return slots[0];
    }

    private void offer(Shaper shaper, int slot, int bytes, int flowHash, long nowNs) {
        pool.bytes(slot, bytes);
        shaper.offer(new int[]{slot}, 1, flowHash, nowNs, Rate.UNLIMITED);
    }

    private void offer(Shaper shaper, int flow, int bytes, long nowNs) {
        int slot = takeSlot();
        assertThat(slot).as("a slot is free").isNotEqualTo(PacketPool.NONE);
        flowOf[slot] = flow;
        sentNs[slot] = nowNs;
        offer(shaper, slot, bytes, flow * 7919 + 1, nowNs);
    }

    private void drain(Shaper shaper, long nowNs) {
        for (int slot = shaper.poll(nowNs); slot != PacketPool.NONE; slot = shaper.poll(nowNs)) {
            int flow = flowOf[slot];
            octets[flow] += pool.bytes(slot);
            packets[flow]++;
            if (flow == 7) {
                worstDelayNs = Math.max(worstDelayNs, nowNs - sentNs[slot]);
            }
            pool.give(slot);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {64_000, 1_000_000, 20_000_000, 100_000_000, 1_000_000_000, 10_000_000_000L})
    void aFullLineGetsItsRateAlsoFromALateTimer(long bps) {
        Random random = new Random(bps);
        Shaper shaper = shaper(bps);
        long nowNs = 0;
        long endNs = bps < 1_000_000 ? 60 * SECOND_NS : SECOND_NS;
        long offered = 0;
        while (nowNs < endNs) {
            long due = bps / 8 * nowNs / SECOND_NS * 2 + 20_000; // twice the rate
            for (; offered < due; offered += 1400) {
                int slot = takeSlot();
                if (slot == PacketPool.NONE) {
                    break; // as much as memory holds
                }
                flowOf[slot] = 1;
                offer(shaper, slot, 1400, 1, nowNs);
                drain(shaper, nowNs);
            }
            nowNs += TICK_NS + random.nextLong(4 * TICK_NS);
            drain(shaper, nowNs);
        }
        assertThat((double) octets[1] * 8).isCloseTo((double) bps * nowNs / SECOND_NS, Percentage.withPercentage(3));
    }

    @Test
    void smallPacketsGoFirstOnAFullLine() {
        Shaper shaper = shaper(20_000_000);
        for (long nowNs = 0; nowNs < 5 * SECOND_NS; nowNs += TICK_NS) {
            for (int i = 0; i < 4; i++) { // 48 Mbit/s for 20
                offer(shaper, 1, 1500, nowNs);
            }
            if (nowNs % (10 * TICK_NS) == 0) {
                offer(shaper, 7, 100, nowNs);
            }
            drain(shaper, nowNs);
        }
        assertThat(packets[7]).as("none of 100 a second is lost").isGreaterThanOrEqualTo(499);
        assertThat(worstDelayNs).isLessThan(5_000_000L);
        assertThat((double) octets[1] * 8 / 5).isCloseTo(20e6, Percentage.withPercentage(3));
    }

    private static final int VOICE = 5 * 7919 + 1;
    private static final int VIDEO = 6 * 7919 + 1;

    private boolean passes(Shaper shaper, int bytes, int flowHash, long nowNs) {
        return shaper.passes(bytes, flowHash, nowNs, true);
    }

    /** A line with packets of a large transfer that wait; what may go has gone. */
    private Shaper full(long bps) {
        Shaper shaper = shaper(bps);
        for (int i = 0; i < 120; i++) {
            offer(shaper, 1, 1500, 0);
        }
        assertThat(shaper.poll(0, new int[SLOTS])).isBetween(1, 59);
        return shaper;
    }

    @Test
    void flowsThatSendLittlePassWhatWaits() {
        Shaper shaper = full(100_000_000);
        assertThat(passes(shaper, 100, VOICE, 0)).isTrue();
        assertThat(passes(shaper, 1200, VIDEO, 1_000_000)).isTrue();
        assertThat(passes(shaper, 1200, VIDEO, 2_000_000)).as("once, until the others were served").isFalse();
        assertThat(passes(shaper, 100, VIDEO, 2_000_000)).as("small ones more often").isTrue();
        assertThat(passes(shaper, 1500, 7919 + 1, 2_000_000)).as("of the flow that waits").isFalse();
        assertThat(shaper.poll(3_000_000, new int[SLOTS])).isPositive();
        assertThat(passes(shaper, 1200, VIDEO, 4_000_000)).isTrue();
        assertThat(shaper.passes(100, VOICE, 3_500_000, false)).as("what was served is on its way").isFalse();
        assertThat(shaper.passes(100, VOICE, 4_500_000, false)).isTrue();
        drain(shaper, SECOND_NS);
        assertThat(passes(shaper, 100, VOICE, SECOND_NS)).as("nothing waits").isFalse();
    }

    @Test
    void whatWaitsKeepsHalfOfTheLine() {
        Shaper shaper = full(20_000_000);
        long ahead = 0;
        long waited = 0;
        for (long nowNs = 0; nowNs < SECOND_NS; nowNs += 10_000) {
            ahead += passes(shaper, 64, VOICE, nowNs) ? 64 : 0;
            if (nowNs % (9 * TICK_NS) == 0) {
                int[] slots = new int[64];
                int count = shaper.poll(nowNs, slots);
                for (int i = 0; i < count; i++) {
                    waited += pool.bytes(slots[i]);
                    offer(shaper, slots[i], 1500, 7919 + 1, nowNs);
                }
            }
        }
        assertThat((double) (ahead + waited) * 8).isCloseTo(20e6, Percentage.withPercentage(3));
        assertThat(waited).isGreaterThan(ahead * 9 / 10);
    }

    @Test
    void onASlowLineNothingIsBorrowed() {
        Shaper shaper = full(1_000_000);
        assertThat(shaper.dueNs()).isPositive();
        assertThat(passes(shaper, 100, VOICE, 0)).isFalse();
        assertThat(passes(shaper, 100, VOICE, shaper.dueNs())).isTrue();
    }

    @Test
    void aFloodOfSmallPacketsLeavesRoomForLargeOnes() {
        Shaper shaper = shaper(1_000_000);
        for (long nowNs = 0; nowNs < 5 * SECOND_NS; nowNs += TICK_NS) {
            offer(shaper, 1, 1500, nowNs);
            for (int i = 0; i < 20; i++) {
                offer(shaper, 2, 64, nowNs);
            }
            drain(shaper, nowNs);
        }
        assertThat((double) octets[1] / (octets[1] + octets[2])).isGreaterThan(0.4);
    }

    @Test
    void flowsShareTheLineHoweverUnequalTheyPress() {
        Shaper shaper = shaper(10_000_000);
        for (long nowNs = 0; nowNs < 5 * SECOND_NS; nowNs += TICK_NS) {
            for (int i = 0; i < 10; i++) {
                offer(shaper, 1, 1400, nowNs);
            }
            offer(shaper, 2, 700, nowNs); // 5.6 Mbit/s
            drain(shaper, nowNs);
        }
        assertThat((double) octets[2]).isCloseTo(octets[1], Percentage.withPercentage(10));
    }

    @Test
    void theOrderOfAFlowIsKeptWhateverTheSizes() {
        long seed = 42;
        Random random = new Random(seed);
        Shaper shaper = shaper(5_000_000);
        Deque<Integer> order = new ArrayDeque<>();
        for (long nowNs = 0; nowNs < SECOND_NS / 2; nowNs += TICK_NS) {
            int slot = takeSlot();
            order.add(slot);
            offer(shaper, slot, random.nextBoolean() ? 100 : 1000, 99, nowNs);
            for (int out = shaper.poll(nowNs); out != PacketPool.NONE; out = shaper.poll(nowNs)) {
                assertThat(out).as("seed %d", seed).isEqualTo(order.poll());
                pool.give(out);
            }
        }
        assertThat(shaper.takeDropped()).isZero();
    }

    @Test
    void whatWaitsIsBoundedAndTheDelayComesDown() { // RFC 8289 section 5
        Shaper shaper = shaper(20_000_000);
        int most = 0;
        for (long nowNs = 0; nowNs < 3 * SECOND_NS; nowNs += TICK_NS) {
            for (int i = 0; i < 170; i++) { // 100 times the rate
                offer(shaper, 7, 1500, nowNs);
            }
            drain(shaper, nowNs);
            most = Math.max(most, SLOTS - freeSlots());
        }
        assertThat(most).isLessThanOrEqualTo(20_000_000 / 8 / 5 / 1500 + 1);
        assertThat(worstDelayNs).isLessThan(210 * TICK_NS);
        assertThat(shaper.takeDropped()).isGreaterThan(400_000);
        shaper.close();
        assertThat(freeSlots()).as("nothing is lost").isEqualTo(SLOTS);
    }

    @Test
    void floodedLinesLeaveMemoryToTheOthers() {
        List<Shaper> flooded = IntStream.range(0, 200).mapToObj(_ -> shaper(1_000_000_000)).toList();
        Shaper quiet = shaper(1_000_000);
        for (int round = 0; round < 3000; round++) {
            for (Shaper shaper : flooded) {
                offer(shaper, 1, 40, 0);
            }
        }
        assertThat(freeSlots()).as("of %d", SLOTS).isGreaterThan(20);
        for (int i = 0; i < 15; i++) {
            offer(quiet, 2, 1400, 0);
        }
        assertThat(quiet.takeDropped()).isZero();
        flooded.forEach(Shaper::close);
        quiet.close();
        assertThat(freeSlots()).as("nothing is lost").isEqualTo(SLOTS);
    }

    @Test
    void oneFloodedLineMayHaveALargePartOfTheMemory() {
        Shaper shaper = shaper(1_000_000_000);
        for (int i = 0; i < SLOTS; i++) {
            offer(shaper, 1, 40, 0);
        }
        assertThat(freeSlots()).isBetween(SLOTS * 3 / 4, SLOTS * 17 / 20);
        shaper.close();
    }

    private int freeSlots() {
        int[] taken = new int[SLOTS];
        int count = 0;
        for (int slot = takeSlot(); slot != PacketPool.NONE; slot = takeSlot()) {
            taken[count++] = slot;
        }
        for (int i = 0; i < count; i++) {
            pool.give(taken[i]);
        }
        return count;
    }

    @Test
    void aSilentLinePassesABurstAndThenItsRate() {
        Shaper shaper = shaper(100_000_000);
        assertThat(shaper.admits(60_000, SECOND_NS)).as("less than 5 ms").isTrue();
        assertThat(shaper.admits(60_000, SECOND_NS)).isFalse();
        assertThat(shaper.admits(60_000, SECOND_NS + 5_000_000)).isTrue();
    }

    @Test
    void oneServesTheQueueUntilItIsEmpty() {
        Shaper shaper = shaper(64_000);
        assertThat(shaper.arm()).as("nothing to serve").isFalse();
        offer(shaper, 1, 1500, 0);
        assertThat(shaper.arm()).isTrue();
        assertThat(shaper.arm()).isFalse();
        assertThat(shaper.disarm()).isFalse();
        drain(shaper, SECOND_NS);
        assertThat(shaper.disarm()).isTrue();
    }

    @Test
    void aChangeOfRateKeepsWhatWaits() {
        Shaper shaper = shaper(64_000);
        for (int i = 0; i < 10; i++) {
            offer(shaper, 1, 1500, SECOND_NS);
        }
        shaper.rate(new Rate(1_000_000_000, 0));
        drain(shaper, 2 * SECOND_NS);
        assertThat(packets[1]).isEqualTo(10);
    }
}

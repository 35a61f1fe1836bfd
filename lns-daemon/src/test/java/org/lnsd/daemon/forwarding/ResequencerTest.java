package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lnsd.tun.Memory;

/** RFC 2661 section 5.4: the order of data, with the numbers themselves as packets. */
class ResequencerTest {
    private final Rows rows = new Rows(4, 4);
    private final LoopCounters counters = new LoopCounters(4);
    private final long memory = Memory.map(4096);
    private final List<Integer> delivered = new ArrayList<>();
    private int alarms;
    private final Resequencer resequencer = new Resequencer(rows, counters,
            (_, frame, _) -> delivered.add(Memory.getShortBe(frame)), _ -> alarms++);
    private long nowNs;

    @BeforeEach
    void session() {
        rows.setPeerIds(1, 9, 9);
        rows.setPeerIds(2, 9, 10);
    }

    @AfterEach
    void free() {
        resequencer.close();
        rows.close();
        counters.close();
        Memory.unmap(memory);
    }

    private void arrive(int row, int... numbers) {
        for (int number : numbers) {
            int ns = number & 0xFFFF;
            Memory.putShortBe(memory, ns);
            if (resequencer.admits(row, ns, memory, 100, nowNs)) {
                delivered.add(ns);
                resequencer.follow(row);
            }
        }
    }

    @SuppressWarnings("EnumOrdinal")
    private long late() { return counters.drops[DropReason.LATE_SEQUENCE.ordinal()]; }

    @Test
    void aSwappedPairIsPutRight() {
        arrive(1, 10, 12, 11, 13);
        assertThat(delivered).containsExactly(10, 11, 12, 13);
        assertThat(late()).isZero();
        assertThat(resequencer.held()).isZero();
    }

    @Test
    void theFirstNumberMayBeAny() {
        arrive(1, 40_000, 40_001);
        assertThat(delivered).containsExactly(40_000, 40_001);
    }

    @Test
    void repetitionsAreDroppedAlsoOfWhatWaits() {
        arrive(1, 0, 0, 2, 2, 1, 2);
        assertThat(delivered).containsExactly(0, 1, 2);
        assertThat(late()).isEqualTo(2);
    }

    @Test
    void theOrderGoesOverTheWrap() {
        arrive(1, 65_534, 0, 65_535, 1);
        assertThat(delivered).containsExactly(65_534, 65_535, 0, 1);
    }

    @Test
    void aLostPacketIsWaitedForAShortTimeOnly() {
        arrive(1, 1, 3, 4);
        nowNs += Resequencer.HOLD_NS - 1;
        resequencer.onTimeout(nowNs);
        assertThat(delivered).containsExactly(1);
        nowNs++;
        resequencer.onTimeout(nowNs);
        assertThat(delivered).containsExactly(1, 3, 4);
        arrive(1, 2, 5);
        assertThat(delivered).containsExactly(1, 3, 4, 5);
        assertThat(late()).isEqualTo(1);
    }

    @Test
    void aLongGapIsNotWaitedFor() {
        arrive(1, 1, 3, 3 + Resequencer.FARTHEST);
        assertThat(delivered).containsExactly(1, 3, 3 + Resequencer.FARTHEST);
    }

    @Test
    void sessionsDoNotWaitForEachOther() {
        arrive(1, 1, 3);
        arrive(2, 7, 8);
        assertThat(delivered).containsExactly(1, 7, 8);
        arrive(1, 2);
        assertThat(delivered).containsExactly(1, 7, 8, 2, 3);
    }

    @Test
    void aSessionThatHasEndedLeavesNothingToItsSuccessor() {
        arrive(1, 1, 3);
        rows.clear(1);
        rows.setPeerIds(1, 9, 77);
        resequencer.onTimeout(Resequencer.HOLD_NS);
        assertThat(delivered).containsExactly(1);
        assertThat(resequencer.held()).isZero();
        arrive(1, 0, 1);
        assertThat(delivered).containsExactly(1, 0, 1);
    }

    @Test
    void memoryIsBounded() {
        IntStream.range(0, 4).forEach(row -> arrive(row, 0));
        for (int row = 0; row < 4; row++) {
            for (int ns = 2; ns < 2 + Resequencer.FARTHEST; ns++) {
                arrive(row, ns);
            }
        }
        assertThat(resequencer.held()).isLessThanOrEqualTo(64);
        assertThat(delivered.size() + resequencer.held()).isEqualTo(4 + 4 * Resequencer.FARTHEST);
    }

    @Test
    void whateverComesIsInOrderAndNothingTwice() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Integer> sent = new ArrayList<>();
        for (int ns = 0; ns < 20_000; ns++) {
            if (random.nextInt(20) != 0) {
                sent.add(Math.max(0, sent.size() - random.nextInt(4)), ns);
            }
        }
        for (int ns : sent) {
            nowNs += 1_000_000;
            arrive(1, ns);
            resequencer.onTimeout(nowNs);
        }
        resequencer.onTimeout(nowNs + Resequencer.HOLD_NS);
        assertThat(delivered).isSorted().doesNotHaveDuplicates();
        assertThat(delivered.size() + late()).isEqualTo(sent.size());
        assertThat(late()).as("what was only swapped is put right").isLessThan(sent.size() / 100);
    }
}

package org.lnsd.daemon.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineTableTest {

    private final VirtualLoop loop = new VirtualLoop();
    private final DeadlineTable table = new DeadlineTable(loop);

    @Test
    void runsEntriesInTheOrderOfTheirDeadlinesWhateverTheOrderOfArming() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Long> fired = new ArrayList<>();
        long startNs = loop.nowNs();
        for (int i = 0; i < 2000; i++) {
            table.update(new Alarm(startNs + 1 + random.nextInt(1_000_000), fired));
        }
        loop.advance(1_000_001);
        assertThat(fired).hasSize(2000).isSorted();
        assertThat(table.size()).isZero();
        assertThat(loop.armedNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aDeadlineThatMovedLaterFiresAtTheNewTimeOnly() {
        List<Long> fired = new ArrayList<>();
        Alarm alarm = new Alarm(loop.nowNs() + 100, fired);
        table.update(alarm);
        alarm.deadlineNs = loop.nowNs() + 500;
        table.update(alarm);
        loop.advance(300);
        assertThat(fired).isEmpty();
        loop.advance(300);
        assertThat(fired).hasSize(1);
    }

    @Test
    void aRemovedEntryNeverFires() {
        List<Long> fired = new ArrayList<>();
        List<Alarm> alarms = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            alarms.add(new Alarm(loop.nowNs() + 1 + i, fired));
            table.update(alarms.get(i));
        }
        for (int i = 0; i < 100; i += 2) {
            table.remove(alarms.get(i));
        }
        loop.advance(1000);
        assertThat(fired).hasSize(50).isSorted();
    }

    private final class Alarm extends Timed {

        private final List<Long> fired;
        private long deadlineNs;

        Alarm(long deadlineNs, List<Long> fired) {
            this.deadlineNs = deadlineNs;
            this.fired = fired;
        }

        @Override
        public long nextDeadlineNs() { return deadlineNs; }

        @Override
        public void onDeadline(long nowNs) {
            assertThat(nowNs).isGreaterThanOrEqualTo(deadlineNs);
            fired.add(deadlineNs);
            deadlineNs = Long.MAX_VALUE;
        }
    }
}

package org.lnsd.lac;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.loop.VirtualLoop;

class SetupQueueTest {

    private static final long SECOND_NS = 1_000_000_000L;

    private final List<Integer> called = new ArrayList<>();
    private final VirtualLoop loop = new VirtualLoop();

    @Test
    void neverMoreThanTheLimitAreUnderWay() {
        SetupQueue queue = queue(3, 0, 10);
        queue.run(0);
        assertThat(called).containsExactly(1, 2, 3);
        queue.finished();
        queue.run(1);
        assertThat(called).containsExactly(1, 2, 3, 4);
        assertThat(queue.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void callsComeAtTheRateAsked() {
        SetupQueue queue = queue(1000, 10, 30);
        long nowNs = 5 * SECOND_NS;
        queue.run(nowNs);
        int atOnce = called.size();
        for (int turn = 0; turn < 10; turn++) {
            nowNs = queue.nextDeadlineNs();
            queue.onDeadline(nowNs);
        }
        assertThat(called).hasSize(atOnce + 10);
        assertThat(nowNs).isBetween(5 * SECOND_NS + 9 * SECOND_NS / 10, 6 * SECOND_NS);
    }

    @Test
    void aCallThatFailsAtOnceMakesRoomForTheNext() {
        SetupQueue queue = new SetupQueue(1, 0, (subscriber, nowNs) -> {
            called.add(subscriber.number());
            return false;
        });
        fill(queue, 5);
        queue.run(0);
        assertThat(called).hasSize(5);
        assertThat(queue.settled()).isTrue();
    }

    private SetupQueue queue(int inFlight, int ratePerSecond, int subscribers) {
        SetupQueue queue = new SetupQueue(inFlight, ratePerSecond,
                (subscriber, nowNs) -> called.add(subscriber.number()));
        fill(queue, subscribers);
        return queue;
    }

    private void fill(SetupQueue queue, int subscribers) {
        Emulator emulator = TestPlan.with().emulator(loop);
        for (int number = 1; number <= subscribers; number++) {
            queue.add(new Subscriber(emulator, number));
        }
    }
}

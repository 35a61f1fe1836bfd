package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Numbers that are handed out again only when no forwarding thread can still be using them: after every loop has finished
 * the task that it was in when the number was given back. Used on the control loop.
 */
final class RowAllocator {
    private final int maximum;
    private final IntConsumer onReuse;
    private final Consumer<Runnable> afterAllLoops;
    private final List<Integer> free = new ArrayList<>();
    private List<Integer> returned = new ArrayList<>();
    private boolean waiting;
    private int next;

    /** {@code afterAllLoops} runs its argument on the control loop once every loop has passed. */
    RowAllocator(int maximum, IntConsumer onReuse, Consumer<Runnable> afterAllLoops) {
        this.maximum = maximum;
        this.onReuse = onReuse;
        this.afterAllLoops = afterAllLoops;
    }

    /** A number, or -1 when all are taken. */
    int take() {
        if (!free.isEmpty()) {
            return free.removeLast();
        }
        return next < maximum ? next++ : -1;
    }

    void giveBack(int number) {
        returned.add(number);
        if (!waiting) {
            waitForLoops();
        }
    }

    private void waitForLoops() {
        waiting = true;
        List<Integer> batch = returned;
        returned = new ArrayList<>();
        afterAllLoops.accept(() -> {
            for (int number : batch) {
                onReuse.accept(number);
                free.add(number);
            }
            waiting = false;
            if (!returned.isEmpty()) {
                waitForLoops();
            }
        });
    }

    /** Runs {@code last} when it has been called {@code parties} times. */
    static Runnable countdown(int parties, Runnable last) {
        AtomicInteger left = new AtomicInteger(parties);
        return () -> {
            if (left.decrementAndGet() == 0) {
                last.run();
            }
        };
    }
}

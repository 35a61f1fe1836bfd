package org.lnsd.daemon.aaa.radius;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** When each session's next interim record is due, to the second, without a timer of its own for each. One thread at a time. */
final class InterimWheel {
    private static final int SLOTS = 1024;

    /** A session's place in the wheel. */
    static final class Entry {
        private volatile @Nullable Runnable action;
        private long dueSecond;

        Entry(Runnable action) { this.action = action; }

        /** Never again. From any thread; the entry then holds nothing. */
        void cancel() { action = null; }
    }

    private final List<List<Entry>> slots = new ArrayList<>(SLOTS);
    private long nowSecond;

    InterimWheel(long nowSecond) {
        this.nowSecond = nowSecond;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    void add(Entry entry, long delaySeconds) {
        entry.dueSecond = nowSecond + Math.max(1, delaySeconds);
        slots.get((int) (entry.dueSecond % SLOTS)).add(entry);
    }

    /** Runs what is due up to {@code second}; each has to be added again. */
    void advance(long second) {
        // After a long stall every slot is seen once, which finds all that is due.
        long from = Math.max(nowSecond + 1, second - SLOTS + 1);
        nowSecond = Math.max(nowSecond, second);
        for (long at = from; at <= second; at++) {
            int slot = (int) (at % SLOTS);
            List<Entry> present = slots.get(slot);
            slots.set(slot, new ArrayList<>());
            present.forEach(this::runOrKeep);
        }
    }

    private void runOrKeep(Entry entry) {
        Runnable action = entry.action;
        if (action == null) {
            return;
        }
        if (entry.dueSecond <= nowSecond) {
            action.run();
        } else {
            slots.get((int) (entry.dueSecond % SLOTS)).add(entry);
        }
    }
}

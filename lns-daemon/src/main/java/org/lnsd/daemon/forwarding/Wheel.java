package org.lnsd.daemon.forwarding;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What waits for its time, in slots of a millisecond; of one thread. */
final class Wheel {
    static final long TICK_NS = 1_000_000;
    /** What is due later is looked at after so many ticks. */
    static final int FARTHEST = 128;
    /** {@link #nextNs} while nothing waits. */
    static final long NEVER = Long.MAX_VALUE;
    /** From so many on they share wake-ups anyway, and are served when they are due, not in lumps. */
    private static final int MANY = 64;
    private static final int TICKS = 256;

    private final @Nullable Waiting[] slots = new Waiting[TICKS];
    private @Nullable Waiting taken;
    private int count;
    private long lastTick;

    /**
     * Takes what is due at a time of its own.
     *
     * @return when {@link #advance} is to be called for it
     */
    long add(Waiting waiting, long nowNs) {
        long now = nowNs / TICK_NS;
        if (count++ == 0) {
            lastTick = now;
        }
        long due = Math.clamp(waiting.dueNs() / TICK_NS + 1, now + 1, now + FARTHEST);
        if (count < MANY) {
            due = shared(due, Math.min(due + waiting.slackNs() / TICK_NS, now + FARTHEST));
        }
        int slot = (int) (due & TICKS - 1);
        waiting.nextInWheel = slots[slot];
        slots[slot] = waiting;
        return due * TICK_NS;
    }

    // The first wake-up that others have between the two, or else the later.
    private long shared(long due, long latest) {
        for (long tick = due; tick < latest; tick++) {
            if (slots[(int) (tick & TICKS - 1)] != null) {
                return tick;
            }
        }
        return latest;
    }

    /** Takes out all whose time has come; who gets them may add them again. What a defect there leaves over is taken the next time. */
    void advance(long nowNs, Consumer<Waiting> whenDue) {
        long now = nowNs / TICK_NS;
        long last = Math.min(now, lastTick + TICKS);
        takeAll(whenDue);
        for (long tick = lastTick + 1; tick <= last; tick++) {
            int slot = (int) (tick & TICKS - 1);
            taken = slots[slot];
            slots[slot] = null;
            takeAll(whenDue);
        }
        lastTick = Math.max(now, lastTick);
    }

    private void takeAll(Consumer<Waiting> whenDue) {
        for (Waiting waiting = taken; waiting != null; waiting = taken) {
            taken = waiting.nextInWheel;
            waiting.nextInWheel = null;
            count--;
            whenDue.accept(waiting);
        }
    }

    /** When {@link #advance} is to be called next. */
    long nextNs() {
        if (taken != null) {
            return (lastTick + 1) * TICK_NS;
        }
        for (long tick = lastTick + 1; count > 0 && tick <= lastTick + TICKS; tick++) {
            if (slots[(int) (tick & TICKS - 1)] != null) {
                return tick * TICK_NS;
            }
        }
        return NEVER;
    }
}

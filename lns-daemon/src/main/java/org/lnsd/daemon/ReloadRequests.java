package org.lnsd.daemon;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Signals that ask for a reload, however many: one reload runs at a time, and one more afterwards for all that came meanwhile. Each needs
 * memory for the whole file.
 */
final class ReloadRequests {

    private final Runnable reload;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final ReentrantLock turn = new ReentrantLock();

    ReloadRequests(Runnable reload) { this.reload = reload; }

    /** Has it run on a thread of its own; returns at once. */
    void request() {
        if (waiting.compareAndSet(false, true)) {
            Thread.ofPlatform().name("lnsd-reload").daemon().start(this::run);
        }
    }

    private void run() {
        turn.lock();
        try {
            waiting.set(false);
            reload.run();
        } finally {
            turn.unlock();
        }
    }
}

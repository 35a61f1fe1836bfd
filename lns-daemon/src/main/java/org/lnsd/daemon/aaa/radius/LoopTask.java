package org.lnsd.daemon.aaa.radius;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.EventLoop;

/** Tasks on the RADIUS loops. The boundary for defects of ours: a task that fails is logged as a bug, and the loop and later turns go on. */
final class LoopTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopTask.class);

    private final String name;
    private final Runnable task;

    private LoopTask(String name, Runnable task) {
        this.name = name;
        this.task = task;
    }

    /** Runs {@code task} every so often. */
    static void every(EventLoop loop, long period, TimeUnit unit, String name, Runnable task) {
        Future<?> _ = loop.scheduleAtFixedRate(new LoopTask(name, task), period, period, unit);
    }

    /** Runs {@code task} once, later. */
    static void after(EventLoop loop, long delay, TimeUnit unit, String name, Runnable task) {
        Future<?> _ = loop.schedule(new LoopTask(name, task), delay, unit);
    }

    /** Runs {@code task} soon. From any thread. */
    static void soon(EventLoop loop, String name, Runnable task) {
        loop.execute(new LoopTask(name, task));
    }

    @Override
    public void run() {
        try {
            task.run();
        } catch (RuntimeException defect) {
            LOG.error("radius-task-failed class=bug task={}", name, defect);
        }
    }
}

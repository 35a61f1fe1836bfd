package org.lnsd.daemon.loop;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A control loop whose clock moves only when the test says so. */
public final class VirtualLoop implements ControlLoop {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private Runnable wakeUp = () -> {};
    private long nowNs = 1_000_000_000L;
    private long armedNs = Long.MAX_VALUE;

    @Override
    public long nowNs() { return nowNs; }

    @Override
    public boolean inLoop() { return true; }

    @Override
    public void execute(Runnable task) { tasks.add(task); }

    @Override
    public void wakeAt(long deadlineNs) { armedNs = deadlineNs; }

    @Override
    public void onWakeUp(Runnable task) { wakeUp = task; }

    /** @return the armed deadline */
    public long armedNs() { return armedNs; }

    /** Runs what was handed to the loop. */
    public void runTasks() {
        for (@Nullable
        Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /**
     * Lets time pass, running each wake-up at its time.
     *
     * @param durationNs how long
     */
    public void advance(long durationNs) {
        long endNs = nowNs + durationNs;
        runTasks();
        while (armedNs <= endNs) {
            nowNs = Math.max(nowNs, armedNs);
            armedNs = Long.MAX_VALUE;
            wakeUp.run();
            runTasks();
        }
        nowNs = endNs;
    }
}

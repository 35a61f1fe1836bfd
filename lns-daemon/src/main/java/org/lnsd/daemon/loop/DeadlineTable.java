package org.lnsd.daemon.loop;

import java.util.Arrays;

/**
 * All deadlines of one control loop in a binary heap, behind one wake-up. An entry whose deadline moves later keeps its
 * place and is looked at again when that comes: the usual case (a timer pushed on by traffic) costs one comparison.
 */
public final class DeadlineTable {

    private static final int INITIAL_CAPACITY = 64;
    /** So that a storm of due timers does not keep the loop from its sockets. */
    private static final int DUE_PER_TURN = 4096;

    private final ControlLoop loop;
    private Timed[] heap = new Timed[INITIAL_CAPACITY];
    private int size;
    private boolean running;

    /** Takes over the wake-up of the loop. */
    public DeadlineTable(ControlLoop loop) {
        this.loop = loop;
        loop.onWakeUp(this::runDue);
    }

    /** Returns how many entries wait for a deadline. */
    public int size() { return size; }

    /**
     * Reads the entry's deadline again; to be called after each input to it.
     *
     * @param entry armed or not
     */
    public void update(Timed entry) {
        long deadlineNs = entry.nextDeadlineNs();
        if (deadlineNs == Long.MAX_VALUE) {
            return; // if it is in the heap it leaves when its old place comes up
        }
        if (entry.heapIndex == Timed.ABSENT) {
            insert(entry, deadlineNs);
        } else if (deadlineNs < entry.armedNs) {
            entry.armedNs = deadlineNs;
            siftUp(entry.heapIndex, entry);
        } else {
            return;
        }
        if (!running) {
            arm();
        }
    }

    /** Forgets the entry at once, whether armed or not. */
    public void remove(Timed entry) {
        int index = entry.heapIndex;
        if (index == Timed.ABSENT) {
            return;
        }
        entry.heapIndex = Timed.ABSENT;
        Timed last = heap[--size];
        heap[size] = null;
        if (index < size) { // else it was the last itself
            siftDown(index, last);
            if (last.heapIndex == index) {
                siftUp(index, last);
            }
        }
    }

    private void runDue() {
        running = true;
        try {
            long nowNs = loop.nowNs();
            for (int turn = 0; turn < DUE_PER_TURN && size > 0 && heap[0].armedNs <= nowNs; turn++) {
                runFirst(nowNs);
            }
        } finally {
            running = false;
            arm();
        }
    }

    private void runFirst(long nowNs) {
        Timed entry = heap[0];
        remove(entry);
        if (entry.nextDeadlineNs() <= nowNs) {
            entry.onDeadline(nowNs);
        }
        update(entry);
    }

    private void arm() { loop.wakeAt(size == 0 ? Long.MAX_VALUE : heap[0].armedNs); }

    private void insert(Timed entry, long deadlineNs) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        entry.armedNs = deadlineNs;
        siftUp(size++, entry);
    }

    private void siftUp(int from, Timed entry) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (heap[parent].armedNs <= entry.armedNs) {
                break;
            }
            place(index, heap[parent]);
            index = parent;
        }
        place(index, entry);
    }

    private void siftDown(int from, Timed entry) {
        int index = from;
        int child = 2 * index + 1;
        while (child < size) {
            if (child + 1 < size && heap[child + 1].armedNs < heap[child].armedNs) {
                child++;
            }
            if (entry.armedNs <= heap[child].armedNs) {
                break;
            }
            place(index, heap[child]);
            index = child;
            child = 2 * index + 1;
        }
        place(index, entry);
    }

    private void place(int index, Timed entry) {
        heap[index] = entry;
        entry.heapIndex = index;
    }
}

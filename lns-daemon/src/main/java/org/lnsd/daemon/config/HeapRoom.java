package org.lnsd.daemon.config;

import java.util.function.LongSupplier;

/**
 * Whether what is left of the heap suffices for a file: a heap that is exhausted would end the process, and with it every line.
 *
 * @param freeBytes what is free as far as is known, with what could be collected counted as used
 * @param collector finds out what is free
 */
record HeapRoom(LongSupplier freeBytes, Runnable collector) {

    /** What the parser needs for a character at worst: lists of short numbers. Users need a third of it. */
    private static final int PARSED = 300;
    /** What the configuration itself needs for a character of the file, and a reload to compare it with the former one. */
    private static final int KEPT = 25;

    /** The heap of this process. */
    static HeapRoom ofThisProcess() {
        Runtime heap = Runtime.getRuntime();
        return new HeapRoom(() -> heap.maxMemory() - heap.totalMemory() + heap.freeMemory(), System::gc);
    }

    /** Whether this much text can be parsed at once. */
    boolean isEnoughToParse(String text) {
        return hasFree((long) text.length() * PARSED);
    }

    /** Whether the values of a file of this much text can be kept. */
    boolean isEnoughToKeep(String text) {
        return hasFree((long) text.length() * KEPT);
    }

    private boolean hasFree(long bytes) {
        if (freeBytes.getAsLong() >= bytes) {
            return true;
        }
        collector.run();
        return freeBytes.getAsLong() >= bytes;
    }

    /** What is wrong, in the words of an error. */
    String missing() {
        return "the file needs more memory than the " + (freeBytes.getAsLong() >> 20)
                + " MiB that are free, a smaller one or a larger heap (-Xmx in LNSD_JAVA_OPTS) expected";
    }
}

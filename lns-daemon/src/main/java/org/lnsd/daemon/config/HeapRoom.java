package org.lnsd.daemon.config;

/** Whether what is left of the heap suffices for a file: a heap that is exhausted would end the process, and with it every line. */
final class HeapRoom {

    /** What the parser needs for a character at worst: lists of short numbers. Users need a third of it. */
    private static final int PARSED = 300;
    /** What the configuration itself needs for a character of the file, and a reload to compare it with the former one. */
    private static final int KEPT = 25;

    private HeapRoom() {}

    /** Whether this much text can be parsed at once. */
    static boolean isEnoughToParse(String text) {
        return hasFree((long) text.length() * PARSED);
    }

    /** Whether the values of a file of this much text can be kept. */
    static boolean isEnoughToKeep(String text) {
        return hasFree((long) text.length() * KEPT);
    }

    private static boolean hasFree(long octets) {
        if (free() >= octets) {
            return true;
        }
        System.gc(); // what is free is only known then
        return free() >= octets;
    }

    /** What is wrong, in the words of an error. */
    static String missing() {
        return "the file needs more memory than the " + (free() >> 20)
                + " MiB that are free, a smaller one or a larger heap (-Xmx in LNSD_JAVA_OPTS) expected";
    }

    private static long free() {
        Runtime heap = Runtime.getRuntime();
        return heap.maxMemory() - heap.totalMemory() + heap.freeMemory();
    }
}

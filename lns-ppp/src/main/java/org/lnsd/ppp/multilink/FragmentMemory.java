package org.lnsd.ppp.multilink;

/** What the fragments of all bundles together may take while they wait for others. One thread at a time. */
public final class FragmentMemory {
    /** Beside its octets a fragment takes a buffer and an entry of a table. */
    private static final int OVERHEAD_BYTES = 256;

    private final int limitBytes;
    private long usedBytes;

    /** A memory of so many octets; what comes last may exceed it by one fragment. */
    public FragmentMemory(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    void take(int fragmentBytes) { usedBytes += fragmentBytes + OVERHEAD_BYTES; }

    void giveBack(int fragmentBytes) { usedBytes -= fragmentBytes + OVERHEAD_BYTES; }

    boolean isFull() { return usedBytes > limitBytes; }

    /** Returns what is taken now, in octets. */
    public long usedBytes() { return usedBytes; }
}

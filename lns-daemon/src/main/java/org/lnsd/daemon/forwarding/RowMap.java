package org.lnsd.daemon.forwarding;

/** From 128-bit keys to rows: one thread writes, any number read without locks. */
sealed interface RowMap permits RowTable, NarrowRowTable {
    /** What {@link #find} returns for a key without a row. */
    int NONE = -1;

    /** The row of a key or {@link #NONE}. Any thread. */
    int find(long high, long low);

    /** Sets a key's row, replacing another. */
    void put(long high, long low, int row);

    /** Removes a key if it is this row's. */
    void remove(long high, long low, int row);
}

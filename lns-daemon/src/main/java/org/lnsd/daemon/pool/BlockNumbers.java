package org.lnsd.daemon.pool;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;

/** A set of block numbers: a bit for each of the first million, which is where a pool hands out from. */
final class BlockNumbers {

    private static final long DENSE = 1 << 20;

    private final BitSet dense = new BitSet();
    private final Set<Long> sparse = new HashSet<>();

    boolean contains(long number) { return number < DENSE ? dense.get((int) number) : sparse.contains(number); }

    void add(long number) {
        if (number < DENSE) {
            dense.set((int) number);
        } else {
            sparse.add(number);
        }
    }

    void remove(long number) {
        if (number < DENSE) {
            dense.clear((int) number);
        } else {
            sparse.remove(number);
        }
    }

    void forEach(LongConsumer action) {
        dense.stream().forEach(action::accept);
        sparse.forEach(action::accept);
    }
}

package org.lnsd.daemon.table;

import org.jspecify.annotations.Nullable;

/**
 * Lets many hold one object where their values are equal: remembers some of the latest values, by their hash. For immutable values; threads that
 * use it at once may get an object each.
 */
public final class SharedValues {

    private static final int SLOTS = 256;

    private final @Nullable Object[] latest = new Object[SLOTS];

    /** Returns an equal value that was given before and is still remembered, or else the value. */
    public <T> T same(T value) {
        int hash = value.hashCode();
        int slot = (hash ^ hash >>> 8 ^ hash >>> 16 ^ hash >>> 24) & SLOTS - 1;
        Object known = latest[slot];
        if (value.equals(known)) {
            @SuppressWarnings("unchecked") // what equals a value is of its class: records and texts
            T former = (T) known;
            return former;
        }
        latest[slot] = value;
        return value;
    }
}

package org.lnsd.daemon.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values that know their own key, one for each key: a hash table of one array, some ten octets a value. A value's key must not change while
 * it is here. Any thread.
 */
public final class KeyedTable<K, V> {

    private static final int SMALLEST = 16;
    /** Fibonacci hashing: the keys' own hashes may differ in few bits only. */
    private static final int SPREAD = 0x9E37_79B9;

    private final Function<V, K> keyOf;
    private @Nullable Object[] slots = new Object[SMALLEST];
    private int size;

    /** An empty table of values whose keys are told by {@code keyOf}. */
    public KeyedTable(Function<V, K> keyOf) {
        this.keyOf = keyOf;
    }

    /** Returns how many values there are. */
    public synchronized int size() { return size; }

    /** Returns the value of a key. */
    public synchronized Optional<V> find(K key) {
        return Optional.ofNullable(at(position(key)));
    }

    /** Takes a value in, in place of the one that had its key. */
    public synchronized void put(V value) {
        if ((size + 1L) * 4 > slots.length * 3L) {
            resize(slots.length * 2);
        }
        int position = position(keyOf.apply(value));
        size += slots[position] == null ? 1 : 0;
        slots[position] = value;
    }

    /** Takes a value in if no other has its key; false: one has. */
    public synchronized boolean putIfAbsent(V value) {
        boolean absent = at(position(keyOf.apply(value))) == null;
        if (absent) {
            put(value);
        }
        return absent;
    }

    /** Takes a value out; false: it is not the one that has its key. */
    @SuppressWarnings("ReferenceEquality") // this one, not one that equals it
    public synchronized boolean remove(V value) {
        int position = position(keyOf.apply(value));
        if (slots[position] != value) {
            return false;
        }
        free(position);
        return true;
    }

    /** Takes the value of a key out; false: there is none. */
    public synchronized boolean removeKey(K key) {
        int position = position(key);
        if (slots[position] == null) {
            return false;
        }
        free(position);
        return true;
    }

    /** Takes all out. */
    public synchronized void clear() {
        slots = new Object[SMALLEST];
        size = 0;
    }

    /** Returns all values as they are now, in no order. */
    public synchronized List<V> values() {
        List<V> all = new ArrayList<>(size);
        for (int i = 0; i < slots.length; i++) {
            V value = at(i);
            if (value != null) {
                all.add(value);
            }
        }
        return all;
    }

    /** The slot of the key's value, or the free one where it would be. */
    private int position(K key) {
        int position = home(key);
        for (V value = at(position); value != null; value = at(position)) {
            if (keyOf.apply(value).equals(key)) {
                return position;
            }
            position = next(position);
        }
        return position;
    }

    private int home(K key) { return key.hashCode() * SPREAD >>> Integer.numberOfLeadingZeros(slots.length - 1); }

    private int next(int position) { return position + 1 & slots.length - 1; }

    @SuppressWarnings("unchecked") // only values are put there
    private @Nullable V at(int position) { return (V) slots[position]; }

    /** Frees a slot, and moves those behind it that it kept from their place. */
    private void free(int position) {
        size--;
        int hole = position;
        slots[hole] = null;
        int at = next(hole);
        for (V value = at(at); value != null; value = at(at)) {
            int home = home(keyOf.apply(value));
            boolean reachesOverHole = (at - home & slots.length - 1) >= (at - hole & slots.length - 1);
            if (reachesOverHole) {
                slots[hole] = value;
                slots[at] = null;
                hole = at;
            }
            at = next(at);
        }
        if (slots.length > SMALLEST && size < slots.length / 8) {
            resize(slots.length / 2);
        }
    }

    private void resize(int length) {
        @Nullable
        Object[] former = slots;
        slots = new Object[length];
        for (int i = 0; i < former.length; i++) {
            @SuppressWarnings("unchecked") // as in at()
            V value = (V) former[i];
            if (value != null) {
                slots[position(keyOf.apply(value))] = value;
            }
        }
    }
}

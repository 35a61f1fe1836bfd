package org.lnsd.daemon.session;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens to tunnels and sessions by name. Written by the control loop, read by anybody. */
public final class SessionCounts {

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts one more. The names are ours, so the map stays small. */
    public void count(String name) {
        counts.computeIfAbsent(name, _ -> new LongAdder()).increment();
    }

    /** Returns how often that has happened. */
    public long of(String name) {
        LongAdder adder = counts.get(name);
        return adder == null ? 0 : adder.sum();
    }

    /** Returns all counts, sorted by name. */
    public Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((name, adder) -> all.put(name, adder.sum()));
        return all;
    }
}

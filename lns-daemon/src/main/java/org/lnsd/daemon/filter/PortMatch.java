package org.lnsd.daemon.filter;

import java.util.List;

/** Ports of a rule: any, or those in one of the ranges. */
record PortMatch(List<Range> ranges) {
    static final PortMatch ANY = new PortMatch(List.of());

    PortMatch {
        ranges = List.copyOf(ranges);
    }

    /** Both ends included. */
    record Range(int first, int last) {
        boolean contains(int port) { return port >= first && port <= last; }
    }

    boolean isAny() { return ranges.isEmpty(); }

    boolean matches(int port) { return isAny() || ranges.stream().anyMatch(range -> range.contains(port)); }
}

package org.lnsd.radius.client;

import java.util.PriorityQueue;
import java.util.function.Consumer;

/** The deadlines of all exchanges. A deadline that was moved leaves its old entry behind, which is passed over when it is due. */
final class DeadlineHeap<C> {
    private final PriorityQueue<Entry<C>> entries = new PriorityQueue<>();

    private record Entry<C>(long deadlineNs, Exchange<C> exchange) implements Comparable<Entry<C>> {
        @Override
        public int compareTo(Entry<C> other) { return Long.compare(deadlineNs, other.deadlineNs); }

        boolean isStale() { return exchange.done || exchange.deadlineNs != deadlineNs; }
    }

    void arm(Exchange<C> exchange, long deadlineNs) {
        exchange.deadlineNs = deadlineNs;
        entries.add(new Entry<>(deadlineNs, exchange));
    }

    long nextNs() {
        Entry<C> first = entries.peek();
        while (first != null && first.isStale()) {
            entries.poll();
            first = entries.peek();
        }
        return first == null ? Long.MAX_VALUE : first.deadlineNs;
    }

    /** Gives every exchange that is due to {@code due}, which arms it again or ends it. */
    void expire(long nowNs, Consumer<Exchange<C>> due) {
        while (nextNs() <= nowNs) {
            Exchange<C> exchange = entries.remove().exchange;
            exchange.deadlineNs = Long.MAX_VALUE;
            due.accept(exchange);
        }
    }
}

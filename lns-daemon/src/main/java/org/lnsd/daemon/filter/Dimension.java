package org.lnsd.daemon.filter;

import java.util.List;
import java.util.TreeSet;

/**
 * One field of all rules of a list: the values fall into intervals, and each interval has a bit for every rule that its values match. Values are
 * unsigned 128-bit numbers in two halves; narrower fields have a high half of zero.
 */
final class Dimension {
    private final long[] high;
    private final long[] low;
    private final long[][] bits;

    /** A closed interval of values. */
    record Span(long firstHigh, long firstLow, long lastHigh, long lastLow) {
        static Span of(long first, long last) { return new Span(0, first, 0, last); }

        boolean contains(Value value) {
            return new Value(firstHigh, firstLow).compareTo(value) <= 0
                    && value.compareTo(new Value(lastHigh, lastLow)) <= 0;
        }
    }

    record Value(long high, long low) implements Comparable<Value> {
        @Override
        public int compareTo(Value other) {
            int order = Long.compareUnsigned(high, other.high);
            return order != 0 ? order : Long.compareUnsigned(low, other.low);
        }
    }

    /**
     * @param rules the spans of each rule; an empty list: it matches no value
     */
    Dimension(List<List<Span>> rules) {
        TreeSet<Value> starts = new TreeSet<>();
        starts.add(new Value(0, 0));
        for (List<Span> spans : rules) {
            for (Span span : spans) {
                starts.add(new Value(span.firstHigh(), span.firstLow()));
                if ((span.lastHigh() & span.lastLow()) != -1) {
                    starts.add(new Value(span.lastHigh() + (span.lastLow() == -1 ? 1 : 0), span.lastLow() + 1));
                }
            }
        }
        high = new long[starts.size()];
        low = new long[starts.size()];
        bits = new long[starts.size()][];
        int words = Math.max(1, (rules.size() + 63) / 64);
        int interval = 0;
        for (Value start : starts) {
            high[interval] = start.high();
            low[interval] = start.low();
            long[] row = new long[words];
            for (int rule = 0; rule < rules.size(); rule++) {
                if (rules.get(rule).stream().anyMatch(span -> span.contains(start))) {
                    row[rule >>> 6] |= 1L << rule;
                }
            }
            bits[interval++] = row;
        }
    }

    /** The rules that match this value, a bit each. */
    long[] rules(long valueHigh, long valueLow) {
        int first = 0;
        int last = high.length - 1;
        while (first < last) {
            int middle = (first + last + 1) >>> 1;
            int order = Long.compareUnsigned(high[middle], valueHigh);
            if (order < 0 || order == 0 && Long.compareUnsigned(low[middle], valueLow) <= 0) {
                first = middle;
            } else {
                last = middle - 1;
            }
        }
        return bits[first];
    }
}

package org.lnsd.daemon.metrics;

/** How a value behaves. */
public enum MetricType {
    /** Only grows; the name ends in {@code _total} where it is exposed. */
    COUNTER,
    /** Goes up and down. */
    GAUGE
}

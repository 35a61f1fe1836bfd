package org.lnsd.daemon.metrics;

import java.util.Map;

/**
 * One value.
 *
 * @param name in snake_case with the unit last, without {@code _total}: {@code lnsd_session_octets}
 * @param type how it behaves
 * @param help one line
 * @param labels few of them, with few values: never a user or a session
 * @param value the reading
 */
public record Metric(String name, MetricType type, String help, Map<String, String> labels, double value) {

    /** A value with any labels. */
    public static Metric of(String name, MetricType type, String help, Map<String, String> labels, Number value) {
        return new Metric(name, type, help, labels, value.doubleValue());
    }

    /** A counter without labels. */
    public static Metric counter(String name, String help, Number value) {
        return of(name, MetricType.COUNTER, help, Map.of(), value);
    }

    /** A counter with one label. */
    public static Metric counter(String name, String help, String label, String labelValue, Number value) {
        return of(name, MetricType.COUNTER, help, Map.of(label, labelValue), value);
    }

    /** A gauge without labels. */
    public static Metric gauge(String name, String help, Number value) {
        return of(name, MetricType.GAUGE, help, Map.of(), value);
    }

    /** A gauge with one label. */
    public static Metric gauge(String name, String help, String label, String labelValue, Number value) {
        return of(name, MetricType.GAUGE, help, Map.of(label, labelValue), value);
    }
}

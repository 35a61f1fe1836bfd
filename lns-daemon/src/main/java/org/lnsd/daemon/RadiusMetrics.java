package org.lnsd.daemon;

import java.util.Locale;
import java.util.function.Consumer;
import org.lnsd.daemon.aaa.radius.AccountingStatistics;
import org.lnsd.daemon.aaa.radius.DynamicAuthorizationStatistics;
import org.lnsd.daemon.aaa.radius.DynamicAuthorizationStatistics.Counter;
import org.lnsd.daemon.aaa.radius.RadiusAaa;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricSource;

/** How the spool of accounting records fares, and what became of Disconnect- and CoA-Requests. */
final class RadiusMetrics implements MetricSource {

    private final Outside outside;

    RadiusMetrics(Outside outside) { this.outside = outside; }

    @Override
    public void collect(Consumer<Metric> into) {
        RadiusAaa radius = outside.radius();
        if (radius != null) {
            accounting(radius.accountingStatistics(), into);
        }
        DynamicAuthorizationStatistics changes = outside.dynamicAuthorization();
        if (changes != null) {
            for (Counter counter : Counter.values()) {
                into.accept(Metric.counter("lnsd_dynamic_authorization_requests",
                        "Disconnect- and CoA-Requests (RFC 5176) by what became of them.", "result",
                        counter.name().toLowerCase(Locale.ROOT).replace('_', '-'), changes.get(counter)));
            }
        }
    }

    private static void accounting(AccountingStatistics statistics, Consumer<Metric> into) {
        into.accept(Metric.counter("lnsd_accounting_records", "Accounting records by what became of them.", "result",
                "delivered", statistics.delivered()));
        into.accept(Metric.counter("lnsd_accounting_records", "Accounting records by what became of them.", "result",
                "discarded", statistics.discarded()));
        into.accept(Metric.counter("lnsd_accounting_failures", "Times that no server took a record.",
                statistics.failures()));
        into.accept(Metric.gauge("lnsd_accounting_waiting_sessions",
                "Sessions with records that no server has taken yet.", statistics.waitingSessions()));
        into.accept(Metric.gauge("lnsd_accounting_spool_bytes", "Octets of records that no server has taken yet.",
                statistics.spoolBytes()));
    }
}

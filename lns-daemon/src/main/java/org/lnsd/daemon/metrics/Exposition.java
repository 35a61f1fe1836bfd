package org.lnsd.daemon.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a reading in the formats that Prometheus takes. */
final class Exposition {

    private final ExpositionFormats formats = ExpositionFormats.init();

    /** A document and what it is. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    record Document(String contentType, byte[] octets) {}

    /** The reading in the best format that the Accept header names. */
    Document write(List<Metric> metrics, @Nullable String accept) throws IOException {
        ExpositionFormatWriter writer = formats.findWriter(accept);
        ByteArrayOutputStream out = new ByteArrayOutputStream(16_384);
        writer.write(out, snapshots(metrics));
        return new Document(writer.getContentType(), out.toByteArray());
    }

    private static MetricSnapshots snapshots(List<Metric> metrics) {
        Map<String, Map<Map<String, String>, Metric>> families = new LinkedHashMap<>();
        metrics.forEach(metric -> families.computeIfAbsent(metric.name(), _ -> new LinkedHashMap<>())
                .put(metric.labels(), metric));
        return new MetricSnapshots(
                families.values().stream().map(family -> family(List.copyOf(family.values()))).toList());
    }

    private static MetricSnapshot family(List<Metric> metrics) {
        Metric first = metrics.getFirst();
        return switch (first.type()) {
            case COUNTER -> {
                CounterSnapshot.Builder family = CounterSnapshot.builder().name(first.name()).help(first.help());
                metrics.forEach(metric -> family
                        .dataPoint(CounterDataPointSnapshot.builder().labels(labels(metric)).value(metric.value())
                                .build()));
                yield family.build();
            }
            case GAUGE -> {
                GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(first.name()).help(first.help());
                metrics.forEach(metric -> family
                        .dataPoint(
                                GaugeDataPointSnapshot.builder().labels(labels(metric)).value(metric.value()).build()));
                yield family.build();
            }
        };
    }

    private static Labels labels(Metric metric) {
        Labels.Builder labels = Labels.builder();
        new TreeMap<>(metric.labels()).forEach(labels::label);
        return labels.build();
    }
}

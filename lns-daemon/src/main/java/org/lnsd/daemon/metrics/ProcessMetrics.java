package org.lnsd.daemon.metrics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/** The process: memory, threads, processor time, garbage collection. */
public final class ProcessMetrics implements MetricSource {

    @Override
    public void collect(Consumer<Metric> into) {
        String memory = "Memory of the Java virtual machine.";
        into.accept(Metric.gauge("lnsd_memory_bytes", memory, "area", "heap",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()));
        into.accept(Metric.gauge("lnsd_memory_bytes", memory, "area", "heap-committed",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted()));
        into.accept(Metric.gauge("lnsd_memory_bytes", memory, "area", "non-heap",
                ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed()));
        into.accept(Metric.gauge("lnsd_threads", "Threads of the process.",
                ManagementFactory.getThreadMXBean().getThreadCount()));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            into.accept(Metric.counter("lnsd_process_cpu_seconds", "Processor time used.",
                    system.getProcessCpuTime() / 1e9));
        }
        long pauseMs = 0;
        long collections = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            pauseMs += Math.max(0, collector.getCollectionTime());
            collections += Math.max(0, collector.getCollectionCount());
        }
        into.accept(Metric.counter("lnsd_gc_seconds", "Time spent in garbage collection.", pauseMs / 1e3));
        into.accept(Metric.counter("lnsd_gc_collections", "Garbage collections.", collections));
    }
}

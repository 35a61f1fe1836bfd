package org.lnsd.daemon.metrics;

import org.lnsd.daemon.forwarding.ForwardingCounters;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the forwarding threads count. */
public final class ForwardingMetrics implements MetricSource {

    private final Supplier<ForwardingCounters> reading;

    /** The metrics of a forwarding plane that is read whenever somebody asks. */
    public ForwardingMetrics(Supplier<ForwardingCounters> reading) {
        this.reading = reading;
    }

    @Override
    public void collect(Consumer<Metric> into) {
        ForwardingCounters counters = reading.get();
        String octets = "Octets of IP packets; in: from subscribers.";
        into.accept(Metric.counter("lnsd_forwarding_octets", octets, "direction", "in", counters.octetsIn()));
        into.accept(Metric.counter("lnsd_forwarding_octets", octets, "direction", "out", counters.octetsOut()));
        String packets = "IP packets; in: from subscribers.";
        into.accept(Metric.counter("lnsd_forwarding_packets", packets, "direction", "in", counters.packetsIn()));
        into.accept(Metric.counter("lnsd_forwarding_packets", packets, "direction", "out", counters.packetsOut()));
        counters.drops().forEach((reason, count) -> into
                .accept(Metric.counter("lnsd_forwarding_drops", "Packets that went no further, by reason.", "reason",
                        reason.label(), count)));
        into.accept(Metric.counter("lnsd_forwarding_control_messages", "L2TP control messages received.",
                counters.controlMessages()));
        into.accept(Metric.counter("lnsd_forwarding_punted_frames", "PPP frames handed to the control loop.",
                counters.puntedFrames()));
        String trains = "Super-packets by where they went.";
        into.accept(Metric.counter("lnsd_forwarding_trains", trains, "to", "device", counters.trainsToDevice()));
        into.accept(Metric.counter("lnsd_forwarding_trains", trains, "to", "peers", counters.trainsToPeers()));
        into.accept(Metric.counter("lnsd_forwarding_offload_fallbacks", "Times that the kernel refused an offload.",
                counters.offloadFallbacks()));
        counters.offloads().forEach((offload, inUse) -> into.accept(Metric.gauge("lnsd_forwarding_offload_in_use",
                "1 if the offload is in use, 0 if it is not or was left off.", "offload", offload, inUse ? 1 : 0)));
        into.accept(Metric.counter("lnsd_forwarding_fragmented", "Packets fragmented for a link's MTU.",
                counters.sourceFragments()));
        counters.threads()
                .forEach(thread -> into.accept(
                        Metric.counter("lnsd_forwarding_thread_packets", "IP packets by forwarding thread.", "thread",
                                Integer.toString(thread.thread()), thread.packetsIn() + thread.packetsOut())));
    }
}

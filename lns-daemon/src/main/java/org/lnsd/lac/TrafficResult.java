package org.lnsd.lac;

import java.util.Locale;

/**
 * What a step measured.
 *
 * @param sent     packets that the kernel took
 * @param received packets that arrived, each counted once
 * @param repeated packets that arrived behind a later one of their subscriber
 * @param octets   of UDP payload that arrived
 * @param seconds  from the first to the last packet sent
 * @param p50Ns    one-way time that half of the packets did not exceed
 * @param p99Ns    one-way time that 99 of 100 did not exceed
 * @param cpuNs    CPU time of the process that was watched; 0 if none was
 */
record TrafficResult(TrafficStep step, long sent, long received, long repeated, long octets, double seconds, long p50Ns,
        long p99Ns, long cpuNs) {

    double lossPercent() { return sent == 0 ? 0 : 100.0 * (sent - received) / sent; }

    double packetsPerSecond() { return seconds <= 0 ? 0 : received / seconds; }

    double cpuNsPerPacket() { return received == 0 ? 0 : (double) cpuNs / received; }

    String text() {
        return String.format(Locale.ROOT,
                "%-12s %-24s %8.0f kpps %7.2f Gbit/s  loss %6.3f %%  late %d  one-way %6.0f us, 99 %% %6.0f us%s%n",
                "traffic", step,
                packetsPerSecond() / 1e3, octets * 8e-9 / Math.max(1e-9, seconds), lossPercent(), repeated, p50Ns / 1e3,
                p99Ns / 1e3,
                cpuNs == 0 ? "" : String.format(Locale.ROOT, "  CPU %.2f us a packet", cpuNsPerPacket() / 1e3));
    }

    void json(JsonText json) {
        json.open('{').field("direction", step.up() ? "up" : "down").field("payload-bytes", step.payloadBytes())
                .field("train", step.train())
                .field("pps-asked", step.packetsPerSecond());
        json.field("sent", sent).field("received", received).field("late", repeated).field("payload-octets", octets)
                .field("seconds", seconds);
        json.field("loss-percent", lossPercent()).field("pps", packetsPerSecond()).field("one-way-p50-us", p50Ns / 1e3)
                .field("one-way-p99-us", p99Ns / 1e3).field("cpu-ns-per-packet", cpuNsPerPacket()).close('}');
    }
}

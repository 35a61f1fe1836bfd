package org.lnsd.daemon;

import java.util.function.Consumer;
import org.lnsd.daemon.forwarding.DeviceKeeper;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricSource;
import org.lnsd.tun.TunDevice;

/** What is told of the device and of kernel routes. */
final class LnsMetrics implements MetricSource {

    private final Daemon daemon;

    LnsMetrics(Daemon daemon) { this.daemon = daemon; }

    @Override
    public void collect(Consumer<Metric> into) {
        into.accept(Metric.gauge("lnsd_kernel_routes", "kernel routes set", daemon.kernelRoutes().installed().size()));
        into.accept(Metric.counter("lnsd_kernel_route_failures", "kernel routes refused",
                daemon.kernelRoutes().failures()));
        DeviceKeeper keeper = daemon.deviceKeeper();
        if (keeper != null) {
            into.accept(Metric.gauge("lnsd_device_up", "1 while the TUN device takes packets.",
                    keeper.state() == TunDevice.State.UP ? 1 : 0));
            String events = "What became of the TUN device: deleted, taken down, addresses and routes put back.";
            into.accept(Metric.counter("lnsd_device_events", events, "event", "gone", keeper.deletions()));
            into.accept(Metric.counter("lnsd_device_events", events, "event", "down", keeper.downs()));
            into.accept(Metric.counter("lnsd_device_events", events, "event", "restored", keeper.restorations()));
        }
    }
}

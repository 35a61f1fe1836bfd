package org.lnsd.lac;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.lnsd.daemon.loop.ControlLoop;

/** Runs the steps of a measurement one after another; the caller's thread sends, the control loop receives. */
final class Traffic {

    /** For what is under way when the sender has ended. */
    private static final long STRAGGLERS_MS = 400;

    private final ControlLoop loop;
    private final Emulator emulator;
    private final TrafficMeter meter;
    private final TunnelSocket tunnelSocket;
    private final TunnelSocket coreSocket;
    private final CpuClock cpu;

    Traffic(ControlLoop loop, Emulator emulator, TrafficMeter meter, TunnelSocket tunnelSocket, TunnelSocket coreSocket,
            int cpuOfPid) {
        this.loop = loop;
        this.emulator = emulator;
        this.meter = meter;
        this.tunnelSocket = tunnelSocket;
        this.coreSocket = coreSocket;
        this.cpu = new CpuClock(cpuOfPid);
    }

    /** Runs one step; ends early when asked to stop. */
    TrafficResult run(TrafficStep step, CountDownLatch stop) throws InterruptedException {
        List<TrafficSender.Flow> flows = onLoop(this::begin);
        if (flows.isEmpty()) {
            return new TrafficResult(step, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        InetSocketAddress core = coreSocket.local();
        try (TrafficSender sender = new TrafficSender(step.up(), flows, step.up() ? tunnelSocket : coreSocket, core)) {
            long cpuBeforeNs = cpu.readNs();
            double seconds = sender.run(step, stop);
            stop.await(STRAGGLERS_MS, TimeUnit.MILLISECONDS);
            long cpuNs = cpu.readNs() - cpuBeforeNs;
            return onLoop(() -> new TrafficResult(step, sender.sent(), meter.received(), meter.repeated(),
                    meter.octets(), seconds,
                    meter.latency().percentileNs(0.5), meter.latency().percentileNs(0.99), cpuNs));
        }
    }

    private List<TrafficSender.Flow> begin() {
        List<TrafficSender.Flow> flows = new ArrayList<>();
        for (Subscriber subscriber : emulator.subscribers()) {
            subscriber.flow().ifPresent(flows::add);
        }
        meter.begin(flows.size(), loop.nowNs());
        return flows;
    }

    private <T> T onLoop(Supplier<T> task) { return CompletableFuture.supplyAsync(task, loop).join(); }
}

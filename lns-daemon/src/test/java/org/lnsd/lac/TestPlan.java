package org.lnsd.lac;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import org.lnsd.daemon.loop.ControlLoop;

/** A plan as the command line would make it, for a test to change before use. */
final class TestPlan {

    static final InetSocketAddress LNS = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1701);
    static final InetSocketAddress LAC = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 40_000);

    final TunnelOptions tunnels = new TunnelOptions();
    final SubscriberOptions subscribers = new SubscriberOptions();
    final LoadOptions load = new LoadOptions();

    final TrafficOptions traffic = new TrafficOptions();

    private TestPlan() { tunnels.lns = LNS; }

    static TestPlan with() { return new TestPlan(); }

    LacPlan plan() { return new LacPlan(tunnels, subscribers, load, traffic); }

    Emulator emulator(ControlLoop loop) {
        return emulator(loop, new Random(1), new EmulatorListener() {
            @Override
            public void onSettled() {}

            @Override
            public void onDone() {}
        });
    }

    Emulator emulator(ControlLoop loop, Random random, EmulatorListener listener) {
        return new Emulator(plan(), loop, random, UnpooledByteBufAllocator.DEFAULT, listener);
    }
}

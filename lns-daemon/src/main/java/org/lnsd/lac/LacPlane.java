package org.lnsd.lac;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEventLoop;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.ForwardingEngine;
import org.lnsd.daemon.forwarding.ForwardingSettings;
import org.lnsd.daemon.forwarding.Offload;
import org.lnsd.daemon.loop.ControlLoop;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.NetworkNamespace;
import org.lnsd.tun.UdpSocket;

/**
 * How a run reaches its LNS: through the daemon's own engine if the subscribers' traffic is to come out on a device, through a plain socket
 * otherwise.
 *
 * @param forwarding carries frames and packets
 * @param local      the address of our end of every tunnel
 * @param addresses  puts subscribers' addresses on the device, if there is one
 * @param socket     the plain socket, if there is no device
 * @param core       the Internet's end of measured traffic, if there is any
 * @param meter      counts measured traffic
 */
record LacPlane(IoEventLoop loop, Forwarding forwarding, InetSocketAddress local, DeviceAddresses addresses,
        @Nullable TunnelSocket socket,
        @Nullable TunnelSocket core, TrafficMeter meter) implements AutoCloseable {

    private static final int MAXIMUM_ROWS = 131_072;
    private static final int DEVICE_QUEUE_PACKETS = 4096;

    static LacPlane open(LacPlan plan, IoEventLoop loop, Emulator emulator) throws LacRun.Refused {
        InetSocketAddress local = localAddress(plan);
        try {
            String device = plan.load().tun;
            return device == null
                    ? plain(plan, local, loop, emulator)
                    : withDevice(plan, device, local, loop, emulator);
        } catch (LinuxException refused) {
            throw new LacRun.Refused(String.valueOf(refused.getMessage()));
        }
    }

    private static LacPlane plain(LacPlan plan, InetSocketAddress local, IoEventLoop loop, Emulator emulator) {
        TrafficMeter meter = new TrafficMeter();
        PlainForwarding forwarding = new PlainForwarding(emulator, ByteBufAllocator.DEFAULT);
        TunnelSocket socket = new TunnelSocket(UdpSocket.bind(local, false), loop);
        forwarding.bind(socket);
        TunnelSocket core = null;
        InetSocketAddress coreAddress = plan.traffic().core;
        if (!plan.steps().isEmpty() && coreAddress != null) {
            String namespace = plan.traffic().coreNamespace;
            UdpSocket bound = namespace == null
                    ? UdpSocket.bind(coreAddress, false)
                    : NetworkNamespace.within(namespace, () -> UdpSocket.bind(coreAddress, false));
            core = new TunnelSocket(bound, loop);
            core.start(null, meter::onCoreDatagram);
        }
        socket.start(forwarding::onDatagram, core == null ? null : meter::onTunnelDatagram);
        return new LacPlane(loop, forwarding, socket.local(), DeviceAddresses.NONE, socket, core, meter);
    }

    private static LacPlane withDevice(LacPlan plan, String device, InetSocketAddress local, IoEventLoop loop,
            Emulator emulator) {
        ForwardingSettings.Tun tun = new ForwardingSettings.Tun(device, plan.subscribers().mru, 0, DEVICE_QUEUE_PACKETS,
                List.of());
        ForwardingSettings settings = new ForwardingSettings(List.of(local), 1, MAXIMUM_ROWS, tun,
                ForwardingSettings.Offloads.all(Offload.AUTO), ForwardingSettings.SOCKET_BUFFER_BYTES, true);
        ForwardingEngine engine = CompletableFuture
                .supplyAsync(() -> ForwardingEngine.open(settings, loop, emulator), loop).join();
        NetlinkAddresses addresses = new NetlinkAddresses(engine.deviceIndex());
        plan.load().tunRoutes.forEach(route -> addresses.route(IpPrefix.parse(route)));
        return new LacPlane(loop, engine, local, addresses, null, null, new TrafficMeter());
    }

    /** Returns what runs measurements, or null if none is asked for. */
    @Nullable
    Traffic traffic(LacPlan plan, ControlLoop controlLoop, Emulator emulator) {
        TunnelSocket tunnelSocket = socket;
        TunnelSocket coreSocket = core;
        return tunnelSocket == null || coreSocket == null
                ? null
                : new Traffic(controlLoop, emulator, meter, tunnelSocket, coreSocket, plan.traffic().cpuOfPid);
    }

    @Override
    public void close() {
        addresses.close();
        CompletableFuture.runAsync(() -> {
            forwarding.close();
            if (core != null) {
                core.close();
            }
        }, loop).join();
    }

    /** The address that the kernel would send from, and a free port, where the command line leaves them open. */
    private static InetSocketAddress localAddress(LacPlan plan) throws LacRun.Refused {
        InetSocketAddress given = plan.tunnels().local;
        try (DatagramSocket probe = new DatagramSocket(given == null ? new InetSocketAddress(0) : given)) {
            probe.connect(plan.lns());
            return new InetSocketAddress(probe.getLocalAddress(), probe.getLocalPort());
        } catch (SocketException refused) {
            throw new LacRun.Refused("cannot send to " + plan.lns() + (given == null ? "" : " from " + given) + ": "
                    + refused.getMessage());
        }
    }
}

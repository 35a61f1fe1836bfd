package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.Netlink;
import org.lnsd.tun.TunDevice;

/** The TUN device and what belongs to it: MTU, length of its queue, offloads, our addresses. */
final class Device implements KeptDevice, AutoCloseable {
    private final ForwardingSettings.Tun wanted;
    private final TunDevice tun;
    private final List<ForwardingLoop> readers = new ArrayList<>();

    private Device(ForwardingSettings.Tun wanted, TunDevice tun) {
        this.wanted = wanted;
        this.tun = tun;
    }

    /**
     * Makes it and brings it up.
     *
     * @throws LinuxException if the kernel refuses
     * @throws OffloadMissing if an offload is {@code ON} but the kernel does not have it
     */
    static Device open(ForwardingSettings settings, int threads) {
        ForwardingSettings.Tun wanted = settings.tun();
        ForwardingSettings.Offloads offloads = settings.offloads();
        int queues = wanted.queues() > 0 ? Math.min(wanted.queues(), threads) : threads;
        Device device = new Device(wanted, create(wanted.name(), queues, offloads.vnet()));
        TunDevice tun = device.tun;
        try {
            tun.up(wanted.mtu(), wanted.queueLength());
            tun.enableTrains(offloads.tcpCoalesce() != Offload.OFF, offloads.udpCoalesce() != Offload.OFF);
            if (offloads.tcpCoalesce() == Offload.ON && !tun.tcpTrains()) {
                throw new OffloadMissing("tso", "TCP super-packets through a TUN device");
            }
            if (offloads.udpCoalesce() == Offload.ON && !tun.udpTrains()) {
                throw new OffloadMissing("uso", "UDP super-packets through a TUN device (Linux 6.2)");
            }
            device.putAddresses();
            return device;
        } catch (LinuxException | OffloadMissing refused) {
            tun.close();
            throw refused;
        }
    }

    private static TunDevice create(String name, int queues, Offload headers) {
        try {
            return TunDevice.create(name, queues, headers != Offload.OFF);
        } catch (LinuxException refused) {
            if (headers != Offload.AUTO) {
                throw refused;
            }
            return TunDevice.create(name, queues, false); // or says what else is wrong
        }
    }

    TunDevice tun() { return tun; }

    /** Who reads its queues. */
    void readers(List<ForwardingLoop> loops) { readers.addAll(loops); }

    @Override
    public String name() { return tun.name(); }

    @Override
    public int index() { return tun.index(); }

    @Override
    public TunDevice.State state() { return tun.state(); }

    @Override
    public void pause() { readers.forEach(ForwardingLoop::pauseDevice); }

    @Override
    public void recreate() {
        tun.recreate();
        tun.up(wanted.mtu(), wanted.queueLength());
        boolean _ = tun.acceptOwnAddresses(); // as at start
    }

    @Override
    public void resume() { readers.forEach(ForwardingLoop::resumeDevice); }

    @Override
    public void putAddresses() {
        try (Netlink netlink = new Netlink()) {
            for (IpPrefix address : wanted.addresses()) {
                netlink.addAddress(tun.index(), address.address(), address.length());
            }
        }
    }

    @Override
    public void close() { tun.close(); }
}

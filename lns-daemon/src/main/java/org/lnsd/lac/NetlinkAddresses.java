package org.lnsd.lac;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.Netlink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Addresses and routes on the device through netlink, on a thread of its own so that the loop never waits for the kernel. */
final class NetlinkAddresses implements DeviceAddresses {

    private static final long LIMIT_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(NetlinkAddresses.class);

    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(task -> Thread.ofPlatform().daemon().name("netlink").unstarted(task));
    private final Netlink netlink = new Netlink();
    private final int deviceIndex;

    NetlinkAddresses(int deviceIndex) { this.deviceIndex = deviceIndex; }

    @Override
    public void add(IpPrefix address) {
        thread.execute(() -> attempt(() -> netlink.addAddress(deviceIndex, address.address(), address.length())));
    }

    @Override
    public void remove(IpPrefix address) {
        thread.execute(() -> attempt(() -> netlink.removeAddress(deviceIndex, address.address(), address.length())));
    }

    /** Routes a prefix to the device, whichever subscriber's address its packets will come from. */
    void route(IpPrefix prefix) {
        thread.execute(() -> attempt(
                () -> netlink.replace(List.of(new Netlink.Route(prefix.address(), prefix.length(), deviceIndex)))
                        .forEach(refusal -> LOG.warn("route to {}: {}", prefix, refusal.reason()))));
    }

    private static void attempt(Runnable change) {
        try {
            change.run();
        } catch (LinuxException refused) {
            LOG.warn("{}", refused.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                netlink.close();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

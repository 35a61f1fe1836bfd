package org.lnsd.daemon.forwarding;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.lnsd.tun.LinkMonitor;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.TunDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the device as the sessions need it, whatever somebody does to it: one that was deleted is made anew with its addresses and routes, one
 * that was down gets back what the kernel forgot. Sessions live on meanwhile. A thread of its own, since the kernel may take its time.
 */
public final class DeviceKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceKeeper.class);
    private static final int LOOK_MS = 1000;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(LOOK_MS);
    /** How long a device that cannot be made is tried; sessions without packets are worth no more. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final KeptDevice device;
    private final Ears ears;
    private final KernelRoutes routes;
    private final Owner owner;
    private final AtomicLong deletions = new AtomicLong();
    private final AtomicLong downs = new AtomicLong();
    private final AtomicLong restorations = new AtomicLong();
    private volatile TunDevice.State state = TunDevice.State.UP;
    private volatile boolean closing;
    private boolean isHarmed;
    private boolean wasDown;
    private boolean addressGone;
    private boolean isTold;
    private long goneNs;
    private long lookedNs;
    private long restoredNs;

    /** Where it hears from: waits for news of an interface, at most so many milliseconds. */
    interface Ears {
        LinkMonitor.Heard await(int interfaceIndex, int timeoutMs);
    }

    /** Who must know. Called on the keeper's thread. */
    public interface Owner {
        /** The device is in another state. */
        void changed();

        /** It cannot be made again. */
        void lost(String why);
    }

    DeviceKeeper(KeptDevice device, Ears ears, KernelRoutes routes, Owner owner, long nowNs) {
        this.device = device;
        this.ears = ears;
        this.routes = routes;
        this.owner = owner;
        lookedNs = nowNs;
        restoredNs = nowNs - LOOK_NS;
    }

    /**
     * Begins.
     *
     * @throws LinuxException if the kernel does not tell what becomes of interfaces
     */
    public static DeviceKeeper start(KeptDevice device, KernelRoutes routes, Owner owner) {
        LinkMonitor monitor = new LinkMonitor(routes.netlinkPort());
        DeviceKeeper keeper = new DeviceKeeper(device, monitor::await, routes, owner, System.nanoTime());
        Thread _ = Thread.ofPlatform().name("device-keeper").daemon().start(() -> {
            try (monitor) {
                keeper.run();
            }
        });
        return keeper;
    }

    private void run() {
        while (!closing) {
            LinkMonitor.Heard heard = ears.await(device.index(), LOOK_MS);
            try {
                step(heard, System.nanoTime());
            } catch (RuntimeException defect) {
                // The boundary of the thread: whatever it was, the device is looked at again.
                LOG.error("internal-error class=bug part=device-keeper", defect);
            }
        }
    }

    /** Looks at the device, at once after news, each second otherwise; mends it at most once a second. */
    synchronized void step(LinkMonitor.Heard heard, long nowNs) {
        wasDown |= heard.wasDown();
        addressGone |= heard.addressGone();
        isHarmed |= heard.wasDown() || heard.addressGone() || heard.routeGone() || heard.missed();
        if (closing || !isHarmed && nowNs - lookedNs < LOOK_NS || nowNs - restoredNs < LOOK_NS) {
            return;
        }
        lookedNs = nowNs;
        switch (device.state()) {
            case GONE -> onGone(nowNs);
            case DOWN -> onDown();
            case UP -> {
                if (isHarmed || state != TunDevice.State.UP) {
                    restore(nowNs);
                }
            }
        }
    }

    private void onGone(long nowNs) {
        if (state != TunDevice.State.GONE) {
            goneNs = nowNs;
            isTold = false;
            deletions.incrementAndGet();
            LOG.error("device-gone class=local device={} effect=\"no packets pass until it is made anew\"",
                    device.name());
            device.pause();
            enter(TunDevice.State.GONE);
        }
        try {
            device.recreate();
        } catch (LinuxException refused) {
            onRefused(refused, nowNs);
            return;
        }
        LinkMonitor.Heard _ = ears.await(device.index(), 0); // what was heard of its making is no news
        restore(nowNs);
    }

    private void onRefused(LinuxException refused, long nowNs) {
        if (!isTold) {
            isTold = true;
            LOG.error("device-refused class=local device={} cause=\"{}\" effect=\"tried again for {} s\"",
                    device.name(), refused.getMessage(), TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS));
        }
        if (nowNs - goneNs >= PATIENCE_NS) {
            closing = true;
            owner.lost("device " + device.name() + " was deleted and cannot be made again: " + refused.getMessage());
        }
    }

    private void onDown() {
        if (state != TunDevice.State.DOWN) {
            downs.incrementAndGet();
            LOG.warn("device-down class=local device={} effect=\"no packets pass until it is up\"", device.name());
            if (state == TunDevice.State.GONE) {
                device.resume();
            }
            enter(TunDevice.State.DOWN);
        }
    }

    private void restore(long nowNs) {
        try {
            device.putAddresses();
        } catch (LinuxException refused) {
            LOG.warn("device-address-refused class=local device={} cause=\"{}\"", device.name(), refused.getMessage());
            isHarmed = true; // so it is tried again
            return;
        }
        String cause = cause();
        if (state == TunDevice.State.GONE) {
            device.resume();
        } else if (state == TunDevice.State.UP && wasDown) {
            downs.incrementAndGet(); // too short to be seen
        }
        isHarmed = false;
        wasDown = false;
        addressGone = false;
        restoredNs = nowNs;
        restorations.incrementAndGet();
        enter(TunDevice.State.UP);
        int index = device.index();
        routes.renew(index, count -> LOG.info("device-restored class=local device={} after={} index={} routes={}",
                device.name(), cause, index, count));
    }

    private String cause() {
        if (state != TunDevice.State.UP) {
            return label(state);
        }
        return wasDown ? label(TunDevice.State.DOWN) : addressGone ? "address-removed" : "route-removed";
    }

    private void enter(TunDevice.State next) {
        if (state != next) {
            state = next;
            owner.changed();
        }
    }

    /** What the device is: any thread. */
    public TunDevice.State state() { return state; }

    /** A state in one word. */
    public static String label(TunDevice.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** Times that it was deleted. */
    public long deletions() { return deletions.get(); }

    /** Times that it was taken down. */
    public long downs() { return downs.get(); }

    /** Times that addresses and routes were put back. */
    public long restorations() { return restorations.get(); }

    @Override
    public synchronized void close() { closing = true; }
}

package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.Netlink;

/** {@link KernelRoutes} through rtnetlink: one thread that takes all that is queued and sends it in few messages. */
public final class NetlinkRoutes implements KernelRoutes {
    private final int interfaceIndex;
    private final BiConsumer<IpPrefix, String> onRefusal;
    private final Netlink netlink = new Netlink();
    private final Set<IpPrefix> installed = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private final Object lock = new Object();
    // Guarded by lock. What is to be done, the newest wish for a prefix only.
    private Map<IpPrefix, Boolean> queue = new LinkedHashMap<>();
    private boolean closing;
    private final AtomicLong failures = new AtomicLong();

    /** Routes through this interface; {@code onRefusal} is called on the thread with the kernel's reason. */
    public NetlinkRoutes(int interfaceIndex, BiConsumer<IpPrefix, String> onRefusal) {
        this.interfaceIndex = interfaceIndex;
        this.onRefusal = onRefusal;
        thread = Thread.ofPlatform().name("kernel-routes").daemon().start(this::run);
    }

    @Override
    public void add(IpPrefix prefix) { enqueue(prefix, true); }

    @Override
    public void remove(IpPrefix prefix) { enqueue(prefix, false); }

    private void enqueue(IpPrefix prefix, boolean wanted) {
        synchronized (lock) {
            queue.put(prefix, wanted);
            lock.notifyAll();
        }
    }

    @Override
    public List<IpPrefix> installed() { return List.copyOf(installed); }

    @Override
    public long failures() { return failures.get(); }

    private void run() {
        while (true) {
            Map<IpPrefix, Boolean> work;
            synchronized (lock) {
                lock.notifyAll();
                while (queue.isEmpty() && !closing) {
                    try {
                        lock.wait();
                    } catch (InterruptedException stop) {
                        return;
                    }
                }
                if (queue.isEmpty()) {
                    return;
                }
                work = queue;
                queue = new LinkedHashMap<>();
            }
            apply(work);
        }
    }

    private void apply(Map<IpPrefix, Boolean> work) {
        List<Netlink.Route> added = new ArrayList<>();
        List<Netlink.Route> removed = new ArrayList<>();
        work.forEach((prefix, wanted) -> (wanted ? added : removed)
                .add(new Netlink.Route(prefix.address(), prefix.length(), interfaceIndex)));
        try {
            removed.forEach(route -> installed.remove(prefix(route)));
            added.forEach(route -> installed.add(prefix(route)));
            report(netlink.remove(removed), false);
            report(netlink.add(added), true);
        } catch (LinuxException broken) {
            failures.addAndGet(work.size());
            work.keySet().stream().limit(1).forEach(prefix -> onRefusal.accept(prefix, broken.getMessage()));
        }
    }

    private void report(List<Netlink.Refusal> refusals, boolean adding) {
        for (Netlink.Refusal refusal : refusals) {
            failures.incrementAndGet();
            if (adding) {
                installed.remove(prefix(refusal.route()));
            }
            onRefusal.accept(prefix(refusal.route()), refusal.reason());
        }
    }

    private static IpPrefix prefix(Netlink.Route route) {
        return IpPrefix.of(route.destination(), route.prefixLength());
    }

    @Override
    public void close(boolean removeAll, long timeoutNs) {
        synchronized (lock) {
            if (removeAll) {
                queue.replaceAll((prefix, wanted) -> false);
                installed.forEach(prefix -> queue.put(prefix, false));
            }
            closing = true;
            lock.notifyAll();
        }
        try {
            if (thread.join(java.time.Duration.ofNanos(timeoutNs))) {
                netlink.close();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.Netlink;

/** {@link KernelRoutes} through rtnetlink: one thread that takes all that is queued and sends it in few messages. */
public final class NetlinkRoutes implements KernelRoutes {
    private static final long GATHER_NS = 1_000_000;

    private volatile int interfaceIndex;
    private final int table;
    private final int metric;
    private final BiConsumer<IpPrefix, String> onRefusal;
    private final Netlink netlink = new Netlink();
    private final int port = netlink.port();
    private final Set<IpPrefix> installed = ConcurrentHashMap.newKeySet();
    // Refused because the interface was down or gone; they wait for it. Used by the thread.
    private final Set<IpPrefix> waiting = new LinkedHashSet<>();
    private final AtomicReference<@Nullable IntConsumer> renewal = new AtomicReference<>();
    private final Thread thread;
    // A wish each; the newest for a prefix counts. Lock-free: the control loop must never wait for this thread.
    private final Queue<Wish> queue = new ConcurrentLinkedQueue<>();
    // How many of the wishes that the queue holds, or the thread is at, are for this route.
    private final Map<IpPrefix, Integer> underWay = new ConcurrentHashMap<>();
    private final Queue<Runnable> afterwards = new ConcurrentLinkedQueue<>();
    private volatile boolean idle;
    private volatile boolean closing;
    private final AtomicLong failures = new AtomicLong();

    private record Wish(IpPrefix prefix, boolean wanted) {}

    /**
     * Routes through this interface.
     *
     * @param table the routing table
     * @param metric their metric; 0: the kernel's own
     * @param onRefusal called on the thread with the kernel's reason
     */
    public NetlinkRoutes(int interfaceIndex, int table, int metric, BiConsumer<IpPrefix, String> onRefusal) {
        this.interfaceIndex = interfaceIndex;
        this.table = table;
        this.metric = metric;
        this.onRefusal = onRefusal;
        thread = Thread.ofPlatform().name("kernel-routes").daemon().start(this::run);
    }

    @Override
    public void add(IpPrefix prefix) { enqueue(prefix, true); }

    @Override
    public void remove(IpPrefix prefix) { enqueue(prefix, false); }

    private void enqueue(IpPrefix prefix, boolean wanted) {
        if (wanted) {
            underWay.merge(prefix, 1, Integer::sum);
        }
        queue.add(new Wish(prefix, wanted));
        wake();
    }

    private void wake() {
        if (idle) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public boolean isUnderWay(IpPrefix prefix) { return underWay.containsKey(prefix); }

    @Override
    public void afterwards(Runnable then) {
        afterwards.add(then);
        wake();
    }

    @Override
    public void renew(int nextInterfaceIndex, IntConsumer done) {
        interfaceIndex = nextInterfaceIndex;
        renewal.set(done);
        LockSupport.unpark(thread);
    }

    @Override
    public int netlinkPort() { return port; }

    @Override
    public List<IpPrefix> installed() { return List.copyOf(installed); }

    @Override
    public long failures() { return failures.get(); }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            IntConsumer renewed = renewal.getAndSet(null);
            if (renewed != null) {
                renewed.accept(putBack());
            }
            // Taken before the wishes: what one of these waits for was in the queue before it.
            List<Runnable> waitingFor = new ArrayList<>();
            for (Runnable then = afterwards.poll(); then != null; then = afterwards.poll()) {
                waitingFor.add(then);
            }
            Map<IpPrefix, Boolean> work = new LinkedHashMap<>();
            List<IpPrefix> asked = new ArrayList<>();
            for (Wish wish = queue.poll(); wish != null; wish = queue.poll()) {
                work.put(wish.prefix(), wish.wanted());
                if (wish.wanted()) {
                    asked.add(wish.prefix());
                }
            }
            if (!work.isEmpty()) {
                apply(work);
                asked.forEach(prefix -> underWay.merge(prefix, -1, NetlinkRoutes::sumOrNone));
            }
            waitingFor.forEach(Runnable::run);
            if (!work.isEmpty()) {
                // a lone route goes at once; in a storm the next ones gather for a moment
                LockSupport.parkNanos(this, closing ? 0 : GATHER_NS);
            } else if (closing) {
                return;
            } else if (waitingFor.isEmpty()) {
                sleep();
            }
        }
    }

    private static @Nullable Integer sumOrNone(Integer count, Integer change) {
        int sum = count + change;
        return sum == 0 ? null : sum;
    }

    private void sleep() {
        idle = true;
        if (queue.isEmpty() && afterwards.isEmpty() && !closing && renewal.get() == null) {
            LockSupport.park(this);
        }
        idle = false;
    }

    private void apply(Map<IpPrefix, Boolean> work) {
        List<IpPrefix> added = new ArrayList<>();
        List<IpPrefix> removed = new ArrayList<>();
        work.forEach((prefix, wanted) -> (wanted ? added : removed).add(prefix));
        try {
            removed.forEach(installed::remove);
            removed.forEach(waiting::remove);
            List<IpPrefix> ours = added.stream().filter(prefix -> !installed.add(prefix)).toList();
            added.removeAll(ours);
            report(netlink.remove(routes(removed)), false);
            // What is ours may have been taken away by somebody; what is not is left alone.
            report(netlink.replace(routes(ours)), true);
            report(netlink.add(routes(added)), true);
        } catch (LinuxException broken) {
            failures.addAndGet(work.size());
            work.keySet().stream().limit(1).forEach(prefix -> onRefusal.accept(prefix, broken.getMessage()));
        }
    }

    /** Puts back those of our routes that the kernel has no longer, and those that waited; returns how many are there again. */
    private int putBack() {
        Set<IpPrefix> missing = new LinkedHashSet<>(installed);
        missing.addAll(waiting);
        try {
            netlink.dump().stream().filter(route -> route.interfaceIndex() == interfaceIndex && route.table() == table)
                    .forEach(route -> missing.remove(prefix(route)));
            waiting.clear();
            installed.addAll(missing);
            List<Netlink.Refusal> refused = netlink.add(routes(missing));
            report(refused, true);
            return missing.size() - refused.size();
        } catch (LinuxException broken) {
            failures.addAndGet(missing.size());
            missing.stream().limit(1).forEach(prefix -> onRefusal.accept(prefix, broken.getMessage()));
            return 0;
        }
    }

    private List<Netlink.Route> routes(Collection<IpPrefix> prefixes) {
        List<Netlink.Route> routes = new ArrayList<>(prefixes.size());
        for (IpPrefix prefix : prefixes) {
            routes.add(new Netlink.Route(prefix.address(), prefix.length(), interfaceIndex, table, metric));
        }
        return routes;
    }

    private void report(List<Netlink.Refusal> refusals, boolean adding) {
        for (Netlink.Refusal refusal : refusals) {
            IpPrefix prefix = prefix(refusal.route());
            if (adding) {
                installed.remove(prefix);
            }
            if (!refusal.isOfInterface()) {
                failures.incrementAndGet();
                onRefusal.accept(prefix, refusal.reason());
            } else if (adding) {
                waiting.add(prefix);
            }
        }
    }

    private static IpPrefix prefix(Netlink.Route route) {
        return IpPrefix.of(route.destination(), route.prefixLength());
    }

    @Override
    public void close(boolean removeAll, long timeoutNs) {
        if (removeAll) {
            List<IpPrefix> wanted = new ArrayList<>(installed);
            queue.forEach(wish -> wanted.add(wish.prefix()));
            wanted.forEach(this::remove);
        }
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (thread.join(java.time.Duration.ofNanos(timeoutNs))) {
                netlink.close();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

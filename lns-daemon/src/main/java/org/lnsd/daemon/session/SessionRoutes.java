package org.lnsd.daemon.session;

import java.util.List;
import org.lnsd.daemon.config.RoutePolicy;
import org.lnsd.daemon.forwarding.KernelRoutes;
import org.lnsd.daemon.net.IpPrefix;

/** Sets the kernel routes of sessions, as {@code tun.routes} says. */
public final class SessionRoutes {

    private final KernelRoutes kernel;
    private volatile List<IpPrefix> wholePools;

    /** Sets routes by {@code kernel}. */
    public SessionRoutes(KernelRoutes kernel, RoutePolicy policy, List<IpPrefix> poolRanges) {
        this.kernel = kernel;
        this.wholePools = policy == RoutePolicy.POOL ? List.copyOf(poolRanges) : List.of();
        wholePools.forEach(kernel::add);
    }

    /** Takes over the pools of a new configuration. */
    public void reconfigure(RoutePolicy policy, List<IpPrefix> poolRanges) {
        List<IpPrefix> former = wholePools;
        List<IpPrefix> next = policy == RoutePolicy.POOL ? List.copyOf(poolRanges) : List.of();
        wholePools = next;
        next.stream().filter(range -> !former.contains(range)).forEach(kernel::add);
        former.stream().filter(range -> !next.contains(range)).forEach(kernel::remove);
    }

    /** A session's networks have changed from the one set to the other. */
    void change(List<IpPrefix> former, List<IpPrefix> next) {
        for (IpPrefix prefix : former) {
            if (!next.contains(prefix) && !covered(prefix)) {
                kernel.remove(prefix);
            }
        }
        for (IpPrefix prefix : next) {
            if (!former.contains(prefix) && !covered(prefix)) {
                kernel.add(prefix);
            }
        }
    }

    private boolean covered(IpPrefix prefix) {
        for (IpPrefix range : wholePools) {
            if (range.contains(prefix)) {
                return true;
            }
        }
        return false;
    }
}

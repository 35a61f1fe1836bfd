package org.lnsd.daemon.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.lnsd.daemon.config.RoutePolicy;
import org.lnsd.daemon.forwarding.KernelRoutes;
import org.lnsd.daemon.net.IpPrefix;

/** Sets the kernel routes of sessions, as {@code tun.routes} says. */
public final class SessionRoutes {

    private final KernelRoutes kernel;
    /** Who wants a route that several lines may have, the newest last: the packets go to that one. Used by the control loop. */
    private final Map<IpPrefix, List<Claimant>> claims = new HashMap<>();
    private volatile List<IpPrefix> wholePools;

    /** Sets routes by {@code kernel}. */
    public SessionRoutes(KernelRoutes kernel, RoutePolicy policy, List<IpPrefix> poolRanges) {
        this.kernel = kernel;
        this.wholePools = policy == RoutePolicy.POOL ? List.copyOf(poolRanges) : List.of();
        wholePools.forEach(kernel::add);
    }

    /**
     * Takes over the pools of a new configuration: sessions get routes of their own where no pool's route covers them any longer,
     * and lose them where one does now.
     *
     * @param sessions the routes that the sessions have asked for
     */
    void reconfigure(RoutePolicy policy, List<IpPrefix> poolRanges, Stream<IpPrefix> sessions) {
        List<IpPrefix> former = wholePools;
        List<IpPrefix> next = policy == RoutePolicy.POOL ? List.copyOf(poolRanges) : List.of();
        wholePools = next;
        former.stream().filter(range -> !next.contains(range)).forEach(kernel::remove);
        if (!next.equals(former)) {
            sessions.forEach(prefix -> {
                boolean covered = covers(next, prefix);
                if (covered && !covers(former, prefix)) {
                    kernel.remove(prefix);
                } else if (!covered && covers(former, prefix)) {
                    kernel.add(prefix);
                }
            });
        }
        next.stream().filter(range -> !former.contains(range)).forEach(kernel::add);
    }

    /** Who wants routes. */
    interface Claimant {
        /** Whether another line may have the same one: a Framed-Route, not an address, which one line has at a time. */
        boolean mayShare(IpPrefix prefix);

        /** The line that had one of its routes last has ended: from now on the packets are this one's. */
        void succeed();
    }

    /** A session's networks have changed from the one set to the other. */
    void change(Claimant claimant, List<IpPrefix> former, List<IpPrefix> next) {
        for (IpPrefix prefix : former) {
            if (!next.contains(prefix) && release(claimant, prefix) && !covered(prefix)) {
                kernel.remove(prefix);
            }
        }
        for (IpPrefix prefix : next) {
            if (!former.contains(prefix) && claim(claimant, prefix) && !covered(prefix)) {
                kernel.add(prefix);
            }
        }
    }

    /** Whether the kernel has these routes, as far as it takes them. */
    boolean areMade(List<IpPrefix> prefixes) {
        for (IpPrefix prefix : prefixes) {
            if (kernel.isUnderWay(prefix)) {
                return false;
            }
        }
        return true;
    }

    /** Calls {@code then}, on another thread, when all routes that were asked for so far are made. */
    void whenMade(Runnable then) {
        kernel.afterwards(then);
    }

    /** False: another line has made the kernel's route already. */
    private boolean claim(Claimant claimant, IpPrefix prefix) {
        if (!claimant.mayShare(prefix)) {
            return true;
        }
        List<Claimant> all = claims.computeIfAbsent(prefix, _ -> new ArrayList<>(1));
        all.add(claimant);
        return all.size() == 1;
    }

    /** False: another line still needs the kernel's route. */
    private boolean release(Claimant claimant, IpPrefix prefix) {
        List<Claimant> all = claims.get(prefix);
        if (all == null || !all.remove(claimant)) {
            return true;
        }
        if (all.isEmpty()) {
            claims.remove(prefix);
            return true;
        }
        all.getLast().succeed();
        return false;
    }

    private boolean covered(IpPrefix prefix) { return covers(wholePools, prefix); }

    private static boolean covers(List<IpPrefix> ranges, IpPrefix prefix) {
        for (IpPrefix range : ranges) {
            if (range.contains(prefix)) {
                return true;
            }
        }
        return false;
    }
}

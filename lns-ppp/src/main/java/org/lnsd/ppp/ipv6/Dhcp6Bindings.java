package org.lnsd.ppp.ipv6;

import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.ipv6.Dhcp6Option.Association;
import org.lnsd.ppp.ipv6.Dhcp6Option.Duid;
import org.lnsd.ppp.ipv6.Dhcp6Option.Lease;

/** Who on the link has which lease. A lease is one client's until it gives it back or fails to renew it. */
final class Dhcp6Bindings {
    private final List<Binding> bindings = new ArrayList<>(0);
    private final Set<Ipv6Prefix> declined = new HashSet<>(0);

    /** A lease in use. */
    static final class Binding {
        final Duid client;
        final int iaid;
        final boolean delegation;
        final Ipv6Prefix prefix;
        long rebindNs;
        long validUntilNs;

        Binding(Duid client, int iaid, boolean delegation, Ipv6Prefix prefix) {
            this.client = client;
            this.iaid = iaid;
            this.delegation = delegation;
            this.prefix = prefix;
        }
    }

    @Nullable
    Binding find(Duid client, Association association) {
        return find(client, association.iaid(), association.delegation());
    }

    private @Nullable Binding find(Duid client, int iaid, boolean delegation) {
        for (Binding binding : bindings) {
            if (binding.iaid == iaid && binding.delegation == delegation && binding.client.equals(client)) {
                return binding;
            }
        }
        return null;
    }

    /**
     * The lease that the association has or would get, without binding it; {@code null}: there is none. What it asks for is preferred, what
     * another one has is given only when that has not been renewed in its time: its router has been replaced.
     *
     * @param claimed given in this message
     */
    @Nullable
    Ipv6Prefix choose(Duid client, Association association, List<Ipv6Prefix> offered, Set<Ipv6Prefix> claimed,
            long nowNs) {
        Binding own = find(client, association);
        if (own != null && offered.contains(own.prefix)) {
            return own.prefix;
        }
        List<Ipv6Prefix> usable = offered.stream()
                .filter(prefix -> !declined.contains(prefix) && !claimed.contains(prefix)).toList();
        List<Ipv6Prefix> free = usable.stream().filter(prefix -> holder(prefix) == null).toList();
        for (Lease asked : association.leases()) {
            if (free.contains(asked.prefix())) {
                return asked.prefix();
            }
        }
        return free.isEmpty()
                ? usable.stream().filter(prefix -> isAbandoned(prefix, nowNs)).findFirst().orElse(null)
                : free.getFirst();
    }

    private boolean isAbandoned(Ipv6Prefix prefix, long nowNs) {
        Binding holder = holder(prefix);
        return holder == null || nowNs - holder.rebindNs >= 0;
    }

    private @Nullable Binding holder(Ipv6Prefix prefix) {
        for (Binding binding : bindings) {
            if (binding.prefix.equals(prefix)) {
                return binding;
            }
        }
        return null;
    }

    /** Binds or renews; {@code rebindNs} is T2, by when the client renews if it is still there. */
    void grant(Duid client, Association association, Ipv6Prefix prefix, long rebindNs, long validUntilNs,
            Deque<Dhcp6Event> events) {
        Binding binding = find(client, association);
        if (binding == null || !binding.prefix.equals(prefix)) {
            bindings.removeIf(b -> b.prefix.equals(prefix));
            if (binding != null) {
                end(binding, Dhcp6Event.Cause.WITHDRAWN, events);
            }
            binding = new Binding(client, association.iaid(), association.delegation(), prefix);
            bindings.add(binding);
        }
        binding.rebindNs = rebindNs;
        binding.validUntilNs = validUntilNs;
        events.add(new Dhcp6Event.Granted(prefix, association.delegation(), validUntilNs));
    }

    void end(Binding binding, Dhcp6Event.Cause cause, Deque<Dhcp6Event> events) {
        if (bindings.remove(binding)) {
            if (cause == Dhcp6Event.Cause.DECLINED) {
                declined.add(binding.prefix);
            }
            events.add(new Dhcp6Event.Ended(binding.prefix, binding.delegation, cause));
        }
    }

    /** Ends what the settings no longer offer. */
    void retain(Dhcp6Settings settings, Deque<Dhcp6Event> events) {
        for (Binding binding : List.copyOf(bindings)) {
            if (!settings.leases(binding.delegation).contains(binding.prefix)) {
                end(binding, Dhcp6Event.Cause.WITHDRAWN, events);
            }
        }
        declined.removeIf(prefix -> !settings.leases(false).contains(prefix));
    }

    void expire(long nowNs, Deque<Dhcp6Event> events) {
        for (Iterator<Binding> all = bindings.iterator(); all.hasNext();) {
            Binding binding = all.next();
            if (binding.validUntilNs - nowNs <= 0) {
                all.remove();
                events.add(new Dhcp6Event.Ended(binding.prefix, binding.delegation, Dhcp6Event.Cause.EXPIRED));
            }
        }
    }

    long nextExpiryNs() {
        long next = Long.MAX_VALUE;
        for (Binding binding : bindings) {
            if (next == Long.MAX_VALUE || binding.validUntilNs - next < 0) {
                next = binding.validUntilNs;
            }
        }
        return next;
    }
}

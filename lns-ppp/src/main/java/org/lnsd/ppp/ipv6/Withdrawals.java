package org.lnsd.ppp.ipv6;

import java.util.ArrayList;
import java.util.List;

/** What a router has advertised and has no more: hosts are told with lifetimes of 0 as long as they may remember it. Bounded. */
final class Withdrawals {
    /** A host may keep a prefix that was taken away for two hours (RFC 4862 section 5.5.3), so long it is told. */
    private static final long PREFIX_NS = 7_200_000_000_000L;
    private static final int MAXIMUM = 8;

    private final List<Gone<AdvertisedPrefix>> prefixes = new ArrayList<>(0);
    private final List<Gone<Ipv6Address>> dnsServers = new ArrayList<>(0);

    private record Gone<T>(T what, long untilNs) {}

    /** Notes what the new settings lack, and forgets what they have again. */
    void note(RouterSettings before, RouterSettings after, long nowNs) {
        prefixes.removeIf(gone -> has(after, gone.what().prefix()));
        before.prefixes().stream().filter(prefix -> !has(after, prefix.prefix()))
                .forEach(prefix -> add(prefixes, prefix.deprecated(), nowNs + PREFIX_NS));
        dnsServers.removeIf(gone -> after.dnsServers().contains(gone.what()));
        long rememberedNs = before.resolverSeconds() * 1_000_000_000L; // RFC 8106 section 5.1: what hosts were told
        before.dnsServers().stream().filter(server -> !after.dnsServers().contains(server))
                .forEach(server -> add(dnsServers, server, nowNs + rememberedNs));
    }

    private static boolean has(RouterSettings settings, Ipv6Prefix prefix) {
        return settings.prefixes().stream().anyMatch(advertised -> advertised.prefix().equals(prefix));
    }

    private static <T> void add(List<Gone<T>> all, T what, long untilNs) {
        all.removeIf(gone -> gone.what().equals(what));
        if (all.size() == MAXIMUM) {
            all.removeFirst();
        }
        all.add(new Gone<>(what, untilNs));
    }

    /** The prefixes that are to be told with lifetimes of 0. */
    List<AdvertisedPrefix> prefixes(long nowNs) {
        return present(prefixes, nowNs);
    }

    /** The name servers that are to be told with a lifetime of 0. */
    List<Ipv6Address> dnsServers(long nowNs) {
        return present(dnsServers, nowNs);
    }

    private static <T> List<T> present(List<Gone<T>> all, long nowNs) {
        all.removeIf(gone -> gone.untilNs() - nowNs <= 0);
        return all.stream().map(Gone::what).toList();
    }
}

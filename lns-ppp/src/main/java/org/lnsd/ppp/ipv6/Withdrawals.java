package org.lnsd.ppp.ipv6;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a router has advertised and has no more: hosts are told with lifetimes of 0 as long as they may remember it. Bounded.
 *
 * @param gonePrefixes the prefixes, oldest first
 * @param goneDnsServers the name servers, oldest first
 */
record Withdrawals(List<Gone<AdvertisedPrefix>> gonePrefixes, List<Gone<Ipv6Address>> goneDnsServers) {
    static final Withdrawals NONE = new Withdrawals(List.of(), List.of());
    /** A host may keep a prefix that was taken away for two hours (RFC 4862 section 5.5.3), so long it is told. */
    private static final long PREFIX_NS = 7_200_000_000_000L;
    private static final int MAXIMUM = 8;

    /** What is told until then. */
    record Gone<T>(T what, long untilNs) {}

    /** Notes what the new settings lack, and forgets what they have again. */
    Withdrawals note(RouterSettings before, RouterSettings after, long nowNs) {
        Stream<AdvertisedPrefix> prefixes = before.prefixes().stream().map(AdvertisedPrefix::deprecated);
        long rememberedNs = before.resolverSeconds() * 1_000_000_000L; // RFC 8106 section 5.1: what hosts were told
        return new Withdrawals(
                newest(Stream.concat(gonePrefixes.stream(), gone(prefixes, nowNs + PREFIX_NS))
                        .filter(gone -> !has(after, gone.what().prefix())).toList()),
                newest(Stream.concat(goneDnsServers.stream(), gone(before.dnsServers().stream(), nowNs + rememberedNs))
                        .filter(gone -> !after.dnsServers().contains(gone.what())).toList()));
    }

    private static <T> Stream<Gone<T>> gone(Stream<T> all, long untilNs) {
        return all.map(what -> new Gone<>(what, untilNs));
    }

    private static boolean has(RouterSettings settings, Ipv6Prefix prefix) {
        return settings.prefixes().stream().anyMatch(advertised -> advertised.prefix().equals(prefix));
    }

    private static <T> List<T> newest(List<T> all) {
        return all.subList(Math.max(0, all.size() - MAXIMUM), all.size());
    }

    /** The prefixes that are to be told with lifetimes of 0. */
    List<AdvertisedPrefix> prefixes(long nowNs) {
        return present(gonePrefixes, nowNs);
    }

    /** The name servers that are to be told with a lifetime of 0. */
    List<Ipv6Address> dnsServers(long nowNs) {
        return present(goneDnsServers, nowNs);
    }

    private static <T> List<T> present(List<Gone<T>> all, long nowNs) {
        return all.stream().filter(gone -> gone.untilNs() - nowNs > 0).map(Gone::what).toList();
    }
}

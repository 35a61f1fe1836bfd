package org.lnsd.daemon.config;

import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must hold between values: gathered while tables are read, checked at the end. Errors name both values. */
final class CrossChecks {

    private record Range(String owner, IpPrefix prefix, Place place) {}

    private final Map<String, Place> pools = new HashMap<>();
    private final Map<String, Place> filters = new HashMap<>();
    private final List<Located<String>> filtersUsed = new ArrayList<>();
    private final Map<String, Place> gardens = new HashMap<>();
    private final List<Located<String>> gardensUsed = new ArrayList<>();
    private final Map<String, Place> users = new HashMap<>();
    private final Map<String, Place> peers = new HashMap<>();
    private final List<Located<String>> poolsUsed = new ArrayList<>();
    private final NavigableMap<Boundary, Range> poolRanges = new TreeMap<>();
    private final NavigableMap<Boundary, Range> userRanges = new TreeMap<>();
    private @Nullable Located<Boolean> offload;
    private @Nullable Located<OffloadsConfig> offloads;
    private Inet4Address ownAddress = IpAddresses.ofInt(0);

    /** Orders prefixes by family, then address. */
    private record Boundary(boolean ipv4, java.math.BigInteger bits) implements Comparable<Boundary> {
        static Boundary of(IpPrefix prefix) {
            return new Boundary(prefix.isIpv4(), new java.math.BigInteger(1, prefix.address().getAddress()));
        }

        @Override
        public int compareTo(Boundary other) {
            int family = Boolean.compare(ipv4, other.ipv4);
            return family != 0 ? family : bits.compareTo(other.bits);
        }
    }

    void ownAddress(Located<Inet4Address> address) { ownAddress = address.value(); }

    void offload(Located<Boolean> all) { offload = all; }

    void offloads(Located<OffloadsConfig> each) { offloads = each; }

    void poolName(Located<String> name) { once(pools, "pool", name); }

    void filterName(Located<String> name) { once(filters, "filter", name); }

    void filterUsed(Located<String> name) { filtersUsed.add(name); }

    void gardenName(Located<String> name) { once(gardens, "garden", name); }

    void gardenUsed(Located<String> name) { gardensUsed.add(name); }

    void userName(Located<String> name) { once(users, "user", name); }

    void poolUsed(Located<String> name) { poolsUsed.add(name); }

    void poolRange(String pool, Located<IpPrefix> range) { disjoint(poolRanges, "pool", pool, range); }

    void userRange(String user, Located<IpPrefix> range) { disjoint(userRanges, "user", user, range); }

    void peers(List<Located<PeerConfig>> all) {
        for (Located<PeerConfig> peer : all) {
            once(peers, "peer", new Located<>(peer.value().name(), peer.place()));
            peer.value().pool().ifPresent(pool -> poolUsed(new Located<>(pool, peer.place())));
        }
    }

    /** Notes servers of the other family than what requests are to be sent from. */
    void radiusSource(Located<Optional<InetAddress>> source, List<Located<RadiusServerConfig>> servers) {
        for (Located<RadiusServerConfig> server : servers) {
            InetAddress to = server.value().address();
            InetAddress from = source.value().orElse(to);
            if (!to.isAnyLocalAddress() && from instanceof Inet4Address != to instanceof Inet4Address) {
                source.place().error("source-address: " + IpAddresses.format(from) + " cannot reach RADIUS server "
                        + Literals.quote(server.value().name()) + " (line " + server.place().line()
                        + "), an address of its family expected");
                return;
            }
        }
    }

    void radiusServers(Place table, List<Located<RadiusServerConfig>> servers) {
        if (servers.isEmpty()) {
            table.error("[radius] has no server, at least one [[radius.server]] expected");
        }
        Map<String, Place> names = new HashMap<>();
        servers.forEach(server -> once(names, "RADIUS server", new Located<>(server.value().name(), server.place())));
    }

    /** The checks that need the whole file. */
    void finish() {
        poolsUsed.forEach(used -> exists(pools, "pool", used));
        gardensUsed.forEach(used -> exists(gardens, "garden", used));
        filtersUsed.forEach(used -> exists(filters, "filter", used));
        checkOffloads();
        IpPrefix own = IpPrefix.ofHost(ownAddress);
        Range user = userRanges.get(Boundary.of(own));
        if (user != null) {
            user.place.error("user \"" + user.owner + "\" has " + IpAddresses.format(ownAddress)
                    + ", which is our own end of every link (address in [ppp]), another address expected");
        }
    }

    private void checkOffloads() {
        if (offload == null || offloads == null || offload.value()) {
            return;
        }
        OffloadsConfig each = offloads.value();
        if (Stream.of(each.gro(), each.gso(), each.virtio(), each.tso(), each.uso())
                .anyMatch(choice -> choice == OffloadChoice.ON)) {
            offloads.place().error("offloads: one is \"on\", but offload of [tun] is false (line "
                    + offload.place().line() + "), offload = true expected");
        }
    }

    private static void exists(Map<String, Place> names, String what, Located<String> used) {
        if (!names.containsKey(used.value())) {
            String hint = NearestWord.of(used.value(), names.keySet()).map(near -> "did you mean \"" + near + "\"?")
                    .orElse("the name of a [[" + what + "]] expected");
            used.place().error(what + " " + Literals.quote(used.value()) + " does not exist, " + hint);
        }
    }

    private static void once(Map<String, Place> names, String what, Located<String> name) {
        Place first = names.putIfAbsent(name.value(), name.place());
        if (first != null && name.place().line() > 0) {
            name.place().error(what + " " + Literals.quote(name.value()) + " is defined twice, first in line "
                    + first.line() + ", another name expected");
        }
    }

    // Ranges in the map are disjoint, so only the neighbours can overlap.
    private static void disjoint(NavigableMap<Boundary, Range> ranges, String what, String owner,
            Located<IpPrefix> range) {
        Boundary boundary = Boundary.of(range.value());
        Range added = new Range(owner, range.value(), range.place());
        Map.Entry<Boundary, Range> below = ranges.floorEntry(boundary);
        Map.Entry<Boundary, Range> above = ranges.higherEntry(boundary);
        Range other = below != null && below.getValue().prefix.overlaps(added.prefix)
                ? below.getValue()
                : above != null && above.getValue().prefix.overlaps(added.prefix) ? above.getValue() : null;
        if (other == null) {
            ranges.put(boundary, added);
        } else {
            range.place().error(what + " " + Literals.quote(owner) + ": " + range.value() + " overlaps " + other.prefix
                    + " of " + what + " "
                    + Literals.quote(other.owner) + " (line " + other.place.line() + "), disjoint ranges expected");
        }
    }
}

package org.lnsd.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lnsd.daemon.config.RadiusServerConfig;
import org.lnsd.daemon.control.RadiusServerView;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.radius.client.ServerStatistics;

/** Shows the RADIUS servers to operators, with the counters of RFC 4668 and RFC 4670. */
final class RadiusViews {

    private RadiusViews() {}

    static List<RadiusServerView> of(List<RadiusServerConfig> servers, List<ServerStatistics> authentication,
            List<ServerStatistics> accounting) {
        List<RadiusServerView> views = new ArrayList<>();
        for (RadiusServerConfig server : servers) {
            views.add(view(server, named(authentication, server.name()), named(accounting, server.name())));
        }
        return views;
    }

    private static Optional<ServerStatistics> named(List<ServerStatistics> all, String name) {
        return all.stream().filter(statistics -> statistics.name().equals(name)).findFirst();
    }

    private static RadiusServerView view(RadiusServerConfig server, Optional<ServerStatistics> authentication,
            Optional<ServerStatistics> accounting) {
        Map<String, Long> counters = new LinkedHashMap<>();
        authentication.ifPresent(statistics -> count("access", "accepts", statistics, counters));
        authentication.ifPresent(statistics -> counters.put("access-rejects", statistics.rejects()));
        accounting.ifPresent(statistics -> count("accounting", "responses", statistics, counters));
        boolean alive = authentication.map(ServerStatistics::alive).orElse(true)
                && accounting.map(ServerStatistics::alive).orElse(true);
        int outstanding = authentication.map(ServerStatistics::pending).orElse(0)
                + accounting.map(ServerStatistics::pending).orElse(0);
        long roundTripNs = authentication.or(() -> accounting).map(ServerStatistics::roundTripNs).orElse(0L);
        return new RadiusServerView(server.name(), IpAddresses.format(server.address()), server.authenticationPort(),
                server.accountingPort(), alive ? "alive" : "dead", outstanding, roundTripNs / 1000, counters);
    }

    private static void count(String service, String answers, ServerStatistics statistics, Map<String, Long> into) {
        into.put(service + "-requests", statistics.requests());
        into.put(service + "-retransmissions", statistics.retransmissions());
        into.put(service + "-" + answers, statistics.accepts());
        into.put(service + "-malformed", statistics.malformed());
        into.put(service + "-bad-authenticators", statistics.badAuthenticators());
        into.put(service + "-missing-authenticators", statistics.missingAuthenticators());
        into.put(service + "-timeouts", statistics.timeouts());
        into.put(service + "-unknown-types", statistics.unknownTypes());
        into.put(service + "-packets-dropped", statistics.packetsDropped());
    }
}

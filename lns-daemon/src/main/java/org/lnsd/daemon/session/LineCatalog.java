package org.lnsd.daemon.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.GardenConfig;
import org.lnsd.daemon.config.PeerConfig;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.filter.FilterCatalog;
import org.lnsd.daemon.forwarding.CarrierLimit;
import org.lnsd.daemon.intercept.Interceptions;
import org.lnsd.daemon.shaping.Rate;

/** What lines may be given, by name, as the present configuration says. Any thread reads; the control loop replaces. */
public final class LineCatalog {

    private final FilterCatalog filters;
    private final Interceptions interceptions;
    private volatile Map<String, CarrierLimit> carriers = Map.of();
    private volatile Map<String, GardenConfig> gardens = Map.of();

    /** Begins with what a configuration defines. */
    public LineCatalog(FilterCatalog filters, Interceptions interceptions, Configuration configuration) {
        this.filters = filters;
        this.interceptions = interceptions;
        configuration(configuration);
    }

    /** Takes what another configuration defines. */
    public void configuration(Configuration next) {
        filters.replace(SessionSettings.filters(next));
        Map<String, CarrierLimit> limits = new HashMap<>();
        next.l2tp().peers().stream().filter(PeerConfig::hasRates)
                .forEach(peer -> limits.put(peer.name(), new CarrierLimit(peer.name(), rate(peer.rateUpBps()),
                        rate(peer.rateDownBps()))));
        carriers = Map.copyOf(limits);
        Map<String, GardenConfig> parks = new HashMap<>();
        next.gardens().forEach(garden -> parks.put(garden.name(), garden));
        gardens = Map.copyOf(parks);
    }

    private static Rate rate(Optional<Long> bps) { return bps.map(limit -> new Rate(limit, 0)).orElse(Rate.UNLIMITED); }

    /** Returns the lists of rules. */
    public FilterCatalog filters() { return filters; }

    /** Returns whose packets are copied. */
    public Interceptions interceptions() { return interceptions; }

    Optional<CompiledFilter> filter(String name) { return filters.find(name); }

    Optional<GardenConfig> garden(String name) { return Optional.ofNullable(gardens.get(name)); }

    /** The limit of all lines of a LAC together. */
    Optional<CarrierLimit> carrier(String peer) {
        return Optional.ofNullable(carriers.get(peer));
    }
}

package org.lnsd.daemon.filter;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lists by name, compiled. Any thread reads; one replaces. */
public final class FilterCatalog {

    private final int threads;
    private volatile Map<String, CompiledFilter> filters = Map.of();

    /**
     * An empty catalog.
     *
     * @param threads how many threads will judge packets
     */
    public FilterCatalog(int threads) { this.threads = threads; }

    /** Takes these lists instead of the former; those that are unchanged keep their counters. */
    public void replace(Map<String, List<FilterRule>> lists) {
        Map<String, CompiledFilter> former = filters;
        Map<String, CompiledFilter> next = new LinkedHashMap<>();
        lists.forEach((name, rules) -> {
            CompiledFilter present = former.get(name);
            boolean unchanged = present != null && present.rules().equals(rules);
            next.put(name, unchanged ? present : new CompiledFilter(name, rules, threads));
        });
        filters = next;
    }

    /** Returns the list of that name. */
    public Optional<CompiledFilter> find(String name) {
        return Optional.ofNullable(filters.get(name));
    }

    /** Returns all lists in their order. */
    public Collection<CompiledFilter> all() {
        return List.copyOf(filters.values());
    }
}

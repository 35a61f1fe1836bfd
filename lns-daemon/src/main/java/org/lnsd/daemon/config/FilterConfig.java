package org.lnsd.daemon.config;

import java.util.List;
import org.lnsd.daemon.filter.FilterRule;

/**
 * A table {@code [[filter]]}: what a line may do.
 *
 * @param name its name, which users, RADIUS and operators attach it by
 * @param rules the first that matches a packet decides; one that matches none is dropped
 */
public record FilterConfig(String name, List<FilterRule> rules) {
    /** Copies the list. */
    public FilterConfig {
        rules = List.copyOf(rules);
    }
}

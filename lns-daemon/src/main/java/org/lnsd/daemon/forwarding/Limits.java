package org.lnsd.daemon.forwarding;

import java.util.Optional;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.shaping.Rate;

/**
 * What a session may do.
 *
 * @param filterIn  judges packets from the subscriber
 * @param filterOut judges packets to the subscriber
 * @param rateIn    what exceeds it from the subscriber is dropped
 * @param rateOut   what exceeds it to the subscriber waits
 */
public record Limits(Optional<CompiledFilter> filterIn, Optional<CompiledFilter> filterOut, Rate rateIn, Rate rateOut) {
    /** It may do everything. */
    public static final Limits NONE = new Limits(Optional.empty(), Optional.empty(), Rate.UNLIMITED, Rate.UNLIMITED);
}

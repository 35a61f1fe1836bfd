package org.lnsd.daemon.forwarding;

import java.util.Optional;
import org.lnsd.daemon.filter.CompiledFilter;
import org.lnsd.daemon.shaping.Rate;

/**
 * What a session may do.
 *
 * @param filterIn         judges packets from the subscriber
 * @param filterOut        judges packets to the subscriber
 * @param rateIn           what exceeds it from the subscriber is dropped
 * @param rateOut          what exceeds it to the subscriber waits
 * @param carrier          what it shares with the other lines of its carrier
 * @param packetsPerSecond packets from the subscriber, 0: any number
 * @param dns              which name servers answer it instead of those that it asks
 * @param suspended        nothing passes
 * @param tap              sees what passes
 */
public record Limits(Optional<CompiledFilter> filterIn, Optional<CompiledFilter> filterOut, Rate rateIn, Rate rateOut,
        Optional<CarrierLimit> carrier, int packetsPerSecond, Optional<DnsRedirect> dns, boolean suspended,
        Optional<PacketTap> tap) {
    /** It may do everything. */
    public static final Limits NONE = new Limits(Optional.empty(), Optional.empty(), Rate.UNLIMITED, Rate.UNLIMITED);

    /** Filters and rates alone. */
    public Limits(Optional<CompiledFilter> filterIn, Optional<CompiledFilter> filterOut, Rate rateIn, Rate rateOut) {
        this(filterIn, filterOut, rateIn, rateOut, Optional.empty(), 0, Optional.empty(), false, Optional.empty());
    }
}

package org.lnsd.daemon.forwarding;

import java.util.Optional;
import org.lnsd.daemon.filter.CompiledFilter;

/**
 * What a session may do.
 *
 * @param filterIn  judges packets from the subscriber
 * @param filterOut judges packets to the subscriber
 */
public record Limits(Optional<CompiledFilter> filterIn, Optional<CompiledFilter> filterOut) {
    /** It may do everything. */
    public static final Limits NONE = new Limits(Optional.empty(), Optional.empty());
}

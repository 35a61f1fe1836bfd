package org.lnsd.l2tp.message;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import org.lnsd.l2tp.avp.Octets;

/**
 * What the LAC knows of the subscriber's access line (RFC 5515 section 5, DSL Forum TR-101).
 *
 * @param agentCircuitId names the line; mostly text, but what a DSLAM writes there need not be
 * @param agentRemoteId names the subscriber, likewise
 * @param values rates in bit/s, delays in milliseconds
 * @param encapsulation the Access-Loop-Encapsulation as it came: data link, encapsulation 1, encapsulation 2
 * @param iwfSession the session goes through a PPPoA to PPPoE interworking function
 */
public record AccessLine(Optional<Octets> agentCircuitId, Optional<Octets> agentRemoteId,
        Map<AccessLineAttribute, Long> values, Optional<Octets> encapsulation, boolean iwfSession) {
    /** Nothing known. */
    public static final AccessLine EMPTY = new AccessLine(Optional.empty(), Optional.empty(), Map.of(),
            Optional.empty(), false);

    public AccessLine {
        values = Map.copyOf(values);
    }

    /** One value, empty when the LAC did not tell it. */
    public OptionalLong value(AccessLineAttribute attribute) {
        Long value = values.get(attribute);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    public boolean isEmpty() { return equals(EMPTY); }
}

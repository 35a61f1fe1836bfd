package org.lnsd.daemon.aaa;

import java.util.Map;
import java.util.Optional;
import org.lnsd.l2tp.avp.Octets;

/**
 * The subscriber's access line as the LAC told it (RFC 5515), for the DSL Forum attributes of RFC 4679.
 *
 * @param circuitId Agent-Circuit-Id, octet by octet
 * @param remoteId Agent-Remote-Id, likewise
 * @param values the numeric values by their type of RFC 4679: 129 actual upstream bit/s, 130 actual downstream, 131/132 minimum,
 *        133/134 attainable, 135/136 maximum, 137/138 minimum low power, 139 to 142 interleaving delays in milliseconds
 * @param encapsulation Access-Loop-Encapsulation, three octets (type 144)
 * @param interWorked whether the line has PPPoA to PPPoE inter-working (type 254)
 */
public record AccessLine(Optional<Octets> circuitId, Optional<Octets> remoteId, Map<Integer, Long> values,
        Optional<byte[]> encapsulation, boolean interWorked) {
    /** Nothing known. */
    public static final AccessLine NONE = new AccessLine(Optional.empty(), Optional.empty(), Map.of(), Optional.empty(),
            false);

    /** Copies the map. */
    public AccessLine {
        values = Map.copyOf(values);
    }
}

package org.lnsd.l2tp.message;

import java.util.Optional;

import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.Secret;

import io.netty.buffer.ByteBuf;

/** What the shell must know of a datagram with tunnel id 0 before there is a tunnel for it. */
public sealed interface SccrqPeek {
    /**
     * A SCCRQ; all else in it is checked by the tunnel that takes it.
     *
     * @param assignedTunnelId the peer's, 0 when it is missing or hidden
     * @param hostName empty when it is missing
     */
    record Request(String hostName, int assignedTunnelId, int ns, Optional<Octets> tieBreaker) implements SccrqPeek {}

    /** No SCCRQ, or not readable: to be dropped and counted. */
    record Unusable(String reason) implements SccrqPeek {}

    /** Borrows {@code datagram}; {@code secret} lets it read a hidden Assigned Tunnel ID. Never throws for what it contains. */
    static SccrqPeek of(ByteBuf datagram, Optional<Secret> secret) {
        return new Unusable("not implemented");
    }
}

package org.lnsd.l2tp.message;

import java.util.Optional;

import org.lnsd.l2tp.avp.Octets;

/**
 * Start-Control-Connection-Request (RFC 2661 section 6.1).
 */
public record Sccrq(PeerInfo sender, int assignedTunnelId, Optional<Octets> tieBreaker,
        Optional<Octets> challenge) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.SCCRQ; }
}

package org.lnsd.l2tp.message;

import java.util.Optional;

import org.lnsd.l2tp.avp.Octets;

/**
 * Start-Control-Connection-Reply (RFC 2661 section 6.2).
 */
public record Sccrp(PeerInfo sender, int assignedTunnelId, Optional<Octets> challenge,
        Optional<Octets> challengeResponse) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.SCCRP; }
}

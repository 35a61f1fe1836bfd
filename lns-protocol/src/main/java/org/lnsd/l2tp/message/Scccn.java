package org.lnsd.l2tp.message;

import java.util.Optional;

import org.lnsd.l2tp.avp.Octets;

/**
 * Start-Control-Connection-Connected (RFC 2661 section 6.3).
 */
public record Scccn(Optional<Octets> challengeResponse) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.SCCCN; }
}

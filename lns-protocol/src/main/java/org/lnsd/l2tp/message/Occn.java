package org.lnsd.l2tp.message;

/**
 * Outgoing-Call-Connected (RFC 2661 section 6.11).
 */
public record Occn(CallParameters parameters) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.OCCN; }
}

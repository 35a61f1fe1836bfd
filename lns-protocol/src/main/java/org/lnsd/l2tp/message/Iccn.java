package org.lnsd.l2tp.message;

/**
 * Incoming-Call-Connected (RFC 2661 section 6.8).
 */
public record Iccn(CallParameters parameters) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.ICCN; }
}

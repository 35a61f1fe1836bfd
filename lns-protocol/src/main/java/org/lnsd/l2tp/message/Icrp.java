package org.lnsd.l2tp.message;

/**
 * Incoming-Call-Reply (RFC 2661 section 6.7).
 */
public record Icrp(int assignedSessionId) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.ICRP; }
}

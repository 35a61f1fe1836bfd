package org.lnsd.l2tp.message;

/**
 * Incoming-Call-Request (RFC 2661 section 6.6).
 */
public record Icrq(IncomingCall call) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.ICRQ; }
}

package org.lnsd.l2tp.message;

/**
 * Outgoing-Call-Request (RFC 2661 section 6.9).
 */
public record Ocrq(OutgoingCall call) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.OCRQ; }
}

package org.lnsd.l2tp.message;

/**
 * Hello, the keep-alive (RFC 2661 section 6.5).
 */
public record Hello() implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.HELLO; }
}

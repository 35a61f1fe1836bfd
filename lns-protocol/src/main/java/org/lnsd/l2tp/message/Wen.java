package org.lnsd.l2tp.message;

/**
 * WAN-Error-Notify (RFC 2661 section 6.13).
 */
public record Wen(WanErrorCounts counts) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.WEN; }
}

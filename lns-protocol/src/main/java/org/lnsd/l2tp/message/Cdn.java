package org.lnsd.l2tp.message;

/**
 * Call-Disconnect-Notify (RFC 2661 section 6.12).
 *
 * @param assignedSessionId of the sender
 */
public record Cdn(int assignedSessionId, CallDisconnect cause) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.CDN; }
}

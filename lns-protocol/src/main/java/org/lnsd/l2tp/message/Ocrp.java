package org.lnsd.l2tp.message;

import java.util.OptionalLong;

/**
 * Outgoing-Call-Reply (RFC 2661 section 6.10).
 */
public record Ocrp(int assignedSessionId, OptionalLong physicalChannelId) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.OCRP; }
}

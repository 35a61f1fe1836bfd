package org.lnsd.l2tp.message;

/**
 * Set-Link-Info (RFC 2661 section 6.14): what PPP agreed to.
 */
public record Sli(LinkInfo info) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.SLI; }
}

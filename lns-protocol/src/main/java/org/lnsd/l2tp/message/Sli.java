package org.lnsd.l2tp.message;

/**
 * Set-Link-Info (RFC 2661 section 6.14): the ACCMs that PPP agreed to.
 */
public record Sli(int sendAccm, int receiveAccm) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.SLI; }
}

package org.lnsd.l2tp.message;

/**
 * Stop-Control-Connection-Notification (RFC 2661 section 6.4).
 *
 * @param assignedTunnelId of the sender
 * @param message human readable, may be empty
 */
public record StopCcn(int assignedTunnelId, ResultCode resultCode, ErrorCode errorCode,
        String message) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.STOPCCN; }
}

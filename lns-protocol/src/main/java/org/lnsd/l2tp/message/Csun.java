package org.lnsd.l2tp.message;

import java.util.List;

/**
 * Connect-Speed-Update-Notification (RFC 5515 section 4.1).
 */
public record Csun(List<ConnectSpeed> speeds) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.CSUN; }
}

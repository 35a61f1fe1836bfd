package org.lnsd.l2tp.message;

import java.util.List;

/**
 * Connect-Speed-Update-Request (RFC 5515 section 4.2).
 */
public record Csurq(List<ConnectSpeed> sessions) implements ControlMessage {
    @Override
    public MessageType type() { return MessageType.CSURQ; }
}

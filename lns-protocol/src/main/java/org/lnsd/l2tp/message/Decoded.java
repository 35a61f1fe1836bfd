package org.lnsd.l2tp.message;

import org.lnsd.l2tp.avp.AvpFault;

/** What became of the octets of a control message: it is total, nothing is thrown. */
public sealed interface Decoded {
    /** A message that keeps all rules. */
    record Message(ControlMessage message) implements Decoded {}

    /** A message type that is not known; with the M bit it ends the control connection (RFC 2661 section 4.4.1). */
    record Unknown(int messageType, boolean mandatory) implements Decoded {}

    /** No Message Type could be read. */
    record Unreadable(AvpFault fault) implements Decoded {}

    /**
     * A known message with a fault that ends its session or its control connection (RFC 2661 sections 4.1 and 7.1).
     *
     * @param assignedId the Assigned Session ID or Assigned Tunnel ID in it, 0 when it has none
     */
    record Faulty(MessageType type, int assignedId, AvpFault fault) implements Decoded {}
}

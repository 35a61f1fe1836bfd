package org.lnsd.l2tp.message;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.lnsd.l2tp.avp.VendorAvp;

/**
 * What an end tells of itself in SCCRQ or SCCRP (RFC 2661 section 4.4.3).
 *
 * @param protocolVersion version and revision, 0x0100 for RFC 2661
 * @param framingCapabilities bit 0 synchronous, bit 1 asynchronous
 * @param bearerCapabilities bit 0 digital, bit 1 analog
 * @param receiveWindow 4 when the peer does not tell it
 */
public record PeerInfo(String hostName, Optional<String> vendorName, int protocolVersion, OptionalInt firmwareRevision,
        int framingCapabilities, OptionalInt bearerCapabilities, int receiveWindow, List<VendorAvp> vendorAvps) {
    /** The Receive Window Size of a peer that sends none. */
    public static final int DEFAULT_RECEIVE_WINDOW = 4;
    /** Version 1, revision 0. */
    public static final int PROTOCOL_VERSION = 0x0100;

    public PeerInfo {
        vendorAvps = List.copyOf(vendorAvps);
    }
}

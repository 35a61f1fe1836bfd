package org.lnsd.l2tp.message;

import java.util.List;
import java.util.Optional;

import org.lnsd.l2tp.avp.VendorAvp;

/**
 * A call that an LNS asks its LAC to place, with OCRQ (RFC 2661 section 6.9).
 *
 * @param peerSessionId the Assigned Session ID of the sender; ignored by {@code placeOutgoingCall}, which assigns one
 * @param minimumBps 32 bits unsigned
 * @param maximumBps 32 bits unsigned
 * @param bearerType bit 0 digital, bit 1 analog
 * @param framingType bit 0 synchronous, bit 1 asynchronous
 */
public record OutgoingCall(int peerSessionId, long callSerialNumber, long minimumBps, long maximumBps, int bearerType,
        int framingType, String calledNumber, Optional<String> subAddress, List<VendorAvp> vendorAvps) {

    public OutgoingCall {
        vendorAvps = List.copyOf(vendorAvps);
    }

    /** Whether the LAC told that it can dial so (RFC 2661 sections 4.4.4 and 6.9): without Bearer Capabilities it cannot dial at all. */
    public boolean isWithin(PeerInfo lac) {
        return lac.bearerCapabilities().isPresent() && (bearerType & ~lac.bearerCapabilities().getAsInt()) == 0
                && (framingType & ~lac.framingCapabilities()) == 0;
    }

    /** The same call with the session id of its sender. */
    public OutgoingCall withPeerSessionId(int sessionId) {
        return new OutgoingCall(sessionId, callSerialNumber, minimumBps, maximumBps, bearerType, framingType,
                calledNumber, subAddress, vendorAvps);
    }
}

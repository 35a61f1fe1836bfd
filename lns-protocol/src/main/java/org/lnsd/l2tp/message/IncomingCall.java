package org.lnsd.l2tp.message;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.lnsd.l2tp.avp.VendorAvp;

/**
 * A call that a LAC offers with ICRQ (RFC 2661 section 6.6).
 *
 * @param peerSessionId the Assigned Session ID of the sender; ignored by {@code placeIncomingCall}, which assigns one
 * @param callSerialNumber 32 bits unsigned
 * @param bearerType bit 0 digital, bit 1 analog
 * @param speedUpdates the LAC will tell changes of the connect speeds (RFC 5515 section 6.2)
 * @param vendorAvps of other vendors than the IETF, the access line's ones included
 */
public record IncomingCall(int peerSessionId, long callSerialNumber, OptionalInt bearerType,
        Optional<String> calledNumber, Optional<String> callingNumber, Optional<String> subAddress,
        OptionalLong physicalChannelId, boolean speedUpdates, AccessLine accessLine, List<VendorAvp> vendorAvps) {

    public IncomingCall {
        vendorAvps = List.copyOf(vendorAvps);
    }

    /** A call with its serial number and its two numbers, as a LAC places it. */
    public static IncomingCall of(long callSerialNumber, String calledNumber, String callingNumber) {
        return new IncomingCall(0, callSerialNumber, OptionalInt.empty(), Optional.of(calledNumber),
                Optional.of(callingNumber), Optional.empty(), OptionalLong.empty(), false, AccessLine.EMPTY, List.of());
    }

    /** The same call with the access line told. */
    public IncomingCall withAccessLine(AccessLine line) {
        return new IncomingCall(peerSessionId, callSerialNumber, bearerType, calledNumber, callingNumber, subAddress,
                physicalChannelId, speedUpdates, line, vendorAvps);
    }

    /** The same call with AVPs of vendors. */
    public IncomingCall withVendorAvps(List<VendorAvp> avps) {
        return new IncomingCall(peerSessionId, callSerialNumber, bearerType, calledNumber, callingNumber, subAddress,
                physicalChannelId, speedUpdates, accessLine, avps);
    }

    /** The same call with the session id of its sender. */
    public IncomingCall withPeerSessionId(int sessionId) {
        return new IncomingCall(sessionId, callSerialNumber, bearerType, calledNumber, callingNumber, subAddress,
                physicalChannelId, speedUpdates, accessLine, vendorAvps);
    }
}

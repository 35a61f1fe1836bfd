package org.lnsd.l2tp.message;

import java.util.Optional;

import org.lnsd.l2tp.avp.Octets;

/**
 * What the LNS tells the LAC of the PPP link (RFC 2661 section 6.14, RFC 3437 section 2.3).
 *
 * @param sendAccm characters that the LAC escapes towards the subscriber
 * @param receiveAccm characters that the LAC may remove when they come from the subscriber
 * @param lnsLastSent options of the LNS's last Configure-Request, for a LAC that told its own wishes
 * @param lnsLastReceived options of the subscriber's last Configure-Request, likewise
 */
public record LinkInfo(int sendAccm, int receiveAccm, Optional<Octets> lnsLastSent, Optional<Octets> lnsLastReceived) {
    /** The ACCMs alone. */
    public static LinkInfo of(int sendAccm, int receiveAccm) {
        return new LinkInfo(sendAccm, receiveAccm, Optional.empty(), Optional.empty());
    }

    /** The same with the options that LCP agreed on; what no AVP can carry is left out rather than cut. */
    public LinkInfo withOptions(Octets sent, Octets received) {
        return new LinkInfo(sendAccm, receiveAccm, carried(sent), carried(received));
    }

    private static Optional<Octets> carried(Octets options) {
        return Optional.of(options).filter(value -> value.length() <= ResultBytes.MAXIMUM_BYTES);
    }
}

package org.lnsd.ppp.link;

/**
 * Why a link went down.
 *
 * @param reason the class of the cause
 * @param text for the log and for the LAC, ASCII, no secrets
 * @param controlProtocol the PPP protocol concerned (RFC 3145 section 2), 0 if none
 */
public record DownCause(Reason reason, String text, int controlProtocol) {
    /** Returns the RFC 3145 section 3 code. */
    public int disconnectCode() { return reason.disconnectCode; }

    /** Returns the RFC 3145 direction: 0 global, 1 at the peer, 2 at our end. */
    public int direction() {
        return reason.direction;
    }

    /** The causes; each has its RFC 3145 disconnect code and direction. */
    public enum Reason {
        /** The lower layer went away. */
        CARRIER_LOST(0, 0),
        /** We were told to close. */
        LOCAL_CLOSE(3, 2),
        /** The peer sent a Terminate-Request. */
        PEER_CLOSE(3, 1),
        /** LCP did not answer within Max-Configure requests, having spoken before. */
        LCP_TIMEOUT(5, 0),
        /** No LCP packet ever came. */
        LCP_SILENT(6, 0),
        /** LCP options do not converge. */
        LCP_FAILED(5, 0),
        /** Our own magic number came back. */
        LOOPBACK(7, 0),
        /** Echo-Requests stay unanswered. */
        PEER_DEAD(8, 0),
        /** The peer gave no credentials in time. */
        AUTHENTICATION_TIMEOUT(13, 0),
        /** The peer offers no authentication protocol that is allowed. */
        AUTHENTICATION_PROTOCOL_REFUSED(15, 1),
        /** Bad name, password or secret. */
        AUTHENTICATION_FAILED(16, 1),
        /** No network protocol answered in time. */
        NETWORK_TIMEOUT(17, 0),
        /** Every network protocol was rejected. */
        NO_NETWORK(18, 0),
        /** No acceptable addresses. */
        NETWORK_FAILED(19, 0);

        private final int disconnectCode;
        private final int direction;

        Reason(int disconnectCode, int direction) {
            this.disconnectCode = disconnectCode;
            this.direction = direction;
        }
    }
}

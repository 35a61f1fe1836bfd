package org.lnsd.daemon.forwarding;

/**
 * What the path needs to know of a session's link.
 *
 * @param mtu                largest IP packet towards the peer in bytes (the peer's MRU)
 * @param addressControl     send FF 03 before the protocol field (RFC 1661 section 6.6: not compressed)
 * @param protocolCompressed send 21 and 57 instead of 00 21 and 00 57 (RFC 1661 section 6.5)
 * @param sequencing         send Ns in data messages, put those of the peer in order (RFC 2661 section 5.4)
 * @param multilink          a link of a bundle: packets and fragments take the way through the sink (RFC 1990)
 */
public record SessionPath(TunnelPath tunnel, int localSessionId, int peerSessionId, int mtu, boolean addressControl,
        boolean protocolCompressed, boolean sequencing, boolean multilink) {

    /** A path that is no link of a bundle. */
    public SessionPath(TunnelPath tunnel, int localSessionId, int peerSessionId, int mtu, boolean addressControl,
            boolean protocolCompressed, boolean sequencing) {
        this(tunnel, localSessionId, peerSessionId, mtu, addressControl, protocolCompressed, sequencing, false);
    }

    /** A fresh call: MTU 1500, FF 03, no compression. */
    public static SessionPath initial(TunnelPath tunnel, int localSessionId, int peerSessionId, boolean sequencing) {
        return new SessionPath(tunnel, localSessionId, peerSessionId, 1500, true, false, sequencing);
    }

    /** The same session after LCP agreed; in no bundle until {@link #inBundle} says so. */
    public SessionPath withLink(int newMtu, boolean newAddressControl, boolean newProtocolCompressed) {
        return new SessionPath(tunnel, localSessionId, peerSessionId, newMtu, newAddressControl, newProtocolCompressed,
                sequencing, false);
    }

    /** The same session as a link of a bundle that takes packets so large. */
    public SessionPath inBundle(int newMtu) {
        return new SessionPath(tunnel, localSessionId, peerSessionId, newMtu, addressControl, protocolCompressed,
                sequencing, true);
    }

    /** The same session after the tunnel's peer moved. */
    public SessionPath withTunnel(TunnelPath newTunnel) {
        return new SessionPath(newTunnel, localSessionId, peerSessionId, mtu, addressControl, protocolCompressed,
                sequencing, multilink);
    }
}

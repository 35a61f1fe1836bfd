package org.lnsd.daemon.session;

import org.lnsd.daemon.config.PeerConfig;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.LinkInfo;

/** What a session needs of the tunnel that its call came through. */
public interface CallControl {

    /** Takes the offered call (ICRP). */
    void accept(int localSessionId, long nowNs);

    /** Ends the call, or refuses it (CDN). */
    void hangUp(int localSessionId, CallDisconnect cause, long nowNs);

    /** Tells the LAC what PPP has agreed on (SLI). */
    void setLinkInfo(int localSessionId, LinkInfo info, long nowNs);

    /** Asks the LAC for the present speeds of the line (CSURQ, RFC 5515). */
    void requestSpeeds(int localSessionId, long nowNs);

    /** Returns the tunnel's ids and addresses. */
    TunnelPath path();

    /** Returns the configuration entry of the LAC. */
    PeerConfig peer();

    /** Returns the Host Name that the LAC gave. */
    String peerHostName();
}

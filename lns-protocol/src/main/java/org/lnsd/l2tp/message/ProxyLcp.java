package org.lnsd.l2tp.message;

import java.util.Optional;

import org.lnsd.l2tp.avp.Octets;

/**
 * The LCP that the LAC negotiated for us (RFC 2661 section 4.4.5, AVPs 26 to 28): bodies of Configure-Requests without code, identifier and length.
 *
 * @param initialReceived the first that the subscriber sent
 * @param lastSent the last that the LAC sent
 * @param lastReceived the last that the subscriber sent
 */
public record ProxyLcp(Optional<Octets> initialReceived, Optional<Octets> lastSent, Optional<Octets> lastReceived) {
    /** No proxied LCP. */
    public static final ProxyLcp NONE = new ProxyLcp(Optional.empty(), Optional.empty(), Optional.empty());
}

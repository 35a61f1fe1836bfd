package org.lnsd.ppp.link;

import java.util.Optional;

/**
 * A link as `show session` prints it.
 *
 * @param phase RFC 1661 section 3.2 phase: Dead, Establish, Authenticate, Network, Terminate
 * @param lcp RFC 1661 state name
 * @param ipcp RFC 1661 state name
 * @param ipv6cp RFC 1661 state name
 * @param agreement what LCP agreed on, while it is open
 */
public record LinkView(String phase, String lcp, String ipcp, String ipv6cp, Optional<LcpAgreement> agreement) {
    /** Returns the states alone, which are the same for most links. */
    public LinkView states() {
        return new LinkView(phase, lcp, ipcp, ipv6cp, Optional.empty());
    }
}

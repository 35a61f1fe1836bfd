package org.lnsd.ppp.link;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    // Written out: asked at every step of each link, and a record's own pair goes through method handles.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LinkView that && phase.equals(that.phase) && lcp.equals(that.lcp)
                && ipcp.equals(that.ipcp) && ipv6cp.equals(that.ipv6cp) && agreement.equals(that.agreement);
    }

    @Override
    public int hashCode() {
        return ((phase.hashCode() * 31 + lcp.hashCode()) * 31 + ipcp.hashCode()) * 31 + ipv6cp.hashCode();
    }
}

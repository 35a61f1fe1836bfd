package org.lnsd.ppp.link;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;

/** Which network protocols a link offers and with which addresses. */
public record NetworkSettings(Optional<Ipv4> ipv4, Optional<Ipv6> ipv6) {
    /** None: a further link of a bundle, which has those of the first. */
    public static final NetworkSettings NONE = new NetworkSettings(Optional.empty(), Optional.empty());

    /**
     * IPCP (RFC 1332, RFC 1877).
     *
     * @param local our address; 0.0.0.0: the peer is to give one (client)
     * @param peer the peer's address; 0.0.0.0: whatever the peer says (client)
     * @param dns at most two are used
     * @param wins NBNS servers, at most two are used
     */
    public record Ipv4(Inet4Address local, Inet4Address peer, List<Inet4Address> dns, List<Inet4Address> wins) {
        public Ipv4 {
            dns = List.copyOf(dns);
            wins = List.copyOf(wins);
        }
    }

    /**
     * IPv6CP (RFC 5072).
     *
     * @param localInterfaceId ours; 0: a random one
     * @param peerInterfaceId the one suggested to a peer that has none; 0: a random one
     */
    public record Ipv6(long localInterfaceId, long peerInterfaceId) {}
}

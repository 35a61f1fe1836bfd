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
     * @param choice whether the peer may have another address than that, if it asks for one; to be the same object as long as nothing changes
     */
    public record Ipv4(Inet4Address local, Inet4Address peer, List<Inet4Address> dns, List<Inet4Address> wins,
            AddressChoice choice) {
        public Ipv4 {
            dns = List.copyOf(dns);
            wins = List.copyOf(wins);
        }

        /** The peer has the address that it is given. */
        public Ipv4(Inet4Address local, Inet4Address peer, List<Inet4Address> dns, List<Inet4Address> wins) {
            this(local, peer, dns, wins, AddressChoice.NONE);
        }

        Ipv4 withPeer(Inet4Address other) { return new Ipv4(local, other, dns, wins, choice); }
    }

    /** Judges an address that the peer asks for. */
    @FunctionalInterface
    public interface AddressChoice {
        /** It has what it is given. */
        AddressChoice NONE = _ -> false;

        /** Returns whether the peer may have the address; then it has this one from now on and the former one no longer. */
        boolean take(Inet4Address wished);
    }

    /**
     * IPv6CP (RFC 5072).
     *
     * @param localInterfaceId ours; 0: a random one
     * @param peerInterfaceId the one suggested to a peer that has none; 0: a random one
     */
    public record Ipv6(long localInterfaceId, long peerInterfaceId) {}
}

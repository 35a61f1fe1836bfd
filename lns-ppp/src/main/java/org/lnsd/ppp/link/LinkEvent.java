package org.lnsd.ppp.link;

import java.net.Inet4Address;
import java.util.List;
import org.lnsd.ppp.auth.Credentials;

/** What a link tells its shell. */
public sealed interface LinkEvent {
    /** LCP is open. May come again after a renegotiation; then Ipv4Down and Ipv6Down came before it where they were up. */
    record LcpOpened(LcpAgreement agreement) implements LinkEvent {}

    /**
     * LCP is no longer open, on a link of a bundle only: {@link PppLink#adoptNetworks} at another of its links, or
     * {@link PppLink#lowerNetworks} at this one, is to follow.
     */
    record LcpClosed() implements LinkEvent {}

    /**
     * The peer gave its credentials. Answer with {@link PppLink#authenticationSucceeded} or
     * {@link PppLink#authenticationFailed}, at once or seconds later. Comes again after LCP was renegotiated and at
     * re-authentication: answer again.
     */
    record AuthenticationRequested(Credentials credentials) implements LinkEvent {}

    /** Authentication is over (at the client: the server took us); network protocols may open. */
    record Authenticated() implements LinkEvent {}

    /** IPv4 flows. The addresses are those agreed; dns and wins are what the peer was given (client: what we were given). */
    record Ipv4Up(Inet4Address local, Inet4Address peer, List<Inet4Address> dns, List<Inet4Address> wins)
            implements
                LinkEvent {}

    /** IPv4 no longer flows; it may come up again. */
    record Ipv4Down() implements LinkEvent {}

    /** IPv6 flows. */
    record Ipv6Up(long localInterfaceId, long peerInterfaceId) implements LinkEvent {}

    /** IPv6 no longer flows; it may come up again. */
    record Ipv6Down() implements LinkEvent {}

    /** The end: exactly once, nothing comes after it. Ipv4Down and Ipv6Down came before it where they were up, except in a bundle. */
    record Down(DownCause cause) implements LinkEvent {}

    /**
     * A packet of the negotiation without its secrets, only with {@link LinkSettings#recordNegotiation}.
     *
     * @param excerpt what {@link NegotiationText} puts into words when somebody asks
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Negotiation(Direction direction, byte[] excerpt) implements LinkEvent {}

    /** Which way a packet went. */
    enum Direction {
        RECEIVED, SENT
    }
}

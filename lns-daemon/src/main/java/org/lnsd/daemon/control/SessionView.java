package org.lnsd.daemon.control;

import java.net.Inet4Address;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.lnsd.daemon.net.IpPrefix;

/**
 * One session. Traffic stands in the document itself ({@code octets-in}, ...), in: from the subscriber.
 *
 * @param id unique over restarts, as in accounting and logs
 * @param tunnelId our tunnel id
 * @param sessionId our L2TP session id
 * @param peerSessionId the peer's L2TP session id
 * @param user the name it authenticated with; empty before
 * @param state {@code call}, {@code lcp}, {@code auth}, {@code network}, {@code open} (IP flows), {@code closing}
 * @param ipv4 the subscriber's address
 * @param ipv6Prefix the link's prefix
 * @param ipv6Delegated the delegated prefix
 * @param routes what else is routed to the subscriber
 * @param peer the {@code [[l2tp.peer]]} entry of its tunnel
 * @param peerAddress the LAC's address
 * @param hostName the LAC's Host Name
 * @param callingNumber Calling Number AVP
 * @param calledNumber Called Number AVP
 * @param circuit the access line as RFC 5515 or the vendor tells it
 * @param callSerialNumber Call Serial Number AVP
 * @param transmitSpeedBps (Tx) Connect Speed AVP
 * @param receiveSpeedBps Rx Connect Speed AVP
 * @param lcp RFC 1661 state of LCP
 * @param ipcp RFC 1661 state of IPCP
 * @param ipv6cp RFC 1661 state of IPv6CP
 * @param authentication the protocol that was used
 * @param mru what the subscriber receives at most, in octets
 * @param uptimeSeconds since the call was established
 * @param idleSeconds since the last IP packet
 * @param sessionTimeoutSeconds longest duration
 * @param rateDownBps limit towards the subscriber
 * @param rateUpBps limit from the subscriber
 * @param filterIn filter for what comes from the subscriber
 * @param filterOut filter for what goes to the subscriber
 * @param garden the walled garden that it is in
 * @param suspended whether nothing passes
 * @param packetsPerSecond limit of packets from the subscriber
 * @param octetsIn from the subscriber
 * @param octetsOut to the subscriber
 * @param packetsIn from the subscriber
 * @param packetsOut to the subscriber
 * @param droppedIn packets from the subscriber that were dropped
 * @param droppedOut packets to the subscriber that were dropped
 * @param bitsPerSecondIn over the last seconds, where known
 * @param bitsPerSecondOut over the last seconds, where known
 * @param lastEvent the last event of its negotiation
 * @param ipv4Traffic the part of the traffic that is IPv4
 * @param ipv6Traffic the part of the traffic that is IPv6
 * @param ipv6Link what IPv6 is on the link
 */
public record SessionView(String id, int tunnelId, int sessionId, int peerSessionId, String user, String state,
        Optional<Inet4Address> ipv4,
        Optional<IpPrefix> ipv6Prefix, Optional<IpPrefix> ipv6Delegated, List<IpPrefix> routes, String peer,
        String peerAddress, String hostName,
        String callingNumber, String calledNumber, String circuit, long callSerialNumber, long transmitSpeedBps,
        long receiveSpeedBps, String lcp,
        String ipcp, String ipv6cp, String authentication, int mru, long uptimeSeconds, long idleSeconds,
        OptionalLong sessionTimeoutSeconds,
        OptionalLong rateDownBps, OptionalLong rateUpBps, Optional<String> filterIn, Optional<String> filterOut,
        Optional<String> garden, boolean suspended, OptionalLong packetsPerSecond,
        long octetsIn, long octetsOut, long packetsIn,
        long packetsOut, long droppedIn,
        long droppedOut, long bitsPerSecondIn, long bitsPerSecondOut, String lastEvent,
        FamilyTraffic ipv4Traffic, FamilyTraffic ipv6Traffic, Ipv6LinkView ipv6Link) implements SessionFacts {

    /** Most bits a second, both ways together, first. */
    public static final Comparator<SessionView> BUSIEST_FIRST = Comparator
            .comparingLong((SessionView session) -> session.bitsPerSecondIn + session.bitsPerSecondOut).reversed();
}

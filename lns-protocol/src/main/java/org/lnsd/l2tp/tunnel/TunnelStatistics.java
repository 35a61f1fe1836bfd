package org.lnsd.l2tp.tunnel;

/**
 * A snapshot of a control connection's reliable delivery.
 *
 * @param ns the next sequence number to send
 * @param nr the next sequence number expected
 * @param peerWindow the peer's Receive Window Size
 * @param congestionWindow of RFC 2661 Appendix A
 * @param unacknowledged messages sent and not yet acknowledged
 * @param queued messages that wait for the window
 * @param malformed datagrams dropped because their header or first AVP could not be read
 */
public record TunnelStatistics(int ns, int nr, int peerWindow, int congestionWindow, int slowStartThreshold,
        int unacknowledged, int queued, long messagesSent, long messagesReceived, long acknowledgementsSent,
        long acknowledgementsReceived, long retransmissions, long duplicates, long heldOutOfOrder, long outOfWindow,
        long malformed, int sessions) {}

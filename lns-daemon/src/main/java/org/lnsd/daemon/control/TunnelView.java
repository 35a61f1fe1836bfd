package org.lnsd.daemon.control;

/**
 * One tunnel.
 *
 * @param id our tunnel id
 * @param peerTunnelId the peer's tunnel id
 * @param peer the {@code [[l2tp.peer]]} entry
 * @param peerAddress the peer's address
 * @param peerPort the peer's UDP port
 * @param localAddress our address
 * @param hostName the peer's Host Name AVP
 * @param vendorName the peer's Vendor Name AVP
 * @param firmwareRevision the peer's Firmware Revision AVP
 * @param state as RFC 2661 section 7.2 names it
 * @param sessions how many sessions it has
 * @param ns the next Ns that we send
 * @param nr the next Ns that we expect
 * @param sendWindow the peer's Receive Window Size
 * @param congestionWindow messages that may be outstanding now
 * @param unacknowledged messages sent and not acknowledged
 * @param queued messages that wait for the window
 * @param messagesSent control messages sent
 * @param messagesReceived control messages received
 * @param retransmissions control messages sent again
 * @param duplicates control messages received again
 * @param uptimeSeconds since it was established
 */
public record TunnelView(int id, int peerTunnelId, String peer, String peerAddress, int peerPort, String localAddress,
        String hostName,
        String vendorName, int firmwareRevision, String state, int sessions, int ns, int nr, int sendWindow,
        int congestionWindow, int unacknowledged,
        int queued, long messagesSent, long messagesReceived, long retransmissions, long duplicates,
        long uptimeSeconds) {}

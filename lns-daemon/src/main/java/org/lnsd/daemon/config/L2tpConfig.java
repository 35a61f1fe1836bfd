package org.lnsd.daemon.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The table {@code [l2tp]}.
 *
 * @param listen the tunnel sockets' addresses
 * @param helloInterval silence on a tunnel before a HELLO is sent
 * @param receiveWindow the Receive Window Size that we offer, in messages
 * @param retransmit retransmission of control messages (RFC 2661 section 5.8)
 * @param hiddenAvps whether AVPs that we send are hidden where a secret is set
 * @param vendorName the Vendor Name AVP
 * @param setupTimeout how long a tunnel or a call may take to be established
 * @param maximumHalfOpen tunnels not yet established, all peers together
 * @param maximumTunnels tunnels, all peers together
 * @param maximumSessions sessions, all peers together
 * @param peers the LACs that may open tunnels, in the order of the file
 */
public record L2tpConfig(List<InetSocketAddress> listen, Duration helloInterval, int receiveWindow,
        RetransmitConfig retransmit, HiddenAvps hiddenAvps,
        String vendorName, Duration setupTimeout, int maximumHalfOpen, int maximumTunnels, int maximumSessions,
        List<PeerConfig> peers) {}

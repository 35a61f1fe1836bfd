package org.lnsd.daemon.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code [radius]}.
 *
 * @param nasIpAddress NAS-IP-Address or NAS-IPv6-Address; empty: not sent
 * @param sourceAddress what requests are sent from; empty: what the kernel picks
 * @param accounting whether Accounting-Requests are sent
 * @param timeout the wait before the first retransmission
 * @param attempts transmissions to one server
 * @param interimInterval between Interim-Updates where the Accept says nothing; zero: none
 * @param requireMessageAuthenticator whether an answer without Message-Authenticator is dropped
 * @param policy how a server is chosen
 * @param deadTime how long a server that did not answer is passed over
 * @param statusServer whether a dead server is probed with Status-Server (RFC 5997)
 * @param spoolMaximumBytes room on disk for accounting records that no server took
 * @param servers the servers in the order of the file, never empty
 * @param users what the {@code [[user]]} tables are for
 * @param dynamicAuthorization the listener for CoA and Disconnect (RFC 5176)
 */
public record RadiusConfig(Optional<InetAddress> nasIpAddress, Optional<InetAddress> sourceAddress, boolean accounting,
        Duration timeout, int attempts,
        Duration interimInterval, boolean requireMessageAuthenticator, RadiusPolicy policy, Duration deadTime,
        boolean statusServer,
        long spoolMaximumBytes, List<RadiusServerConfig> servers, UserPolicy users,
        Optional<DynamicAuthorizationConfig> dynamicAuthorization) {}

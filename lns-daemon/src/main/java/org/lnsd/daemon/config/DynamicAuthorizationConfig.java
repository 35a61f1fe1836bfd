package org.lnsd.daemon.config;

import org.lnsd.daemon.net.IpPrefix;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The table {@code [radius.dynamic-authorization]}.
 *
 * @param listen the UDP address for CoA- and Disconnect-Requests
 * @param clients who may send them
 * @param secret the shared secret
 * @param timestampWindow how far an Event-Timestamp may be off
 * @param requireMessageAuthenticator whether a request without Message-Authenticator is dropped
 */
public record DynamicAuthorizationConfig(InetSocketAddress listen, List<IpPrefix> clients, Secret secret,
        Duration timestampWindow,
        boolean requireMessageAuthenticator) {}

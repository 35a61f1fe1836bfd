package org.lnsd.daemon.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A table {@code [[radius.server]]}.
 *
 * @param name what logs and counters call it; the address and port where the file gives none
 * @param address where it is
 * @param authenticationPort UDP port for Access-Requests; 0: not for authentication
 * @param accountingPort UDP port for Accounting-Requests; 0: not for accounting
 * @param secret the shared secret
 * @param weight share of the requests with the policies that balance
 * @param realms globs on the realm (behind the last {@code @}) that this server is for; empty: all
 * @param stripRealm whether it is told User-Name without the realm
 * @param maximumInFlight most unanswered requests at a time
 * @param tls RadSec (RFC 6614) instead of UDP
 */
public record RadiusServerConfig(String name, InetAddress address, int authenticationPort, int accountingPort,
        Secret secret, int weight,
        List<Glob> realms, boolean stripRealm, int maximumInFlight, Optional<RadiusTlsConfig> tls) {}

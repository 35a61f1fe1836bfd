package org.lnsd.daemon.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code [ppp]}.
 *
 * @param authentication what is asked for, in order of preference, never empty
 * @param mru the MRU that we offer, in octets
 * @param echo LCP echoes
 * @param ipv6 whether IPv6CP is offered
 * @param duplicateLogins what happens when a user logs in a second time
 * @param proxy what is made of the LAC's proxied LCP and authentication
 * @param dnsIpv4 name servers for IPCP
 * @param dnsIpv6 name servers for RA and DHCPv6
 * @param dnsSearch search domains for RA and DHCPv6
 * @param address our own end of every link
 * @param restartTimer RFC 1661 Restart timer
 * @param maximumConfigure RFC 1661 Max-Configure
 * @param maximumTerminate RFC 1661 Max-Terminate
 * @param maximumFailure RFC 1661 Max-Failure
 * @param authenticationTimeout how long a subscriber may take to authenticate
 * @param multilink whether an MRRU is offered (RFC 1990)
 * @param shortSequenceNumbers whether short multilink sequence numbers are asked for (RFC 1990 section 5.1.2)
 * @param sessionTimeout longest session where authentication says nothing; empty: none
 * @param idleTimeout longest time without traffic where authentication says nothing; empty: none
 * @param lines what is said of lines beside their negotiation
 */
public record PppConfig(List<AuthenticationMethod> authentication, int mru, EchoConfig echo, boolean ipv6,
        DuplicateLogins duplicateLogins,
        ProxyPolicy proxy, List<Inet4Address> dnsIpv4, List<Inet6Address> dnsIpv6, List<String> dnsSearch,
        Inet4Address address, Duration restartTimer,
        int maximumConfigure, int maximumTerminate, int maximumFailure, Duration authenticationTimeout,
        boolean multilink, boolean shortSequenceNumbers,
        Optional<Duration> sessionTimeout, Optional<Duration> idleTimeout, LineDefaults lines) {}

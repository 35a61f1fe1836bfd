package org.lnsd.daemon.aaa;

import org.lnsd.daemon.net.IpPrefix;

/**
 * A network behind a session (Framed-IPv6-Route, RFC 3162 section 2.5).
 *
 * @param prefix the network
 * @param metric the route's metric, 0 when none was given
 */
public record Ipv6Route(IpPrefix prefix, int metric) {}

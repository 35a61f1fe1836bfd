package org.lnsd.daemon.aaa;

import org.lnsd.daemon.net.IpPrefix;

/**
 * A network behind a session (Framed-Route, RFC 2865 section 5.22).
 *
 * @param prefix the network
 * @param metric the route's metric, 0 when none was given
 */
public record Ipv4Route(IpPrefix prefix, int metric) {}

package org.lnsd.daemon.control;

import org.lnsd.daemon.net.IpPrefix;

/**
 * One kernel route of ours.
 *
 * @param prefix where to
 * @param sessionId whose it is; empty: a pool's
 * @param user the session's user
 */
public record RouteView(IpPrefix prefix, String sessionId, String user) {}

package org.lnsd.daemon.forwarding;

import java.net.InetSocketAddress;

/** Between which addresses a tunnel runs, and its ids. {@code local} is the concrete address that the peer talks to. */
public record TunnelPath(InetSocketAddress local, InetSocketAddress peer, int localTunnelId, int peerTunnelId) {
    public TunnelPath {
        if (local.isUnresolved() || peer.isUnresolved()) {
            throw new IllegalArgumentException("unresolved address in tunnel path " + local + " " + peer);
        }
    }
}

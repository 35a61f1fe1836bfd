package org.lnsd.daemon.config;

import org.lnsd.daemon.net.IpPrefix;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A table {@code [[l2tp.peer]]}: a LAC that may open tunnels.
 *
 * @param name what we call it
 * @param addresses where it may come from
 * @param hostname glob on its Host Name AVP
 * @param secret the tunnel secret; empty: no tunnel authentication
 * @param challenge whether it must prove that it knows the secret
 * @param maximumTunnels tunnels it may have
 * @param maximumSessions sessions it may have, over all its tunnels
 * @param pool the pool of its sessions where authentication names none; empty: {@code default}
 * @param tuning what is done differently with it
 * @param rateUpBps limit from all its lines together, in bit/s; empty: none
 * @param rateDownBps limit towards all its lines together, in bit/s; empty: none
 */
public record PeerConfig(String name, List<IpPrefix> addresses, Glob hostname, Optional<Secret> secret,
        boolean challenge, int maximumTunnels,
        int maximumSessions, Optional<String> pool, PeerTuning tuning, Optional<Long> rateUpBps,
        Optional<Long> rateDownBps) {

    /** Whether its lines have a limit together. */
    public boolean hasRates() {
        return rateUpBps.isPresent() || rateDownBps.isPresent();
    }

    /** Whether this entry is for a LAC of that address and Host Name. */
    public boolean matches(InetAddress peerAddress, String peerHostName) {
        return addresses.stream().anyMatch(prefix -> prefix.contains(peerAddress)) && hostname.matches(peerHostName);
    }
}

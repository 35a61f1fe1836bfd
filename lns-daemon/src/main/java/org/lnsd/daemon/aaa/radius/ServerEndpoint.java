package org.lnsd.daemon.aaa.radius;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

import org.lnsd.daemon.config.Glob;
import org.lnsd.daemon.config.RadiusTlsConfig;
import org.lnsd.radius.client.ServerSettings;

/**
 * A server of a group and how it is reached.
 *
 * @param settings for the machine
 * @param address where it is
 * @param realms globs on the realm that it is for; empty: those that no other server is for
 * @param tls RadSec instead of UDP
 */
record ServerEndpoint(ServerSettings settings, InetSocketAddress address, List<Glob> realms,
        Optional<RadiusTlsConfig> tls) {
    boolean isForRealmOf(String user) {
        String realm = user.substring(user.lastIndexOf('@') + 1);
        return user.indexOf('@') >= 0 && realms.stream().anyMatch(glob -> glob.matches(realm));
    }
}

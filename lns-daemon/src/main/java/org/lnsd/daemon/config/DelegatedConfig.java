package org.lnsd.daemon.config;

import org.lnsd.daemon.net.IpPrefix;

/**
 * The inline table {@code pool.ipv6-delegated}.
 *
 * @param prefix what is delegated from
 * @param length the length of each delegated prefix, in bits
 */
public record DelegatedConfig(IpPrefix prefix, int length) {}

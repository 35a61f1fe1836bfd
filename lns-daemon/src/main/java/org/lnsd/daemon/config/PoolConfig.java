package org.lnsd.daemon.config;

import org.lnsd.daemon.net.IpPrefix;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A table {@code [[pool]]}.
 *
 * @param name its name; {@code default} is used where authentication names none
 * @param ipv4 the ranges of addresses
 * @param ipv6Prefix the prefix out of which each session gets a /64
 * @param ipv6Delegated the prefix out of which prefixes are delegated
 * @param exclude addresses and prefixes that are not handed out
 * @param quarantine how long what was released is kept for the one that had it, as long as there is other
 */
public record PoolConfig(String name, List<IpPrefix> ipv4, Optional<IpPrefix> ipv6Prefix,
        Optional<DelegatedConfig> ipv6Delegated,
        List<IpPrefix> exclude, Duration quarantine) {}

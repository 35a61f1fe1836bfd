package org.lnsd.daemon.pool;

import org.lnsd.daemon.net.IpPrefix;

import java.util.List;

/**
 * One family of one pool.
 *
 * @param name the pool
 * @param family what it hands out
 * @param ranges out of what
 * @param total how many there are
 * @param used how many are with sessions
 * @param quarantined how many are kept for the user that had them
 * @param exhausted how often one was asked for and none was left
 */
public record PoolStatistics(String name, Family family, List<IpPrefix> ranges, long total, long used, long quarantined,
        long exhausted) {}

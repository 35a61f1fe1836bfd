package org.lnsd.daemon.control;

import java.util.List;

import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.pool.Family;
import org.lnsd.daemon.pool.PoolStatistics;

/**
 * One family of one pool.
 *
 * @param name the pool
 * @param family what it hands out
 * @param ranges out of what
 * @param total how many there are
 * @param used how many are with sessions
 * @param free how many could be handed out
 * @param quarantined how many of the free ones are kept for the user that had them
 * @param exhausted how often one was asked for and none was left
 */
public record PoolView(String name, Family family, List<IpPrefix> ranges, long total, long used, long free,
        long quarantined, long exhausted) {

    /** The view of a pool's statistics. */
    public static PoolView of(PoolStatistics pool) {
        return new PoolView(pool.name(), pool.family(), pool.ranges(), pool.total(), pool.used(),
                pool.total() - pool.used(), pool.quarantined(),
                pool.exhausted());
    }
}

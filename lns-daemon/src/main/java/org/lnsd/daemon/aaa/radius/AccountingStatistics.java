package org.lnsd.daemon.aaa.radius;

/**
 * How accounting fares.
 *
 * @param delivered records that a server has taken
 * @param failures times that no server took a record
 * @param discarded records for which there was no room
 * @param waitingSessions sessions with records that no server has taken yet
 * @param spoolBytes octets of records that no server has taken yet
 */
public record AccountingStatistics(long delivered, long failures, long discarded, int waitingSessions,
        long spoolBytes) {}

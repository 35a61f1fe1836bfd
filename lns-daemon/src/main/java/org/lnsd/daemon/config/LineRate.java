package org.lnsd.daemon.config;

/**
 * A limit of a line: a rate such as {@code 20Mbit/s}, or a part of the line's speed such as {@code 90%}.
 *
 * @param bps     in bit/s; 0: a part of the line's speed
 * @param percent of the speed that the LAC tells; 0: {@code bps} counts
 */
public record LineRate(long bps, int percent) {}

package org.lnsd.daemon.config;

import java.time.Duration;

/**
 * The inline table {@code l2tp.retransmit}.
 *
 * @param initial the wait before the first retransmission
 * @param maximum the longest wait; waits double up to it
 * @param attempts transmissions of a message without acknowledgement before the tunnel is given up
 */
public record RetransmitConfig(Duration initial, Duration maximum, int attempts) {}

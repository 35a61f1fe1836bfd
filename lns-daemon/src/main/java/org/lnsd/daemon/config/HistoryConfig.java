package org.lnsd.daemon.config;

import java.time.Duration;

/**
 * The table {@code [history]}: the flight recorder.
 *
 * @param eventsPerSession events kept of one session
 * @param endedSessions sessions kept after their end
 * @param keep how long an ended session is kept
 */
public record HistoryConfig(int eventsPerSession, int endedSessions, Duration keep) {}

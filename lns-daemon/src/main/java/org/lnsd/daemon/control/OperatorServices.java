package org.lnsd.daemon.control;

import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.log.LogMemory;
import org.lnsd.daemon.metrics.MetricRegistry;

/**
 * What the operator's commands work with.
 *
 * @param node the daemon
 * @param metrics every counter
 * @param history the flight recorder
 * @param log the last log lines
 */
public record OperatorServices(Node node, MetricRegistry metrics, HistoryArchive history, LogMemory log) {}

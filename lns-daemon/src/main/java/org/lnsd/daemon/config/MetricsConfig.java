package org.lnsd.daemon.config;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The table {@code [metrics]}.
 *
 * @param listen where Prometheus and the status pages are served; empty: nowhere
 */
public record MetricsConfig(Optional<InetSocketAddress> listen) {}

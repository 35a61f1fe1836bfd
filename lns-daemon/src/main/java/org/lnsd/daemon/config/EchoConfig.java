package org.lnsd.daemon.config;

import java.time.Duration;

/**
 * The inline table {@code ppp.echo}.
 *
 * @param interval silence from the subscriber before an Echo-Request; zero: no echoes
 * @param failures Echo-Requests without answer before the link is given up
 */
public record EchoConfig(Duration interval, int failures) {}

package org.lnsd.daemon.control;

import java.util.Map;

/**
 * One RADIUS server.
 *
 * @param name its name
 * @param address its address
 * @param authenticationPort UDP port, 0: none
 * @param accountingPort UDP port, 0: none
 * @param state {@code alive} or {@code dead}
 * @param outstanding requests without answer yet
 * @param roundTripMicroseconds of the last answer
 * @param counters named as RFC 4668 and RFC 4670 mean them, in kebab-case, in the order to show
 */
public record RadiusServerView(String name, String address, int authenticationPort, int accountingPort, String state,
        int outstanding,
        long roundTripMicroseconds, Map<String, Long> counters) {}

package org.lnsd.daemon.control;

import java.util.List;
import java.util.Map;

/**
 * The daemon as a whole. Component names in kebab-case are the keys of the JSON document, here as in the other views.
 *
 * @param version the release
 * @param node the node's name
 * @param state starting, ready, draining or stopping; device-down or device-gone where no packets pass for it
 * @param ready whether a tunnel could be taken
 * @param uptimeSeconds since the start
 * @param pid the process
 * @param tunnels number of tunnels by state, all under {@code total}
 * @param sessions number of sessions by state, all under {@code total}
 * @param setupsPerSecond sessions that opened, over the last seconds
 * @param traffic all sessions together
 * @param radius the RADIUS servers' health
 * @param memoryBytes resident memory of the process
 */
public record StatusView(String version, String node, String state, boolean ready, long uptimeSeconds, long pid,
        Map<String, Integer> tunnels,
        Map<String, Integer> sessions, double setupsPerSecond, TrafficView traffic, List<RadiusHealth> radius,
        long memoryBytes) {

    /** One RADIUS server: its name, and {@code alive} or {@code dead}. */
    public record RadiusHealth(String server, String state) {}
}

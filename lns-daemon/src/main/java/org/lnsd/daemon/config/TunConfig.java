package org.lnsd.daemon.config;

/**
 * The table {@code [tun]}.
 *
 * @param name the device's name, at most 15 characters
 * @param mtu its MTU in octets
 * @param queues its queues; 0: one a forwarding thread
 * @param offload super-packets through the device, GSO and GRO on the tunnel socket
 * @param routes which kernel routes a session adds
 * @param routeMetric metric of these routes; 0: the kernel's own
 * @param routeTable routing table of these routes
 */
public record TunConfig(String name, int mtu, int queues, boolean offload, RoutePolicy routes, int routeMetric,
        int routeTable) {}

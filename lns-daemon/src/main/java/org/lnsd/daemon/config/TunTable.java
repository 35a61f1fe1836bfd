package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.RESTART;

import java.util.List;

/** {@code [tun]}. */
final class TunTable {

    private static final ValueType<String> DEVICE_NAME = ValueTypes.text(text -> {
        if (!text.matches("[!-$&-.0-9;-~]{1,15}") || text.equals(".") || text.equals("..")) {
            throw new BadValue(
                    Literals.quote(text) + " is no device name, 1 to 15 characters without space, /, : and % expected");
        }
        return text;
    }, "lns0", "a device name");

    private static final Key<String> NAME = Key.of("name", DEVICE_NAME, "\"lns0\"", RESTART, "the device's name");
    private static final Key<Integer> MTU = Key.of("mtu", ValueTypes.integer(576, 65535), "1500", RESTART, "its MTU");
    private static final Key<Integer> QUEUES = Key.of("queues", ValueTypes.integer(0, 256), "0", RESTART,
            "0: one a forwarding thread");
    private static final Key<Boolean> OFFLOAD = Key.of("offload", ValueTypes.bool(), "true", RESTART,
            "TSO/USO super-packets through the device, GSO/GRO on the tunnel socket; false: none of forwarding.offloads");
    private static final Key<RoutePolicy> ROUTES = Key.of("routes", ValueTypes.constant(RoutePolicy.class), "\"host\"",
            RESTART,
            "pool | host: which kernel routes a session adds");
    private static final Key<Integer> ROUTE_METRIC = Key.of("route-metric", ValueTypes.integer(0, Integer.MAX_VALUE),
            "0", RESTART,
            "metric of these routes; 0: the kernel's own");
    private static final Key<Integer> ROUTE_TABLE = Key.of("route-table", ValueTypes.integer(1, Integer.MAX_VALUE),
            "254", RESTART,
            "routing table of these routes; 254: main");

    static final TableSchema SCHEMA = new TableSchema("tun", false, false, "The device towards the kernel.",
            List.of(NAME, MTU, QUEUES, OFFLOAD, ROUTES, ROUTE_METRIC, ROUTE_TABLE));

    private TunTable() {}

    static TunConfig read(TableReader in, CrossChecks checks) {
        checks.offload(in.located(OFFLOAD));
        return new TunConfig(in.get(NAME), in.get(MTU), in.get(QUEUES), in.get(OFFLOAD), in.get(ROUTES),
                in.get(ROUTE_METRIC), in.get(ROUTE_TABLE));
    }
}

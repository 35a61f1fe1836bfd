package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/** {@code [[garden]]}. */
final class GardenTable {

    private static final Key<String> NAME = Key.required("name", ValueTypes.name(), "\"unpaid\"", LIVE,
            "its name for RADIUS (Filter-Id garden:NAME), lnsctl and on-reject");
    private static final Key<String> FILTER_IN = Key.required("filter-in", ValueTypes.name(), "\"no-smtp\"", LIVE,
            "the filter for what comes from the subscriber, instead of its own");
    private static final Key<String> FILTER_OUT = Key.optional("filter-out", ValueTypes.name(), "\"no-smtp\"", LIVE,
            "the filter for what goes to the subscriber; absent: none");
    private static final Key<List<InetAddress>> DNS = Key.of("dns", ValueTypes.list(ValueTypes.address()), "[]", LIVE,
            "name servers instead of those of [ppp]; IPv4 queries of its lines to other servers go to these");
    private static final Key<LineRate> RATE_DOWN = Key.optional("rate-down", ValueTypes.lineRate(), "\"2Mbit/s\"", LIVE,
            "limit towards the subscriber, instead of its own");
    private static final Key<LineRate> RATE_UP = Key.optional("rate-up", ValueTypes.lineRate(), "\"1Mbit/s\"", LIVE,
            "limit from the subscriber, instead of its own");

    static final TableSchema SCHEMA = new TableSchema("garden", true, true,
            "A walled garden: what a line may do that is parked.",
            List.of(NAME, FILTER_IN, FILTER_OUT, DNS, RATE_DOWN, RATE_UP));

    private GardenTable() {}

    static GardenConfig read(TableReader in, CrossChecks checks) {
        List<InetAddress> dns = in.get(DNS);
        GardenConfig garden = new GardenConfig(in.get(NAME), in.get(FILTER_IN), in.optional(FILTER_OUT),
                only(Inet4Address.class, dns), only(Inet6Address.class, dns), in.optional(RATE_DOWN),
                in.optional(RATE_UP));
        checks.gardenName(new Located<>(garden.name(), in.placeOf(NAME)));
        checks.filterUsed(new Located<>(garden.filterIn(), in.placeOf(FILTER_IN)));
        garden.filterOut().ifPresent(name -> checks.filterUsed(new Located<>(name, in.placeOf(FILTER_OUT))));
        return garden;
    }

    private static <A extends InetAddress> List<A> only(Class<A> family, List<InetAddress> all) {
        return all.stream().filter(family::isInstance).map(family::cast).toList();
    }
}

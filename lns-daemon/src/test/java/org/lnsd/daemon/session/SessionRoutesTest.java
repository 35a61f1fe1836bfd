package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.lnsd.daemon.config.RoutePolicy;
import org.lnsd.daemon.net.IpPrefix;

/** Routes that more than one line has: the kernel's stands as long as one of them is up, and the newest line gets the packets. */
class SessionRoutesTest {

    private static final IpPrefix OFFICE = IpPrefix.parse("198.51.100.0/29");
    private static final IpPrefix ADDRESS = IpPrefix.parse("100.64.0.2");

    private final Scenario.MemoryRoutes kernel = new Scenario.MemoryRoutes();
    private final SessionRoutes routes = new SessionRoutes(kernel, RoutePolicy.HOST, List.of());

    private static final class Line implements SessionRoutes.Claimant {
        private int successions;

        @Override
        public boolean mayShare(IpPrefix prefix) { return prefix.equals(OFFICE); }

        @Override
        public void succeed() { successions++; }
    }

    @Test
    void aRouteOfTwoLinesStaysUntilBothHaveEnded() {
        Line first = new Line();
        Line second = new Line();
        routes.change(first, List.of(), List.of(ADDRESS, OFFICE));
        routes.change(second, List.of(), List.of(OFFICE));
        assertThat(kernel.installed).containsExactlyInAnyOrder(ADDRESS, OFFICE);
        routes.change(second, List.of(OFFICE), List.of());
        assertThat(kernel.installed).containsExactlyInAnyOrder(ADDRESS, OFFICE);
        assertThat(first.successions).isEqualTo(1);
        routes.change(first, List.of(ADDRESS, OFFICE), List.of());
        assertThat(kernel.installed).isEmpty();
    }

    @Test
    void theNewestOfTheRemainingLinesSucceeds() {
        Line first = new Line();
        Line second = new Line();
        Line third = new Line();
        for (Line line : List.of(first, second, third)) {
            routes.change(line, List.of(), List.of(OFFICE));
        }
        routes.change(third, List.of(OFFICE), List.of());
        assertThat(List.of(first.successions, second.successions)).containsExactly(0, 1);
        routes.change(first, List.of(OFFICE), List.of());
        assertThat(kernel.installed).containsExactly(OFFICE);
        routes.change(second, List.of(OFFICE), List.of());
        assertThat(kernel.installed).isEmpty();
    }

    @Test
    void aReloadFromPoolToHostAndBackLeavesEachSessionItsWay() {
        IpPrefix pool = IpPrefix.parse("100.64.0.0/24");
        Line line = new Line();
        routes.change(line, List.of(), List.of(ADDRESS, OFFICE));
        routes.reconfigure(RoutePolicy.POOL, List.of(pool), Stream.of(ADDRESS, OFFICE));
        assertThat(kernel.installed).containsExactlyInAnyOrder(pool, OFFICE);
        routes.reconfigure(RoutePolicy.HOST, List.of(pool), Stream.of(ADDRESS, OFFICE));
        assertThat(kernel.installed).containsExactlyInAnyOrder(ADDRESS, OFFICE);
        routes.reconfigure(RoutePolicy.POOL, List.of(ADDRESS), Stream.of(ADDRESS, OFFICE));
        assertThat(kernel.installed).containsExactlyInAnyOrder(ADDRESS, OFFICE);
        routes.reconfigure(RoutePolicy.HOST, List.of(), Stream.of(ADDRESS, OFFICE));
        routes.change(line, List.of(ADDRESS, OFFICE), List.of());
        assertThat(kernel.installed).isEmpty();
    }
}

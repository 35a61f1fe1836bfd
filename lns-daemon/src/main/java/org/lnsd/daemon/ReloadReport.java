package org.lnsd.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.net.IpPrefix;

/** Says what a reload has changed, and what waits for a restart. */
final class ReloadReport {

    private static final int MAXIMUM_LINES = 1000;

    private ReloadReport() {}

    static List<String> of(Configuration former, Configuration next, long stranded) {
        List<String> changes = new ArrayList<>(
                former.listing().changesTo(next.listing()).limit(MAXIMUM_LINES + 1).toList());
        if (changes.size() > MAXIMUM_LINES) {
            changes.set(MAXIMUM_LINES, "and more; only the first " + MAXIMUM_LINES + " changes are told");
        }
        if (changes.isEmpty()) {
            changes.add("nothing has changed");
        }
        if (stranded > 0) {
            changes.add("pool: %d %s what no pool has any longer, until they end".formatted(stranded,
                    stranded == 1 ? "session keeps" : "sessions keep"));
        }
        return changes;
    }

    /** Counts the sessions with a network that was in a pool and is in none now. */
    static long stranded(List<IpPrefix> former, List<IpPrefix> next, Stream<List<IpPrefix>> sessions) {
        return former.equals(next)
                ? 0
                : sessions.filter(networks -> networks.stream()
                        .anyMatch(network -> within(former, network) && !within(next, network))).count();
    }

    private static boolean within(List<IpPrefix> ranges, IpPrefix network) {
        return ranges.stream().anyMatch(range -> range.contains(network));
    }
}

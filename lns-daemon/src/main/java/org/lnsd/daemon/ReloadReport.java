package org.lnsd.daemon;

import java.util.List;
import org.lnsd.daemon.config.Configuration;

/** Says what a reload has changed, and what waits for a restart. */
final class ReloadReport {

    private ReloadReport() {}

    static List<String> of(Configuration former, Configuration next) {
        List<String> changes = former.listing().changesTo(next.listing());
        return changes.isEmpty() ? List.of("nothing has changed") : changes;
    }
}

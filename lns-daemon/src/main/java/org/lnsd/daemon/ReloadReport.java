package org.lnsd.daemon;

import java.util.ArrayList;
import java.util.List;
import org.lnsd.daemon.config.Configuration;

/** Says what a reload has changed, and what waits for a restart. */
final class ReloadReport {

    private ReloadReport() {}

    static List<String> of(Configuration former, Configuration next) {
        List<String> lines = new ArrayList<>();
        changed(lines, "l2tp.peer", former.l2tp().peers(), next.l2tp().peers(), "for new tunnels");
        changed(lines, "ppp", former.ppp(), next.ppp(), "for new sessions");
        changed(lines, "pool", former.pools(), next.pools(), "now");
        changed(lines, "user", former.users(), next.users(), "for new sessions");
        changed(lines, "radius", former.radius(), next.radius(), "now");
        changed(lines, "node", former.node(), next.node(), "after a restart");
        changed(lines, "l2tp.listen", former.l2tp().listen(), next.l2tp().listen(), "after a restart");
        changed(lines, "tun", former.tun(), next.tun(), "after a restart");
        changed(lines, "forwarding", former.forwarding(), next.forwarding(), "after a restart");
        changed(lines, "control", former.control(), next.control(), "after a restart");
        changed(lines, "metrics", former.metrics(), next.metrics(), "after a restart");
        if (lines.isEmpty()) {
            lines.add("nothing has changed");
        }
        return List.copyOf(lines);
    }

    private static void changed(List<String> lines, String what, Object former, Object next, String when) {
        if (!former.equals(next)) {
            lines.add(what + " has changed, in force " + when);
        }
    }
}

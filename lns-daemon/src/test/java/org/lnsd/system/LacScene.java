package org.lnsd.system;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.lac.ScriptedLac;

/** One lnsd and the namespace from which LACs under a script talk to it; what a class of L2TP tests shares. */
final class LacScene implements AutoCloseable {
    private final Site site;
    private final NetNamespace access;
    private final Lnsd lnsd;
    private int lastTunnelId;

    /** Starts lnsd with that configuration; the LACs' tunnel ids follow the first one. */
    LacScene(String name, int firstTunnelId, String configuration) {
        site = new Site(new AtomicInteger(), name);
        lastTunnelId = firstTunnelId;
        try {
            access = site.lac();
            lnsd = site.closing(new Lnsd(site.lns(), site.folder("lnsd"), configuration));
        } catch (RuntimeException | AssertionError failed) {
            site.close();
            throw failed;
        }
    }

    Lnsd lnsd() { return lnsd; }

    NetNamespace access() { return access; }

    /** A socket of a LAC, on a port of its own. */
    RawSocket socket() {
        return new RawSocket(access.name(), Site.LAC, 0);
    }

    /** A LAC that has said nothing yet. */
    ScriptedLac lac(String hostName) {
        return lac(hostName, ++lastTunnelId, socket());
    }

    /** A LAC with that tunnel id on that socket. */
    ScriptedLac lac(String hostName, int tunnelId, RawSocket socket) {
        return new ScriptedLac(socket, Site.LNS, hostName, tunnelId);
    }

    /** How many sessions lnsd has in the LAC's tunnel. */
    long sessions(ScriptedLac lac) {
        return lnsd.sessions().stream().filter(s -> s.get("tunnel-id").equals((long) lac.peerTunnelId())).count();
    }

    void awaitSessions(ScriptedLac lac, int count) {
        Awaitility.await(count + " sessions").atMost(10, TimeUnit.SECONDS).until(() -> sessions(lac) == count);
    }

    /** Ends lnsd, which must not have met a defect of its own. */
    @Override
    public void close() { site.closeWithoutDefect(lnsd); }
}

package org.lnsd.daemon;

import java.util.concurrent.TimeUnit;
import org.lnsd.daemon.loop.Timed;
import org.lnsd.daemon.session.SessionEnd;
import org.lnsd.daemon.session.SessionService;
import org.lnsd.daemon.session.SessionServices;
import org.lnsd.daemon.tunnel.TunnelService;

/**
 * The clean stop: every session ends with a CDN, every tunnel with a StopCCN once its CDNs are acknowledged; a LAC that
 * does not acknowledge is not waited for longer than a few seconds.
 */
final class Farewell extends Timed {

    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long CALLS_LIMIT_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long TUNNELS_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(1500);

    private final SessionServices services;
    private final SessionService sessions;
    private final TunnelService tunnels;
    private final Runnable then;
    private long nextLookNs = Long.MAX_VALUE;
    private long callsLimitNs;
    private long tunnelsLimitNs = Long.MAX_VALUE;

    Farewell(SessionServices services, SessionService sessions, TunnelService tunnels, Runnable then) {
        this.services = services;
        this.sessions = sessions;
        this.tunnels = tunnels;
        this.then = then;
    }

    /** Begins; any thread. */
    void begin() {
        sessions.drain(true);
        services.loop().execute(() -> {
            tunnels.stopping();
            sessions.endAll(SessionEnd.shutdown(), this::callsEnded);
        });
    }

    private void callsEnded() {
        callsLimitNs = services.loop().nowNs() + CALLS_LIMIT_NS;
        look(services.loop().nowNs());
    }

    @Override
    public long nextDeadlineNs() { return nextLookNs; }

    @Override
    public void onDeadline(long nowNs) { look(nowNs); }

    private void look(long nowNs) {
        boolean late = nowNs >= callsLimitNs;
        tunnels.stopQuiet(late);
        if (tunnelsLimitNs == Long.MAX_VALUE && (late || tunnels.allStopped())) {
            tunnelsLimitNs = nowNs + TUNNELS_LIMIT_NS;
        }
        if (nowNs >= tunnelsLimitNs || tunnels.allQuiet() && tunnels.allStopped()) {
            nextLookNs = Long.MAX_VALUE;
            then.run();
            return;
        }
        nextLookNs = nowNs + LOOK_AGAIN_NS;
        services.deadlines().update(this);
    }
}

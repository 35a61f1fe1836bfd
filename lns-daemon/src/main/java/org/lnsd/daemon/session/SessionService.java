package org.lnsd.daemon.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.UserTable;
import org.lnsd.daemon.config.PeerConfig;
import org.lnsd.daemon.config.RoutePolicy;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.IncomingCall;

/** Takes offered calls in as sessions, or says why not; and ends many of them in turns. */
public final class SessionService {

    /** Sessions ended in one turn of the loop, so that others are served between the turns. */
    private static final int ENDED_PER_TURN = 256;

    private final SessionServices services;
    private volatile SessionSettings settings;
    private volatile boolean draining;

    /** Begins with these settings for all new sessions. */
    public SessionService(SessionServices services, SessionSettings settings) {
        this.services = services;
        this.settings = settings;
    }

    /** Returns what the sessions share. */
    public SessionServices services() { return services; }

    /** Returns the settings of new sessions. */
    public SessionSettings settings() { return settings; }

    /** Sets the settings of new sessions; those that are up keep theirs. */
    public void settings(SessionSettings next) {
        settings = next;
    }

    /** Gives the sessions of embedded users other IPv6 prefixes where their entries have changed. */
    public void usersChanged(UserTable former, UserTable next) {
        for (Session session : List.copyOf(services.table().all())) {
            Profile before = former.profile(session.user()).orElse(null);
            Profile after = next.profile(session.user()).orElse(null);
            SessionGrant grant = session.networkPart().grant();
            if (grant == null || before == null || after == null) {
                continue;
            }
            Profile renumbered = grant.profile().toBuilder().ipv6Of(after).build();
            if (!before.toBuilder().ipv6Of(after).build().equals(before)) {
                session.networkPart().renumber(renumbered, services.loop().nowNs());
            }
        }
    }

    /** Takes over which kernel routes there are to be, for the sessions that are up as well. */
    public void routes(RoutePolicy policy, List<IpPrefix> poolRanges) {
        services.routes().reconfigure(policy, poolRanges,
                services.table().all().stream().flatMap(session -> session.networkPart().routed().stream()));
    }

    /** Returns whether new sessions are refused. */
    public boolean isDraining() { return draining; }

    /** Refuses new sessions from now on, or takes them again. */
    public void drain(boolean refuse) {
        draining = refuse;
    }

    /** Returns why a call of that LAC cannot be taken now, or null when it can. */
    public @Nullable CallDisconnect refusal(PeerConfig peer) {
        if (draining) {
            services.counts().count("call-refused-draining");
            return CallDisconnect.error(ErrorCode.TRY_ANOTHER, "not taking new sessions");
        }
        if (services.table().sizeOf(peer.name()) >= peer.maximumSessions()) {
            services.counts().count("call-refused-peer-limit");
            return CallDisconnect.error(ErrorCode.NO_RESOURCES,
                    "maximum-sessions of this LAC reached, try again later");
        }
        if (services.table().size() >= settings.configuration().l2tp().maximumSessions()) {
            services.counts().count("call-refused-limit");
            return CallDisconnect.error(ErrorCode.NO_RESOURCES, "maximum-sessions reached, try again later");
        }
        return null;
    }

    /** Makes the session of an offered call, which the caller then accepts; null: there is no room for it. */
    public @Nullable Session offer(CallControl control, int localSessionId, IncomingCall call) {
        Session session = new Session(services, settings, control, localSessionId, call);
        if (!session.install()) {
            services.counts().count("call-refused-no-row");
            session.track().end("refused", "the forwarding table is full");
            return null;
        }
        services.table().add(session);
        services.counts().count("calls");
        session.track().add("call", "offered calling " + call.callingNumber().orElse("-") + " called "
                + call.calledNumber().orElse("-") + " serial " + call.callSerialNumber());
        return session;
    }

    /**
     * Ends all sessions at once, some each turn.
     *
     * @param end  why
     * @param then runs on the loop when all are gone
     */
    public void endAll(SessionEnd end, Runnable then) {
        List<Session> all = new ArrayList<>(services.table().all());
        endNext(new ArrayDeque<>(all), end, then);
    }

    private void endNext(Queue<Session> rest, SessionEnd end, Runnable then) {
        for (int i = 0; i < ENDED_PER_TURN; i++) {
            Session session = rest.poll();
            if (session == null) {
                then.run();
                return;
            }
            session.endNow(end, services.loop().nowNs());
        }
        services.loop().execute(() -> endNext(rest, end, then));
    }
}

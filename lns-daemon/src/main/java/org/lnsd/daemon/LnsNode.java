package org.lnsd.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.control.ActionResult;
import org.lnsd.daemon.control.FilterView;
import org.lnsd.daemon.control.Node;
import org.lnsd.daemon.control.PoolView;
import org.lnsd.daemon.control.RadiusServerView;
import org.lnsd.daemon.control.RouteView;
import org.lnsd.daemon.control.SessionFacts;
import org.lnsd.daemon.control.SessionView;
import org.lnsd.daemon.control.StatusView;
import org.lnsd.daemon.control.TunnelView;
import org.lnsd.daemon.intercept.InterceptTarget;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.session.Session;
import org.lnsd.daemon.session.SessionEnd;
import org.lnsd.daemon.session.SessionState;
import org.lnsd.daemon.session.SessionTable;
import org.lnsd.daemon.session.SessionViews;
import org.lnsd.daemon.tunnel.LnsTunnel;
import org.lnsd.daemon.tunnel.TunnelViews;

/** The running daemon as operators see it and act on it. Called from the control socket's threads. */
final class LnsNode implements Node {

    private final Daemon daemon;

    LnsNode(Daemon daemon) { this.daemon = daemon; }

    @Override
    public StatusView status() {
        Map<String, Integer> tunnels = new LinkedHashMap<>();
        daemon.tunnels().all().forEach(tunnel -> tunnels.merge(tunnel.state().rfcName(), 1, Integer::sum));
        tunnels.put("total", daemon.tunnels().all().size());
        List<StatusView.RadiusHealth> radius = radiusServers().stream()
                .map(server -> new StatusView.RadiusHealth(server.name(), server.state())).toList();
        return new StatusView(Version.text(), configuration().node().name(),
                daemon.state(),
                daemon.isReady(), daemon.uptimeSeconds(), ProcessHandle.current().pid(), tunnels, sessionStates(),
                daemon.rates().setupsPerSecond(),
                daemon.rates().traffic(), radius, ResidentMemory.bytes());
    }

    private Map<String, Integer> sessionStates() {
        SessionTable table = daemon.services().table();
        Map<String, Integer> sessions = new LinkedHashMap<>();
        table.states().forEach((state, count) -> {
            if (state != SessionState.ENDED) {
                sessions.put(state.label(), count);
            }
        });
        sessions.put("total", table.size());
        return sessions;
    }

    @Override
    public Stream<TunnelView> tunnels() {
        long nowNs = daemon.services().loop().nowNs();
        return daemon.tunnels().all().stream().map(tunnel -> TunnelViews.of(tunnel, nowNs));
    }

    @Override
    public Stream<SessionView> sessions() {
        long nowNs = daemon.services().loop().nowNs();
        return daemon.services().table().all().stream().map(session -> view(session, nowNs));
    }

    @Override
    public Stream<SessionView> sessions(Predicate<SessionFacts> chosen) {
        long nowNs = daemon.services().loop().nowNs();
        return daemon.services().table().all().stream()
                .filter(session -> chosen.test(new SessionViews.Facts(session))).map(session -> view(session, nowNs));
    }

    @Override
    public List<SessionView> busiest(int count) {
        PriorityQueue<Busy> kept = new PriorityQueue<>(Comparator.comparingLong(Busy::bitsPerSecond));
        daemon.services().table().all().forEach(session -> {
            kept.add(new Busy(session,
                    daemon.rates().bitsPerSecondIn(session) + daemon.rates().bitsPerSecondOut(session)));
            if (kept.size() > count) {
                kept.remove();
            }
        });
        long nowNs = daemon.services().loop().nowNs();
        return kept.stream().map(busy -> view(busy.session(), nowNs)).sorted(SessionView.BUSIEST_FIRST).toList();
    }

    /** A session with its rate of one moment. */
    private record Busy(Session session, long bitsPerSecond) {}

    @Override
    public List<SessionView> findSessions(String idOrUserOrAddress) {
        long nowNs = daemon.services().loop().nowNs();
        return daemon.services().table().named(idOrUserOrAddress).stream()
                .map(session -> view(session, nowNs)).toList();
    }

    private SessionView view(Session session, long nowNs) {
        return SessionViews.of(session, nowNs, daemon.rates().bitsPerSecondIn(session),
                daemon.rates().bitsPerSecondOut(session));
    }

    @Override
    public List<PoolView> pools() { return daemon.pools().statistics().stream().map(PoolView::of).toList(); }

    @Override
    public List<RadiusServerView> radiusServers() { return daemon.radiusServers(); }

    @Override
    public List<FilterView> filters() {
        return daemon.services().lines().filters().all().stream().map(FilterView::of).toList();
    }

    @Override
    public Stream<RouteView> routes() {
        Map<IpPrefix, Session> owners = new LinkedHashMap<>();
        daemon.services().table().all().forEach(s -> s.networks().forEach(prefix -> owners.put(prefix, s)));
        return daemon.kernelRoutes().installed().stream().map(prefix -> {
            Session owner = owners.get(prefix);
            return new RouteView(prefix, owner == null ? "" : owner.id(), owner == null ? "" : owner.user());
        });
    }

    @Override
    public Configuration configuration() { return daemon.sessions().settings().configuration(); }

    @Override
    public CompletionStage<ActionResult> clearSession(String idOrUserOrAddress, String reason) {
        return onLoop(() -> {
            Collection<Session> named = new ArrayList<>(daemon.services().table().named(idOrUserOrAddress));
            if (named.isEmpty()) {
                return ActionResult.refused("no session " + idOrUserOrAddress);
            }
            String text = reason.isEmpty() ? "cleared by the operator" : reason;
            boolean oneLink = daemon.services().table().find(idOrUserOrAddress).isPresent();
            long nowNs = daemon.services().loop().nowNs();
            named.forEach(session -> {
                if (oneLink) {
                    session.close(SessionEnd.cleared(text), nowNs);
                } else {
                    session.closeLine(SessionEnd.cleared(text), nowNs);
                }
            });
            return ActionResult.done(named.size() == 1 ? "session cleared" : named.size() + " sessions cleared");
        });
    }

    @Override
    public CompletionStage<ActionResult> changeSession(String sessionId, ProfileChange change) {
        return onLoop(() -> daemon.services().table().find(sessionId)
                .map(session -> change(session, change, daemon.services().loop().nowNs()))
                .orElseGet(() -> ActionResult.refused("no session " + sessionId)));
    }

    private static ActionResult change(Session session, ProfileChange change, long nowNs) {
        String refusal = session.change(change, nowNs);
        return refusal == null
                ? ActionResult.done("session " + session.id() + " changed")
                : ActionResult.refused("session " + session.id() + " cannot be changed: " + refusal);
    }

    @Override
    public CompletionStage<ActionResult> intercept(String sessionId, Optional<InterceptTarget> target,
            String requester) {
        return onLoop(() -> daemon.services().table().find(sessionId)
                .map(session -> intercept(session, target, requester))
                .orElseGet(() -> ActionResult.refused("no session " + sessionId)));
    }

    private static ActionResult intercept(Session session, Optional<InterceptTarget> target, String requester) {
        try {
            return session.intercept(target, requester)
                    ? ActionResult.done("session " + session.id() + (target.isPresent() ? " is" : " is no longer")
                            + " intercepted")
                    : ActionResult.refused("session " + session.id() + " is not authenticated, or not intercepted");
        } catch (IOException unwritable) {
            return ActionResult.refused("the audit log cannot be written: " + unwritable);
        }
    }

    @Override
    public List<String> interceptions() { return daemon.services().lines().interceptions().running(); }

    @Override
    public CompletionStage<ActionResult> clearTunnel(int localTunnelId, String reason) {
        return onLoop(() -> {
            String text = reason.isEmpty() ? "cleared by the operator" : reason;
            int sessions = daemon.tunnels().find(localTunnelId).map(LnsTunnel::sessionCount).orElse(0);
            return daemon.tunnels().clear(localTunnelId, text)
                    ? ActionResult.done("tunnel cleared with " + sessions + " sessions")
                    : ActionResult.refused("no tunnel " + localTunnelId);
        });
    }

    @Override
    public CompletionStage<ActionResult> reload() { return CompletableFuture.supplyAsync(daemon::reload); }

    @Override
    public CompletionStage<ActionResult> drain(boolean draining) {
        daemon.drain(draining);
        return CompletableFuture.completedFuture(
                ActionResult.done(draining ? "new sessions are refused" : "new sessions are taken"));
    }

    @Override
    public CompletionStage<ActionResult> shutdown() {
        daemon.requestStop();
        return CompletableFuture.completedFuture(ActionResult.done("shutting down"));
    }

    private CompletionStage<ActionResult> onLoop(java.util.function.Supplier<ActionResult> action) {
        CompletableFuture<ActionResult> result = new CompletableFuture<>();
        daemon.services().loop().execute(() -> result.complete(action.get()));
        return result;
    }
}

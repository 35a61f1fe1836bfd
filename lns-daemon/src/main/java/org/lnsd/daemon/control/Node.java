package org.lnsd.daemon.control;

import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.intercept.InterceptTarget;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What an operator sees of the daemon and does to it. Called from the control socket's threads, never from a control loop; a view is a
 * snapshot of one thing, a stream builds them one by one while it is read, and nothing here waits for a control loop.
 */
public interface Node {

    /** The daemon as a whole. */
    StatusView status();

    /** All tunnels, in no particular order. */
    Stream<TunnelView> tunnels();

    /** The tunnel with our tunnel id. */
    default Optional<TunnelView> tunnel(int localTunnelId) {
        return tunnels().filter(tunnel -> tunnel.id() == localTunnelId).findAny();
    }

    /** All sessions, in no particular order. */
    Stream<SessionView> sessions();

    /** Those sessions that are chosen; views are made of these only. */
    default Stream<SessionView> sessions(Predicate<SessionFacts> chosen) {
        return sessions().filter(chosen);
    }

    /** The sessions with the most traffic at the moment, the busiest first. */
    default List<SessionView> busiest(int count) {
        return sessions().sorted(SessionView.BUSIEST_FIRST).limit(count).toList();
    }

    /** The sessions that the text names: an id, a user's name, or an address or prefix that a session has. */
    List<SessionView> findSessions(String idOrUserOrAddress);

    /** The pools. */
    List<PoolView> pools();

    /** The RADIUS servers, in the order of the configuration; empty: none is configured. */
    List<RadiusServerView> radiusServers();

    /** The kernel routes that lnsd has set. */
    Stream<RouteView> routes();

    /** The lists of rules, in the order of the configuration. */
    default List<FilterView> filters() {
        return List.of();
    }

    /** What is running. */
    Configuration configuration();

    /** Ends sessions: LCP Terminate, then CDN; by an id one link of a bundle, by user or address the line. Done when that is under way. */
    CompletionStage<ActionResult> clearSession(String idOrUserOrAddress, String reason);

    /** Changes what a session may do, until it ends or something else changes it. */
    default CompletionStage<ActionResult> changeSession(String sessionId, ProfileChange change) {
        return CompletableFuture.completedFuture(ActionResult.refused("sessions cannot be changed here"));
    }

    /** Copies a session's packets to the target, or nowhere. */
    default CompletionStage<ActionResult> intercept(String sessionId, Optional<InterceptTarget> target,
            String requester) {
        return CompletableFuture.completedFuture(ActionResult.refused("sessions cannot be intercepted here"));
    }

    /** Whose packets are copied, a line each. */
    default List<String> interceptions() { return List.of(); }

    /** Ends a tunnel and its sessions: StopCCN. */
    CompletionStage<ActionResult> clearTunnel(int localTunnelId, String reason);

    /** Reads the configuration anew, as HUP does. */
    CompletionStage<ActionResult> reload();

    /** Refuses new sessions from now on; {@code false} takes them again. */
    CompletionStage<ActionResult> drain(boolean draining);

    /** Stops the daemon, as TERM does. */
    CompletionStage<ActionResult> shutdown();
}

package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.pool.Family;

/** A node with as many sessions as a test wants, and a list of what was done to it. */
public final class FakeNode implements Node {

    private final int sessionCount;
    private final Configuration configuration;
    public final List<String> done = new ArrayList<>();

    /** A node with that many sessions. */
    public FakeNode(int sessionCount) {
        this.sessionCount = sessionCount;
        configuration = switch (ConfigurationLoader.parse("test",
                "[[user]]\nname = \"user1\"\npassword = \"topsecret\"\n")) {
            case LoadedConfiguration.Valid valid -> valid.configuration();
            case LoadedConfiguration.Invalid invalid -> throw new AssertionError(invalid.errors().toString());
        };
    }

    @Override
    public StatusView status() {
        return new StatusView("0.1.0", "lns1", "ready", true, 3725, 1, Map.of("established", 1, "total", 1),
                new TreeMap<>(Map.of("open", sessionCount, "closing", 0)), 0,
                TrafficView.none(), List.of(), 1 << 26);
    }

    @Override
    public Stream<TunnelView> tunnels() {
        return Stream.of(new TunnelView(7, 70, "wholesale-a", "192.0.2.1", 1701, "192.0.2.2", "lac1", "vendor", 1,
                "established", sessionCount, 3, 4, 8,
                8, 0, 0, 10, 11, 1, 2, 60));
    }

    @Override
    public Stream<SessionView> sessions() { return IntStream.range(0, sessionCount).mapToObj(FakeNode::session); }

    private static SessionView session(int number) {
        return new SessionView("id" + number, 7, number, number + 1, "user" + number, "open",
                Optional.of(IpAddresses.ofInt(0x64400000 + number)),
                Optional.of(IpPrefix.parse("2001:db8:100:1::/64")), Optional.empty(), List.of(), "wholesale-a",
                "192.0.2.1", "lac1", "04912345", "",
                "circuit \u0007\"x\"", 1, 0, 0, "Opened", "Opened", "Opened", "chap", 1500, 61, 1, OptionalLong.empty(),
                OptionalLong.of(20_000_000),
                OptionalLong.empty(), Optional.of("no-smtp"), Optional.empty(), Optional.empty(), false,
                OptionalLong.empty(), 1000, 2000, 10, 20, 0, 0, 0, 0, "up",
                FamilyTraffic.NONE, FamilyTraffic.NONE, Ipv6LinkView.NONE);
    }

    @Override
    public List<SessionView> findSessions(String name) {
        return sessions().filter(s -> s.id().equals(name) || s.user().equals(name)
                || s.ipv4().map(IpAddresses::format).orElse("").equals(name)).toList();
    }

    @Override
    public List<PoolView> pools() {
        return List.of(
                new PoolView("default", Family.IPV4, List.of(IpPrefix.parse("100.64.0.0/18")), 16384, 2, 16382, 0, 0));
    }

    @Override
    public List<RadiusServerView> radiusServers() {
        return List.of(
                new RadiusServerView("r1", "127.0.0.1", 1812, 1813, "alive", 0, 400, Map.of("access-requests", 5L)));
    }

    @Override
    public Stream<RouteView> routes() {
        return Stream.of(new RouteView(IpPrefix.parse("100.64.0.0/32"), "id0", "user0"));
    }

    @Override
    public Configuration configuration() { return configuration; }

    @Override
    public CompletionStage<ActionResult> clearSession(String sessionId, String reason) {
        return did("clear session " + sessionId + " " + reason);
    }

    @Override
    public CompletionStage<ActionResult> clearTunnel(int localTunnelId, String reason) {
        return localTunnelId == 7
                ? did("clear tunnel 7 " + reason)
                : CompletableFuture.completedFuture(ActionResult.refused("no tunnel " + localTunnelId));
    }

    @Override
    public CompletionStage<ActionResult> reload() { return did("reload"); }

    @Override
    public CompletionStage<ActionResult> drain(boolean draining) { return did("drain " + draining); }

    @Override
    public CompletionStage<ActionResult> shutdown() { return did("shutdown"); }

    private CompletionStage<ActionResult> did(String what) {
        done.add(what);
        return CompletableFuture.completedFuture(ActionResult.done(what));
    }
}

package org.lnsd.daemon.session;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.lnsd.daemon.aaa.AcctSessionIds;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.config.RoutePolicy;
import org.lnsd.daemon.filter.FilterCatalog;
import org.lnsd.daemon.forwarding.KernelRoutes;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.loop.VirtualLoop;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.pool.Pools;
import org.lnsd.daemon.tunnel.TunnelService;

/** The daemon's sessions and tunnels without sockets, on a virtual clock, with scripted LACs around it. */
public final class Scenario {

    static final Inet4Address ANY = IpAddresses.ofInt(0);
    static final String CONFIGURATION = """
            [node]
            name = "lns"
            [[l2tp.peer]]
            name = "wholesale"
            address = ["192.0.2.0/24"]
            maximum-tunnels = 2
            maximum-sessions = 3
            [[pool]]
            name = "default"
            ipv4 = ["100.64.0.0/29"]
            [[pool]]
            name = "tiny"
            ipv4 = ["100.65.0.1/32"]
            """;

    final VirtualLoop loop = new VirtualLoop();
    final DeadlineTable deadlines = new DeadlineTable(loop);
    final MemoryForwarding forwarding = new MemoryForwarding(loop);
    final MemoryRoutes kernel = new MemoryRoutes();
    final TableAaa aaa = new TableAaa();
    /** The MTUs that the services above IPv6CP were started with. */
    final List<Integer> advertisedMtus = new ArrayList<>();
    final SessionTable table = new SessionTable();
    final SessionCounts counts = new SessionCounts();
    final FilterCatalog filters = new FilterCatalog(1);
    final LineCatalog lines;
    final org.lnsd.daemon.intercept.Interceptions interceptions = new org.lnsd.daemon.intercept.Interceptions(
            java.nio.file.Path.of("target"), java.time.Clock.systemUTC());
    final Pools pools;
    final SessionService sessions;
    public final TunnelService tunnels;

    public Scenario() { this(CONFIGURATION); }

    public Scenario(String toml) {
        Configuration configuration = switch (ConfigurationLoader.parse("test.toml", toml)) {
            case LoadedConfiguration.Valid(Configuration valid) -> valid;
            case LoadedConfiguration.Invalid(var errors) -> throw new IllegalArgumentException(errors.toString());
        };
        lines = new LineCatalog(filters, interceptions, configuration);
        pools = new Pools(configuration.pools(), loop::nowNs);
        SessionServices services = new SessionServices(loop, deadlines, forwarding,
                new SessionRoutes(kernel, RoutePolicy.HOST, pools.ranges()), aaa, table, counts,
                new org.lnsd.daemon.history.HistoryArchive(configuration.history(), () -> loop.nowNs() / 1_000_000),
                UnpooledByteBufAllocator.DEFAULT, new Random(5), new AcctSessionIds(Instant.EPOCH, new Random(6)),
                (settings, grant, local, peer, mtuBytes, nowNs) -> {
                    advertisedMtus.add(mtuBytes);
                    return LinkServices.NONE;
                }, lines);
        sessions = new SessionService(services, SessionSettings.of(configuration, pools));
        tunnels = new TunnelService(sessions, new Random(7));
        aaa.user("alice", "secret", org.lnsd.daemon.aaa.Profile.empty());
    }

    ScriptedLac lac(String address, String secret) {
        return new ScriptedLac(this, new InetSocketAddress(address, 1701), "lac", java.util.Optional.of(secret));
    }

    ScriptedLac lac(String address) { return new ScriptedLac(this, new InetSocketAddress(address, 1701), "lac"); }

    ScriptedLac openLac() {
        ScriptedLac lac = lac("192.0.2.9");
        lac.open();
        pass(1);
        return lac;
    }

    void pass(long seconds) { loop.advance(TimeUnit.SECONDS.toNanos(seconds)); }

    /** The kernel's routes, in memory. */
    static final class MemoryRoutes implements KernelRoutes {

        final List<IpPrefix> installed = new ArrayList<>();
        /** What waits for the routes, while they are slow to be made. */
        final List<Runnable> afterwards = new ArrayList<>();
        boolean slow;

        /** The routes are made. */
        void catchUp() {
            slow = false;
            List<Runnable> all = List.copyOf(afterwards);
            afterwards.clear();
            all.forEach(Runnable::run);
        }

        @Override
        public boolean isUnderWay(IpPrefix prefix) { return slow && installed.contains(prefix); }

        @Override
        public void afterwards(Runnable then) {
            if (slow) {
                afterwards.add(then);
            } else {
                then.run();
            }
        }

        @Override
        public int netlinkPort() { return 0; }

        @Override
        public void add(IpPrefix prefix) { installed.add(prefix); }

        @Override
        public void remove(IpPrefix prefix) { installed.remove(prefix); }

        @Override
        public List<IpPrefix> installed() { return List.copyOf(installed); }

        @Override
        public void renew(int interfaceIndex, IntConsumer done) { done.accept(0); }

        @Override
        public long failures() { return 0; }

        @Override
        public void close(boolean removeAll, long timeoutNs) { installed.clear(); }
    }
}

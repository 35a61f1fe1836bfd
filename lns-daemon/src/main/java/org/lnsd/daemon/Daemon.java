package org.lnsd.daemon;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Aaa;
import org.lnsd.daemon.aaa.AcctSessionIds;
import org.lnsd.daemon.aaa.UserTable;
import org.lnsd.daemon.config.ConfigError;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.control.ActionResult;
import org.lnsd.daemon.control.OperatorServices;
import org.lnsd.daemon.control.RadiusServerView;
import org.lnsd.daemon.filter.FilterCatalog;
import org.lnsd.daemon.forwarding.DeviceKeeper;
import org.lnsd.daemon.forwarding.ForwardingEngine;
import org.lnsd.daemon.forwarding.KernelRoutes;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.ipv6.Ipv6ServicesFactory;
import org.lnsd.daemon.log.LogSetup;
import org.lnsd.daemon.intercept.Interceptions;
import org.lnsd.daemon.loop.ControlLoop;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.loop.DrawnRandom;
import org.lnsd.daemon.loop.EventLoopControl;
import org.lnsd.daemon.metrics.EventMetrics;
import org.lnsd.daemon.metrics.ForwardingMetrics;
import org.lnsd.daemon.metrics.MetricRegistry;
import org.lnsd.daemon.metrics.NodeMetrics;
import org.lnsd.daemon.metrics.ProcessMetrics;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.pool.Pools;
import org.lnsd.daemon.session.LineCatalog;
import org.lnsd.daemon.session.Session;
import org.lnsd.daemon.session.SessionAuthorization;
import org.lnsd.daemon.session.SessionCounts;
import org.lnsd.daemon.session.SessionRoutes;
import org.lnsd.daemon.session.SessionService;
import org.lnsd.daemon.session.SessionServices;
import org.lnsd.daemon.session.SessionSettings;
import org.lnsd.daemon.session.SessionState;
import org.lnsd.daemon.session.SessionTable;
import org.lnsd.daemon.system.ServiceManager;
import org.lnsd.daemon.system.Watchdog;
import org.lnsd.daemon.tunnel.PeerDirectory;
import org.lnsd.daemon.tunnel.TunnelService;
import org.lnsd.tun.TunDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins the parts to a running LNS, and takes them apart again in the right order. */
final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final int APPLY_LIMIT_SECONDS = 10;

    private final Path configFile;
    private final ServiceManager manager;
    private final long startedNs = System.nanoTime();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean stopRequested = new AtomicBoolean();
    /** One reload at a time: each needs memory for the whole file. */
    private final ReentrantLock reloading = new ReentrantLock();
    private final MultiThreadIoEventLoopGroup controlGroup = new MultiThreadIoEventLoopGroup(1,
            new DefaultThreadFactory("lnsd-control"), EpollIoHandler.newFactory());
    private final Pools pools;
    private final SessionCounts counts = new SessionCounts();
    private final Configuration initial;
    private final Outside outside = new Outside();
    private volatile Phase phase = Phase.STARTING;
    private volatile boolean reloadRefused;
    private volatile @Nullable String refusal;
    private volatile @Nullable Running running;

    /** Where the daemon is in its life. */
    enum Phase {
        STARTING, READY, DRAINING, STOPPING
    }

    /** The parts that exist once the daemon has started. */
    private record Running(SessionServices services, SessionService sessions, TunnelService tunnels,
            KernelRoutes kernelRoutes, RateSampler rates) {}

    Daemon(Path configFile, Configuration configuration, ServiceManager manager) {
        this.configFile = configFile;
        this.initial = configuration;
        this.manager = manager;
        this.pools = new Pools(configuration.pools(), System::nanoTime);
    }

    // ---- up ---------------------------------------------------------------------------------------------------------

    /**
     * Starts everything.
     *
     * @throws SystemRefusal when a device, a port or a privilege is refused
     */
    void start() throws SystemRefusal {
        IoEventLoop eventLoop = controlGroup.next();
        ControlLoop loop = new EventLoopControl(eventLoop);
        HistoryArchive history = new HistoryArchive(initial.history(), System::currentTimeMillis);
        ControlEntrance entrance = new ControlEntrance(counts);
        ForwardingEngine forwarding = outside.forwarding(initial, eventLoop, entrance);
        KernelRoutes kernelRoutes = outside.routes(forwarding, initial.tun());
        LineCatalog lines = new LineCatalog(new FilterCatalog(forwarding.threads()),
                new Interceptions(initial.node().stateDirectory(), Clock.systemUTC()), initial);
        Aaa aaa = outside.aaa(initial);
        DrawnRandom random = new DrawnRandom();
        SessionServices services = new SessionServices(loop, new DeadlineTable(loop), forwarding,
                new SessionRoutes(kernelRoutes, initial.tun().routes(), pools.ranges()), aaa, new SessionTable(),
                counts,
                history, PooledByteBufAllocator.DEFAULT, random,
                new AcctSessionIds(Instant.now(), random),
                new Ipv6ServicesFactory(initial.node().name(), random, PooledByteBufAllocator.DEFAULT),
                lines);
        SessionService sessions = new SessionService(services, SessionSettings.of(initial, pools));
        TunnelService tunnels = new TunnelService(sessions, random);
        entrance.open(tunnels);
        running = new Running(services, sessions, tunnels, kernelRoutes, new RateSampler(services));
        outside.keep(forwarding.device(), kernelRoutes, new DeviceKeeper.Owner() {
            @Override
            public void changed() { manager.status(statusLine()); }

            @Override
            public void lost(String why) { fail(why); }
        });
        MetricRegistry metrics = new MetricRegistry();
        LnsNode node = new LnsNode(this);
        metrics.register(new NodeMetrics(node));
        metrics.register(new EventMetrics(counts::all));
        metrics.register(new ForwardingMetrics(forwarding::counters));
        metrics.register(new LnsMetrics(this));
        metrics.register(new RadiusMetrics(outside));
        metrics.register(new ProcessMetrics());
        outside.listen(initial, new OperatorServices(node, metrics, history, LogSetup.memory()));
        outside.listenForChanges(initial, new SessionAuthorization(services));
        aaa.nodeUp();
        phase = Phase.READY;
        LOG.info("ready version={} node={} listen={} peers={} start-ms={}", Version.text(), initial.node().name(),
                initial.l2tp().listen().stream().map(IpAddresses::format).toList(), initial.l2tp().peers().size(),
                Duration.ofNanos(System.nanoTime() - startedNs).toMillis());
        manager.ready(statusLine());
        new Watchdog(manager, loop, forwarding::afterAllLoops, this::statusLine).start(services.deadlines());
    }

    /** Gives up a start that has failed. */
    void abandon() {
        outside.close();
        controlGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    // ---- for the operator -------------------------------------------------------------------------------------------

    /** What it is in one word: its phase, or what keeps a ready daemon from passing packets. Any thread. */
    String state() {
        TunDevice.State device = outside.deviceState();
        return phase == Phase.READY && device != TunDevice.State.UP
                ? "device-" + DeviceKeeper.label(device)
                : phase.name().toLowerCase(Locale.ROOT);
    }

    /** One line for {@code systemctl status}. Any thread. */
    private String statusLine() {
        Running parts = parts();
        return "%s: %d sessions open, %d in all, %d tunnels%s".formatted(state(),
                parts.services().table().states().getOrDefault(SessionState.OPEN, 0), parts.services().table().size(),
                parts.tunnels().all().size(), reloadRefused ? "; the last reload was refused" : "");
    }

    boolean isReady() { return phase == Phase.READY && outside.deviceState() == TunDevice.State.UP; }

    long uptimeSeconds() { return Duration.ofNanos(System.nanoTime() - startedNs).toSeconds(); }

    Pools pools() { return pools; }

    SessionServices services() { return parts().services(); }

    SessionService sessions() { return parts().sessions(); }

    TunnelService tunnels() { return parts().tunnels(); }

    List<RadiusServerView> radiusServers() {
        return outside.radiusServers(parts().sessions().settings().configuration());
    }

    @Nullable
    DeviceKeeper deviceKeeper() { return outside.deviceKeeper(); }

    KernelRoutes kernelRoutes() { return parts().kernelRoutes(); }

    RateSampler rates() { return parts().rates(); }

    private Running parts() {
        Running present = running;
        if (present == null) {
            throw new IllegalStateException("the daemon has not started yet");
        }
        return present;
    }

    void drain(boolean draining) {
        sessions().drain(draining);
        if (phase == Phase.READY || phase == Phase.DRAINING) {
            phase = draining ? Phase.DRAINING : Phase.READY;
        }
        LOG.info("drain draining={}", draining);
    }

    /** Reads the configuration again; a bad one changes nothing. Any thread but the loop. */
    ActionResult reload() {
        if (running == null) {
            return ActionResult.refused("the daemon has not started yet");
        }
        reloading.lock();
        try {
            return reloadNow();
        } finally {
            reloading.unlock();
        }
    }

    private ActionResult reloadNow() {
        manager.reloading(System.nanoTime());
        ActionResult result = switch (ConfigurationLoader.load(configFile)) {
            case LoadedConfiguration.Invalid(List<ConfigError> errors) -> {
                errors.forEach(error -> LOG.error("reload-refused class=local {}", error));
                yield new ActionResult(false, errors.stream().map(ConfigError::toString).toList());
            }
            case LoadedConfiguration.Valid(Configuration next) -> apply(next);
        };
        reloadRefused = !result.done();
        manager.ready(statusLine());
        return result;
    }

    private ActionResult apply(Configuration next) {
        Running parts = parts();
        Configuration former = parts.sessions().settings().configuration();
        UserTable users = new UserTable(next.users());
        CountDownLatch applied = new CountDownLatch(1);
        AtomicLong stranded = new AtomicLong();
        parts.services().loop().execute(() -> {
            List<IpPrefix> formerRanges = pools.ranges();
            pools.update(next.pools());
            stranded.set(ReloadReport.stranded(formerRanges, pools.ranges(),
                    parts.services().table().all().stream().map(Session::networks)));
            parts.sessions().routes(next.tun().routes(), pools.ranges());
            parts.sessions().settings(SessionSettings.of(next, pools));
            parts.tunnels().peers(PeerDirectory.of(next));
            UserTable formerUsers = outside.users();
            outside.reconfigure(next, users);
            parts.services().lines().configuration(next);
            parts.services().table().all().forEach(Session::refreshLimits);
            parts.sessions().usersChanged(formerUsers, users);
            applied.countDown();
        });
        awaitApplied(applied);
        List<String> lines = ReloadReport.of(former, next, stranded.get());
        lines.forEach(line -> LOG.info("reload {}", line));
        return new ActionResult(true, lines);
    }

    /** Whoever asked for the reload may count on it with the next call. */
    private static void awaitApplied(CountDownLatch applied) {
        try {
            if (!applied.await(APPLY_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("reload-slow class=local effect=\"takes place later\"");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- down -------------------------------------------------------------------------------------------------------

    /** Something that it cannot do without is gone for good: ends it as cleanly as that goes. Any thread. */
    private void fail(String why) {
        refusal = why;
        LOG.error("giving-up class=local cause=\"{}\"", why);
        requestStop();
    }

    /** Returns why it had to end, null after a stop that was asked for. */
    @Nullable
    String refusal() { return refusal; }

    /** Asks for a clean stop; returns at once. Any thread. */
    void requestStop() {
        if (!stopRequested.compareAndSet(false, true)) {
            return;
        }
        Running parts = running;
        if (parts == null) {
            ended.countDown();
            return;
        }
        phase = Phase.STOPPING;
        manager.stopping();
        LOG.info("stopping sessions={} tunnels={}", parts.services().table().size(), parts.tunnels().all().size());
        new Farewell(parts.services(), parts.sessions(), parts.tunnels(), ended::countDown).begin();
    }

    /** Waits for a clean stop and closes what is left. */
    void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        outside.close();
        controlGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        LOG.info("stopped uptime-s={}", uptimeSeconds());
    }
}

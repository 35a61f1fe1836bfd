package org.lnsd.daemon;

import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Aaa;
import org.lnsd.daemon.aaa.CombinedAaa;
import org.lnsd.daemon.aaa.DynamicAuthorizationTarget;
import org.lnsd.daemon.aaa.UserTable;
import org.lnsd.daemon.aaa.radius.DynamicAuthorizationServer;
import org.lnsd.daemon.aaa.radius.DynamicAuthorizationStatistics;
import org.lnsd.daemon.aaa.radius.NasIdentity;
import org.lnsd.daemon.aaa.radius.RadiusAaa;
import org.lnsd.daemon.config.AuthenticationMethod;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.NodeConfig;
import org.lnsd.daemon.config.OffloadChoice;
import org.lnsd.daemon.config.OffloadsConfig;
import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.daemon.config.TunConfig;
import org.lnsd.daemon.config.UserPolicy;
import org.lnsd.daemon.control.ControlServer;
import org.lnsd.daemon.control.OperatorServices;
import org.lnsd.daemon.control.RadiusServerView;
import org.lnsd.daemon.forwarding.ControlSink;
import org.lnsd.daemon.forwarding.DeviceKeeper;
import org.lnsd.daemon.forwarding.ForwardingEngine;
import org.lnsd.daemon.forwarding.ForwardingSettings;
import org.lnsd.daemon.forwarding.ForwardingSettings.Offloads;
import org.lnsd.daemon.forwarding.KernelRoutes;
import org.lnsd.daemon.forwarding.KeptDevice;
import org.lnsd.daemon.forwarding.NetlinkRoutes;
import org.lnsd.daemon.forwarding.Offload;
import org.lnsd.daemon.forwarding.OffloadMissing;
import org.lnsd.daemon.loop.DrawnRandom;
import org.lnsd.daemon.metrics.MetricsServer;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.snmp.SnmpAgent;
import org.lnsd.tun.LinuxException;
import org.lnsd.tun.TunDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the parts that reach out of the process, and closes them in the reverse order. */
final class Outside {

    private static final Logger LOG = LoggerFactory.getLogger(Outside.class);
    private static final int TUN_QUEUE_PACKETS = 4096;
    /** A directory that cannot be: what would be written there stays in memory. */
    private static final Path NOWHERE = Path.of("/dev/null/lnsd");
    private static final int SPARE_ROWS = 1024;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private volatile @Nullable CombinedAaa combined;
    private volatile @Nullable RadiusAaa radius;
    private volatile @Nullable DynamicAuthorizationServer changes;
    private volatile @Nullable DeviceKeeper keeper;

    ForwardingEngine forwarding(Configuration configuration, IoEventLoop control, ControlSink sink)
            throws SystemRefusal {
        TunConfig tun = configuration.tun();
        ForwardingSettings settings = new ForwardingSettings(configuration.l2tp().listen(),
                configuration.forwarding().threads(), configuration.l2tp().maximumSessions() + SPARE_ROWS,
                new ForwardingSettings.Tun(tun.name(), tun.mtu(), tun.queues(), TUN_QUEUE_PACKETS,
                        List.of(IpPrefix.ofHost(configuration.ppp().address()))),
                tun.offload() ? offloads(configuration.forwarding().offloads()) : Offloads.all(Offload.OFF),
                configuration.forwarding().socketBufferBytes(), false);
        try {
            ForwardingEngine engine = ForwardingEngine.open(settings, control, sink);
            opened.push(engine);
            LOG.info("offloads {}", engine.offloadsInUse());
            return engine;
        } catch (LinuxException | OffloadMissing refused) {
            throw new SystemRefusal(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static Offloads offloads(OffloadsConfig chosen) {
        return new Offloads(offload(chosen.gro()), offload(chosen.gso()), offload(chosen.virtio()),
                offload(chosen.tso()), offload(chosen.uso()));
    }

    private static Offload offload(OffloadChoice choice) {
        return switch (choice) {
            case AUTO -> Offload.AUTO;
            case ON -> Offload.ON;
            case OFF -> Offload.OFF;
        };
    }

    KernelRoutes routes(ForwardingEngine engine, TunConfig tun) throws SystemRefusal {
        try {
            NetlinkRoutes routes = new NetlinkRoutes(engine.deviceIndex(), tun.routeTable(), tun.routeMetric(),
                    (prefix, why) -> LOG.warn("route-refused class=local prefix={} cause=\"{}\"", prefix, why));
            opened.push(routes);
            return routes;
        } catch (LinuxException refused) {
            throw new SystemRefusal(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Has the device kept as it must be, whatever becomes of it. */
    void keep(KeptDevice device, KernelRoutes routes, DeviceKeeper.Owner owner) throws SystemRefusal {
        try {
            DeviceKeeper started = DeviceKeeper.start(device, routes, owner);
            opened.push(started);
            keeper = started;
        } catch (LinuxException refused) {
            throw new SystemRefusal(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Returns the device's keeper, null before there is one. */
    @Nullable
    DeviceKeeper deviceKeeper() { return keeper; }

    TunDevice.State deviceState() {
        DeviceKeeper present = keeper;
        return present == null ? TunDevice.State.UP : present.state();
    }

    Aaa aaa(Configuration configuration) {
        if (configuration.ppp().authentication().contains(AuthenticationMethod.MSCHAPV2)) {
            UserTable.warmUp();
        }
        UserTable users = new UserTable(configuration.users());
        if (configuration.radius().isEmpty()) {
            CombinedAaa alone = new CombinedAaa(users, UserPolicy.ONLY, users);
            combined = alone;
            return alone;
        }
        RadiusAaa servers = new RadiusAaa(configuration.radius().get(), stateOf(configuration.node()),
                new DrawnRandom());
        CombinedAaa aaa = new CombinedAaa(users, configuration.radius().get().users(), servers);
        opened.push(aaa);
        combined = aaa;
        radius = servers;
        return aaa;
    }

    /** The node with a state directory of its own: two daemons in one would spoil each other's accounting records. */
    private NodeConfig stateOf(NodeConfig node) {
        StateLock lock = StateLock.of(node.stateDirectory());
        opened.push(lock);
        if (!lock.isTakenByAnother()) {
            return node;
        }
        LOG.error(
                "state-directory-in-use class=local directory={} effect=\"accounting records are kept in memory only\"",
                node.stateDirectory());
        return new NodeConfig(node.name(), NOWHERE);
    }

    void listen(Configuration configuration, OperatorServices operators) throws SystemRefusal {
        try {
            opened.push(ControlServer.start(configuration.control(), operators));
            if (configuration.metrics().listen().isPresent()) {
                opened.push(MetricsServer.start(configuration.metrics().listen().get(), operators.metrics(),
                        operators.node()));
            }
            if (configuration.snmp().isPresent()) {
                SnmpAgent agent = SnmpAgent.start(configuration, configuration.snmp().get(), operators.node(),
                        operators.metrics());
                operators.metrics().register(agent);
                opened.push(agent);
            }
        } catch (IOException refused) {
            throw new SystemRefusal(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Lets RADIUS end and change sessions (RFC 5176), where that is configured. */
    void listenForChanges(Configuration configuration, DynamicAuthorizationTarget target) throws SystemRefusal {
        RadiusConfig servers = configuration.radius().orElse(null);
        if (servers == null || servers.dynamicAuthorization().isEmpty()) {
            return;
        }
        try {
            DynamicAuthorizationServer listening = new DynamicAuthorizationServer(servers.dynamicAuthorization().get(),
                    NasIdentity.of(configuration.node().name(), servers), target);
            opened.push(listening);
            changes = listening;
        } catch (IllegalStateException refused) {
            throw new SystemRefusal(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Returns the embedded users. */
    UserTable users() {
        CombinedAaa present = combined;
        return present == null ? new UserTable(List.of()) : present.users();
    }

    /** Takes over what a reload can change: the embedded users and the RADIUS servers. */
    void reconfigure(Configuration next, UserTable users) {
        CombinedAaa present = combined;
        RadiusAaa servers = radius;
        boolean asked = servers != null && next.radius().isPresent();
        if (present != null && (asked || servers == null)) {
            present.replaceUsers(users,
                    asked ? next.radius().get().users() : UserPolicy.ONLY);
        } else if (present != null) { // the table [radius] is gone, which waits for a restart
            present.replaceUsers(users, UserPolicy.FIRST);
        }
        if (servers != null && next.radius().isPresent()) {
            servers.reconfigure(next.radius().get());
        }
    }

    /** Returns what asks RADIUS servers, null without any. */
    @Nullable
    RadiusAaa radius() { return radius; }

    /** Returns what became of the requests of RADIUS clients, null where none may ask. */
    @Nullable
    DynamicAuthorizationStatistics dynamicAuthorization() {
        DynamicAuthorizationServer listening = changes;
        return listening == null ? null : listening.statistics();
    }

    /** Returns the servers as operators see them: each once, with the counters of both services. */
    List<RadiusServerView> radiusServers(Configuration configuration) {
        RadiusAaa present = radius;
        if (present == null || configuration.radius().isEmpty()) {
            return List.of();
        }
        return RadiusViews.of(configuration.radius().get().servers(), present.authenticationStatistics(),
                present.accountingServerStatistics());
    }

    void close() {
        while (!opened.isEmpty()) {
            closeQuietly(opened.pop());
        }
    }

    /** The boundary of the stop: what cannot be closed does not keep the rest open. */
    static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception defect) {
            LOG.warn("close-failed class=bug part={} cause={}", part.getClass().getSimpleName(), defect.toString());
        }
    }
}

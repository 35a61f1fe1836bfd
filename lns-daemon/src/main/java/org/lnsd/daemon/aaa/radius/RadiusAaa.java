package org.lnsd.daemon.aaa.radius;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.Aaa;
import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.AccountingSession;
import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.UsageSupplier;
import org.lnsd.daemon.config.NodeConfig;
import org.lnsd.daemon.config.RadiusConfig;
import org.lnsd.daemon.config.RadiusServerConfig;
import org.lnsd.radius.Dictionary;
import org.lnsd.radius.RadiusPacket;
import org.lnsd.radius.client.ClientSettings;
import org.lnsd.radius.client.RadiusRequest;
import org.lnsd.radius.client.ServerPolicy;
import org.lnsd.radius.client.ServerSettings;
import org.lnsd.radius.client.ServerStatistics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Authentication and accounting by RADIUS servers, on two threads of its own. */
public final class RadiusAaa implements Aaa {
    private static final Logger LOG = LoggerFactory.getLogger(RadiusAaa.class);
    private static final int MAXIMUM_IN_FLIGHT = 4096;
    private static final int STREAM_IN_FLIGHT = 256;
    private static final int QUEUE_LIMIT = 65_536;
    private static final long PROBE_INTERVAL_NS = 2_000_000_000L;
    private static final long CLOSE_MS = 1_500;

    private final RadiusConfig config;
    private final MultiThreadIoEventLoopGroup threads;
    private final EventLoop authenticationLoop;
    private final EventLoop accountingLoop;
    private final @Nullable RadiusGroup authentication;
    private final @Nullable AccountingService accounting;
    private final AccessRequestWriter requests;
    private final AnswerReader answers;
    private final AccountingRecordWriter records;
    private final String nodeSessionId;

    /**
     * Opens the way to the servers.
     *
     * @param config the table {@code [radius]}
     * @param node the table {@code [node]}
     * @param random must not be predictable
     */
    public RadiusAaa(RadiusConfig config, NodeConfig node, RandomGenerator random) {
        this.config = config;
        this.threads = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("radius", true),
                EpollIoHandler.newFactory());
        this.authenticationLoop = threads.next();
        this.accountingLoop = threads.next();
        NasIdentity nas = new NasIdentity(node.name(), config.nasIpAddress());
        this.requests = new AccessRequestWriter(nas);
        this.answers = new AnswerReader(Dictionary.builtIn());
        this.records = new AccountingRecordWriter(nas);
        this.nodeSessionId = String.format(java.util.Locale.ROOT, "%08X%08X",
                (int) (System.currentTimeMillis() / 1000), random.nextInt());
        this.authentication = group("authentication", authenticationLoop, endpoints(false), random);
        RadiusGroup accountingGroup = group("accounting", accountingLoop, endpoints(true), random);
        this.accounting = accountingGroup == null || !config.accounting()
                ? null
                : new AccountingService(accountingLoop, accountingGroup, journal(node),
                        records, config.interimInterval(), random);
        if (accounting != null) {
            LoopTask.soon(accountingLoop, "accounting-start", accounting::start);
        }
        if (authentication != null) {
            LoopTask.every(authenticationLoop, 1, TimeUnit.SECONDS, "radius-statistics",
                    authentication::refreshStatistics);
        }
    }

    private AccountingJournal journal(NodeConfig node) {
        try {
            return DiskJournal.open(node.stateDirectory(), config.spoolMaximumBytes());
        } catch (IOException unusable) {
            LOG.error("accounting-journal-unusable class=local cause=\"{}\" consequence=\"kept in memory only\"",
                    unusable.toString());
            return new MemoryJournal(config.spoolMaximumBytes());
        }
    }

    @Override
    public void authenticate(AccessRequest request, Consumer<AccessVerdict> verdict, Executor loop) {
        RadiusGroup group = authentication;
        if (group == null) {
            loop.execute(() -> verdict.accept(new AccessVerdict.Unavailable("no server for authentication")));
            return;
        }
        String user = request.credentials().user();
        RadiusRequest written = requests.write(request, user);
        LoopTask.soon(authenticationLoop, "access-request",
                () -> group.submit(written, user, new RadiusGroup.Outcome() {
                    @Override
                    public void answered(RadiusPacket answer) {
                        AccessVerdict read = answers.read(answer, user);
                        loop.execute(() -> verdict.accept(read));
                    }

                    @Override
                    public void failed(
                            String why) { loop.execute(() -> verdict.accept(new AccessVerdict.Unavailable(why))); }
                }));
    }

    @Override
    public AccountingSession accounting(AccountingSubject subject, UsageSupplier usage, Executor loop) {
        return accounting == null
                ? AccountingSession.NONE
                : new RadiusAccountingSession(accounting, subject, usage, loop);
    }

    @Override
    public void nodeUp() {
        if (accounting != null) {
            accounting.submit(records.node(AccountingStatus.ON, nodeSessionId, System.currentTimeMillis()));
        }
    }

    @Override
    public void close() {
        if (accounting != null) {
            accounting.submit(records.node(AccountingStatus.OFF, nodeSessionId, System.currentTimeMillis()));
            awaitDelivery(accounting);
        }
        accountingLoop.submit(() -> {
            if (accounting != null) {
                accounting.close();
            }
        }).awaitUninterruptibly(CLOSE_MS);
        authenticationLoop.submit(() -> {
            if (authentication != null) {
                authentication.close();
            }
        }).awaitUninterruptibly(CLOSE_MS);
        threads.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MS);
    }

    /** The counters of the servers for authentication, in the configuration's order. */
    public List<ServerStatistics> authenticationStatistics() {
        return authentication == null ? List.of() : authentication.statistics();
    }

    /** The counters of the servers for accounting, in the configuration's order. */
    public List<ServerStatistics> accountingServerStatistics() {
        return accounting == null ? List.of() : accounting.group().statistics();
    }

    /** How accounting fares. */
    public AccountingStatistics accountingStatistics() {
        return accounting == null ? new AccountingStatistics(0, 0, 0, 0, 0) : accounting.statistics();
    }

    private void awaitDelivery(AccountingService service) {
        var delivered = accountingLoop.<Boolean>newPromise();
        accountingLoop.execute(() -> service.whenIdle(() -> delivered.trySuccess(true)));
        delivered.awaitUninterruptibly(CLOSE_MS);
    }

    private @Nullable RadiusGroup group(String kind, EventLoop loop, List<ServerEndpoint> endpoints,
            RandomGenerator random) {
        return endpoints.isEmpty()
                ? null
                : new RadiusGroup(kind, loop, settings(), endpoints, config.sourceAddress(), random);
    }

    private ClientSettings settings() {
        long timeoutNs = config.timeout().toNanos();
        // Room for all attempts to two servers, with the longest waits.
        long limitNs = Math.max(30_000_000_000L, 2 * timeoutNs * config.attempts());
        ServerPolicy policy = ServerPolicy.valueOf(config.policy().name());
        return new ClientSettings(policy, timeoutNs, config.attempts(), limitNs, config.deadTime().toNanos(),
                PROBE_INTERVAL_NS, QUEUE_LIMIT, config.requireMessageAuthenticator());
    }

    private List<ServerEndpoint> endpoints(boolean forAccounting) {
        List<ServerEndpoint> endpoints = new ArrayList<>();
        for (RadiusServerConfig server : config.servers()) {
            int udpPort = forAccounting ? server.accountingPort() : server.authenticationPort();
            if (udpPort != 0) {
                endpoints.add(endpoint(server, udpPort));
            }
        }
        return endpoints;
    }

    private ServerEndpoint endpoint(RadiusServerConfig server, int udpPort) {
        boolean stream = server.tls().isPresent();
        // RFC 6614 section 2.3: over TLS the shared secret is the word "radsec".
        byte[] secret = stream ? "radsec".getBytes(StandardCharsets.US_ASCII) : server.secret().bytes();
        ServerSettings settings = new ServerSettings(server.name(), secret, server.weight(),
                stream ? STREAM_IN_FLIGHT : MAXIMUM_IN_FLIGHT, stream, config.statusServer() && !stream);
        int port = server.tls().map(tls -> tls.port()).orElse(udpPort);
        return new ServerEndpoint(settings, new InetSocketAddress(server.address(), port), server.realms(),
                server.tls());
    }
}

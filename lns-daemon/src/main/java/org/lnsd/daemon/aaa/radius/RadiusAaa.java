package org.lnsd.daemon.aaa.radius;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private static final int STREAM_IN_FLIGHT = 256;
    private static final int QUEUE_LIMIT = 65_536;
    private static final long PROBE_INTERVAL_NS = 2_000_000_000L;
    private static final long CLOSE_MS = 1_500;
    static final long FORMER_SERVERS_MS = 30_000;

    private final MultiThreadIoEventLoopGroup threads;
    private final EventLoop authenticationLoop;
    private final EventLoop accountingLoop;
    private final RandomGenerator random;
    private volatile RadiusConfig config;
    private volatile @Nullable RadiusGroup authentication;
    private final @Nullable AccountingService accounting;
    private final AccessRequestWriter requests;
    private volatile AnswerReader answers;
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
        this.random = random;
        this.threads = new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("radius", true),
                EpollIoHandler.newFactory());
        this.authenticationLoop = threads.next();
        this.accountingLoop = threads.next();
        NasIdentity nas = NasIdentity.of(node.name(), config);
        this.requests = new AccessRequestWriter(nas);
        this.answers = answerReader(config);
        this.records = new AccountingRecordWriter(nas);
        this.nodeSessionId = String.format(java.util.Locale.ROOT, "%08X%08X",
                (int) (System.currentTimeMillis() / 1000), random.nextInt());
        this.authentication = group("authentication", authenticationLoop, config, false);
        RadiusGroup accountingGroup = group("accounting", accountingLoop, config, true);
        this.accounting = accountingGroup == null || !config.accounting()
                ? null
                : new AccountingService(accountingLoop, accountingGroup, journal(node),
                        records, config, random);
        if (accounting != null) {
            LoopTask.soon(accountingLoop, "accounting-start", accounting::start);
        }
        LoopTask.every(authenticationLoop, 1, TimeUnit.SECONDS, "radius-statistics", this::refreshStatistics);
    }

    private void refreshStatistics() {
        RadiusGroup group = authentication;
        if (group != null) {
            group.refreshStatistics();
        }
    }

    // A server that was asked without the realm may answer without it; the subscriber keeps it.
    private static AnswerReader answerReader(RadiusConfig config) {
        return new AnswerReader(BuiltInDictionary.read(),
                config.servers().stream().anyMatch(RadiusServerConfig::stripRealm));
    }

    /**
     * Takes over other servers and limits; what is under way ends with the former ones. Whether there is accounting, and its room on disk,
     * stay as they are.
     */
    public void reconfigure(RadiusConfig next) {
        if (next.equals(config)) {
            return; // what is known about the servers' health stays
        }
        config = next;
        answers = answerReader(next);
        LoopTask.soon(authenticationLoop, "radius-reload", () -> {
            RadiusGroup former = authentication;
            RadiusGroup later = group("authentication", authenticationLoop, next, false);
            if (former != null && later != null) {
                later.succeed(former);
            }
            authentication = later;
            if (former != null) {
                LoopTask.after(authenticationLoop, FORMER_SERVERS_MS, TimeUnit.MILLISECONDS, "radius-former",
                        former::close);
            }
        });
        AccountingService service = accounting;
        if (service != null) {
            LoopTask.soon(accountingLoop, "radius-reload", () -> {
                RadiusGroup group = group("accounting", accountingLoop, next, true);
                if (group != null) {
                    service.reconfigure(group, next);
                }
            });
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
        Optional<String> objection = AccessRequestWriter.objection(request.credentials());
        if (objection.isPresent()) {
            loop.execute(() -> verdict.accept(new AccessVerdict.Reject(objection.get(), Optional.empty())));
            return;
        }
        String user = request.credentials().user();
        // The servers are looked up on their loop, behind a reload that was asked for before.
        LoopTask.soon(authenticationLoop, "access-request",
                () -> submit(requests.write(request, user), user, verdict, loop));
    }

    private void submit(RadiusRequest written, String user, Consumer<AccessVerdict> verdict, Executor loop) {
        RadiusGroup group = authentication;
        if (group == null) {
            loop.execute(() -> verdict.accept(new AccessVerdict.Unavailable("no server for authentication")));
            return;
        }
        AnswerReader reader = answers;
        group.submit(written, user, new RadiusGroup.Outcome() {
            @Override
            public void answered(RadiusPacket answer) {
                AccessVerdict read = reader.read(answer, user);
                loop.execute(() -> verdict.accept(read));
            }

            @Override
            public void failed(
                    String why) { loop.execute(() -> verdict.accept(new AccessVerdict.Unavailable(why))); }
        });
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
            submitNode(accounting, AccountingStatus.ON);
        }
    }

    @Override
    public void close() {
        if (accounting != null) {
            submitNode(accounting, AccountingStatus.OFF);
            awaitDelivery(accounting);
        }
        accountingLoop.submit(() -> {
            if (accounting != null) {
                accounting.close();
            }
        }).awaitUninterruptibly(CLOSE_MS);
        authenticationLoop.submit(() -> {
            RadiusGroup group = authentication;
            if (group != null) {
                group.close();
            }
        }).awaitUninterruptibly(CLOSE_MS);
        threads.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MS);
    }

    /** The counters of the servers for authentication, in the configuration's order. */
    public List<ServerStatistics> authenticationStatistics() {
        RadiusGroup group = authentication;
        return group == null ? List.of() : group.statistics();
    }

    /** The counters of the servers for accounting, in the configuration's order. */
    public List<ServerStatistics> accountingServerStatistics() {
        return accounting == null ? List.of() : accounting.group().statistics();
    }

    /** How accounting fares. */
    public AccountingStatistics accountingStatistics() {
        return accounting == null ? new AccountingStatistics(0, 0, 0, 0, 0) : accounting.statistics();
    }

    private void submitNode(AccountingService service, AccountingStatus status) {
        AccountingRecord record = records.node(status, nodeSessionId, System.currentTimeMillis());
        service.submit(() -> record);
    }

    private void awaitDelivery(AccountingService service) {
        var delivered = accountingLoop.<Boolean>newPromise();
        accountingLoop.execute(() -> service.whenIdle(() -> delivered.trySuccess(true)));
        delivered.awaitUninterruptibly(CLOSE_MS);
    }

    private @Nullable RadiusGroup group(String kind, EventLoop loop, RadiusConfig from, boolean forAccounting) {
        List<ServerEndpoint> endpoints = endpoints(from, forAccounting);
        return endpoints.isEmpty()
                ? null
                : new RadiusGroup(kind, loop, settings(from), endpoints, from.sourceAddress(), random);
    }

    private static ClientSettings settings(RadiusConfig config) {
        long timeoutNs = config.timeout().toNanos();
        // Room for all attempts to two servers, with the longest waits.
        long limitNs = Math.max(30_000_000_000L, 2 * timeoutNs * config.attempts());
        ServerPolicy policy = ServerPolicy.valueOf(config.policy().name());
        return new ClientSettings(policy, timeoutNs, config.attempts(), limitNs, config.deadTime().toNanos(),
                PROBE_INTERVAL_NS, QUEUE_LIMIT, config.requireMessageAuthenticator());
    }

    private static List<ServerEndpoint> endpoints(RadiusConfig config, boolean forAccounting) {
        List<ServerEndpoint> endpoints = new ArrayList<>();
        for (RadiusServerConfig server : config.servers()) {
            int udpPort = forAccounting ? server.accountingPort() : server.authenticationPort();
            if (udpPort != 0) {
                endpoints.add(endpoint(config, server, udpPort));
            }
        }
        return endpoints;
    }

    private static ServerEndpoint endpoint(RadiusConfig config, RadiusServerConfig server, int udpPort) {
        boolean stream = server.tls().isPresent();
        // RFC 6614 section 2.3: over TLS the shared secret is the word "radsec".
        byte[] secret = stream ? "radsec".getBytes(StandardCharsets.US_ASCII) : server.secret().bytes();
        ServerSettings settings = new ServerSettings(server.name(), secret, server.weight(),
                stream ? Math.min(STREAM_IN_FLIGHT, server.maximumInFlight()) : server.maximumInFlight(), stream,
                config.statusServer() && !stream, server.stripRealm());
        int port = server.tls().map(tls -> tls.port()).orElse(udpPort);
        return new ServerEndpoint(settings, new InetSocketAddress(server.address(), port), server.realms(),
                server.tls());
    }
}

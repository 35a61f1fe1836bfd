package org.lnsd.daemon.aaa.radius;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.radius.RadiusPacket;
import org.lnsd.radius.client.ClientEvent;
import org.lnsd.radius.client.ClientSettings;
import org.lnsd.radius.client.RadiusClient;
import org.lnsd.radius.client.RadiusRequest;
import org.lnsd.radius.client.RadiusTransmit;
import org.lnsd.radius.client.ServerStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;

/** The shell around the client machine of a group of servers: its sockets, its timer, its log. All methods but {@link #statistics} on the loop. */
final class RadiusGroup implements ServerTransport.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(RadiusGroup.class);

    /** What is done with the outcome of a request. Called on the loop. */
    interface Outcome {
        /** The answer. */
        void answered(RadiusPacket answer);

        /** There is none. */
        void failed(String why);
    }

    private final String kind;
    private final EventLoop loop;
    private final List<ServerEndpoint> endpoints;
    private final RadiusClient<Outcome> client;
    private final List<ServerTransport> transports = new ArrayList<>();
    private final DropLog drops;
    private volatile List<ServerStatistics> statistics;
    private @Nullable Future<?> timer;
    private long timerNs = Long.MAX_VALUE;
    private Runnable onServerAlive = () -> {};
    private boolean draining;
    /** Servers for which something was written, a bit each. */
    private long unflushed;

    RadiusGroup(String kind, EventLoop loop, ClientSettings settings, List<ServerEndpoint> endpoints,
            Optional<InetAddress> source, RandomGenerator random) {
        this.kind = kind;
        this.loop = loop;
        this.endpoints = List.copyOf(endpoints);
        this.client = new RadiusClient<>(settings, endpoints.stream().map(ServerEndpoint::settings).toList(), random,
                PooledByteBufAllocator.DEFAULT);
        this.drops = new DropLog(kind);
        this.statistics = client.statistics();
        for (ServerEndpoint endpoint : endpoints) {
            int server = transports.size();
            transports.add(endpoint.tls().isPresent()
                    ? new TlsTransport(server, loop, endpoint, source, this)
                    : new UdpTransport(server, loop, endpoint.address(), source, this));
        }
    }

    /** Sets what is done when a server answers again. */
    void onServerAlive(Runnable action) { onServerAlive = action; }

    /** Asks the servers that are for the realm of {@code user}. */
    void submit(RadiusRequest request, String user, Outcome outcome) {
        client.submit(outcome, request, eligibleServers(user), System.nanoTime());
        drain();
    }

    /** Takes the place of another group on the same loop: the counters of servers that stay go on. */
    void succeed(RadiusGroup former) {
        client.countOnFrom(former.client);
        refreshStatistics();
    }

    int inFlight() { return client.inFlight(); }

    int queued() { return client.queued(); }

    /** The counters, at most a second old. From any thread. */
    List<ServerStatistics> statistics() {
        return statistics;
    }

    void refreshStatistics() { statistics = client.statistics(); }

    void close() {
        client.abandonAll().forEach(outcome -> outcome.failed("shutting down"));
        transports.forEach(ServerTransport::close);
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void onDatagram(int server, int socket, ByteBuf datagram) {
        client.onDatagram(server, socket, datagram, System.nanoTime());
        drain();
    }

    @Override
    public void onUnreachable(int server) {
        client.onUnreachable(server, System.nanoTime());
        drain();
    }

    @Override
    public void onConnected(int server) {
        client.onConnected(server, System.nanoTime());
        drain();
    }

    @Override
    public void onDisconnected(int server) {
        client.onDisconnected(server, System.nanoTime());
        drain();
    }

    private long eligibleServers(String user) {
        long forRealm = 0;
        long forAll = 0;
        for (int i = 0; i < endpoints.size(); i++) {
            if (endpoints.get(i).realms().isEmpty()) {
                forAll |= 1L << i;
            } else if (endpoints.get(i).isForRealmOf(user)) {
                forRealm |= 1L << i;
            }
        }
        return forRealm != 0 ? forRealm : forAll;
    }

    private void onTimer() {
        timer = null;
        timerNs = Long.MAX_VALUE;
        client.onTimeout(System.nanoTime());
        drain();
    }

    // An outcome may ask again: the outer call takes what that gives.
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            drainAll();
        } finally {
            draining = false;
        }
        arm();
    }

    private void drainAll() {
        ClientEvent<Outcome> event = client.pollEvent();
        RadiusTransmit transmit = client.pollTransmit();
        while (event != null || transmit != null) {
            if (transmit != null) {
                transports.get(transmit.server()).send(transmit.socket(), transmit.packet());
                flushLater(transmit.server());
            }
            if (event != null) {
                handle(event);
            }
            event = client.pollEvent();
            transmit = client.pollTransmit();
        }
    }

    /** Behind what waits on the loop now, so that all of it goes out by one system call. */
    private void flushLater(int server) {
        if (unflushed == 0) {
            LoopTask.soon(loop, "radius-flush", this::flush);
        }
        unflushed |= 1L << server;
    }

    private void flush() {
        long waiting = unflushed;
        unflushed = 0;
        for (int server = 0; server < transports.size(); server++) {
            if ((waiting >>> server & 1) != 0) {
                transports.get(server).flush();
            }
        }
    }

    private void handle(ClientEvent<Outcome> event) {
        switch (event) {
            case ClientEvent.Answered<Outcome> answered -> answered.context().answered(answered.answer());
            case ClientEvent.Failed<Outcome> failed -> failed.context().failed(failed.why());
            case ClientEvent.ServerDead<Outcome> dead ->
                LOG.warn("radius-server-dead kind={} server={}", kind, name(dead.server()));
            case ClientEvent.ServerAlive<Outcome> alive -> {
                LOG.info("radius-server-alive kind={} server={}", kind, name(alive.server()));
                onServerAlive.run();
            }
            case ClientEvent.Dropped<Outcome> dropped -> drops.tell(name(dropped.server()), dropped.reason());
        }
    }

    private String name(int server) { return endpoints.get(server).settings().name(); }

    private void arm() {
        long nextNs = client.nextDeadlineNs();
        if (nextNs >= timerNs) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerNs = nextNs;
        timer = loop.schedule(this::onTimer, Math.max(0, nextNs - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
}

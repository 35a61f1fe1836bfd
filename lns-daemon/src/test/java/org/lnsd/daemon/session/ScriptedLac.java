package org.lnsd.daemon.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.loop.Timed;
import org.lnsd.daemon.loop.VirtualLoop;
import org.lnsd.daemon.tunnel.TunnelService;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.tunnel.Tunnel;
import org.lnsd.l2tp.tunnel.TunnelEvent;
import org.lnsd.l2tp.tunnel.TunnelSettings;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.NetworkSettings;
import org.lnsd.ppp.link.PppLink;

/** A LAC with subscribers behind it: the client ends of the same machines that the daemon uses. */
final class ScriptedLac extends Timed {

    static final InetSocketAddress LNS = new InetSocketAddress("192.0.2.1", 1701);

    final InetSocketAddress address;
    final Tunnel tunnel;
    final List<TunnelEvent> tunnelEvents = new ArrayList<>();
    final Map<Integer, Subscriber> subscribers = new LinkedHashMap<>();
    boolean silent;
    private final VirtualLoop loop;
    private final DeadlineTable deadlines;
    private final MemoryForwarding forwarding;
    private final TunnelService service;
    private final Random random = new Random(11);

    ScriptedLac(Scenario scenario, InetSocketAddress address, String hostName) {
        this(scenario, address, hostName, Optional.empty());
    }

    ScriptedLac(Scenario scenario, InetSocketAddress address, String hostName, Optional<String> secret) {
        this.address = address;
        this.loop = scenario.loop;
        this.deadlines = scenario.deadlines;
        this.forwarding = scenario.forwarding;
        this.service = scenario.tunnels;
        this.tunnel = Tunnel.initiate(settings(hostName, secret), 4711, random,
                UnpooledByteBufAllocator.DEFAULT);
        forwarding.lacs.put(address, this);
    }

    private static TunnelSettings settings(String hostName, Optional<String> secret) {
        TunnelSettings.Builder settings = TunnelSettings.builder(hostName).helloIntervalNs(0);
        secret.ifPresent(text -> settings.secret(Secret.of(text), false));
        return settings.build();
    }

    /** A subscriber's line, as its modem sees it. */
    static final class Subscriber {
        PppLink link;
        final List<LinkEvent> events = new ArrayList<>();
        int peerSessionId;
        boolean connected;
        boolean deaf;
        @Nullable
        CallDisconnect ended;
        final CallParameters parameters;
        /** What it asks for once its call is connected. */
        NetworkSettings networks = new NetworkSettings(
                Optional.of(new NetworkSettings.Ipv4(Scenario.ANY, Scenario.ANY, List.of(), List.of())),
                Optional.of(new NetworkSettings.Ipv6(0, 0)));

        Subscriber(PppLink link, CallParameters parameters) {
            this.link = link;
            this.parameters = parameters;
        }

        boolean has(Class<? extends LinkEvent> type) { return events.stream().anyMatch(type::isInstance); }

        LinkEvent.Ipv4Up ipv4() {
            return events.stream().filter(LinkEvent.Ipv4Up.class::isInstance).map(LinkEvent.Ipv4Up.class::cast)
                    .findFirst().orElseThrow(() -> new AssertionError("no IPv4 among " + events));
        }
    }

    void open() {
        tunnel.open(loop.nowNs());
        drain();
    }

    Subscriber call(String user, String password) { return call(LinkSettings.client(user, password).build()); }

    /** What the links of alice's bundle say. */
    static LinkSettings.Builder multilink() {
        return LinkSettings.client("alice", "secret").mrru(1500).endpointDiscriminator(List.of((byte) 1, (byte) 7));
    }

    Subscriber call(LinkSettings settings) {
        return call(settings, CallParameters.of(CallParameters.SYNCHRONOUS, 80_000_000));
    }

    Subscriber call(LinkSettings settings, CallParameters parameters) {
        int id = tunnel.placeIncomingCall(IncomingCall.of(subscribers.size() + 1, "called", "calling"), loop.nowNs());
        Subscriber subscriber = new Subscriber(new PppLink(settings, random, UnpooledByteBufAllocator.DEFAULT),
                parameters);
        subscribers.put(id, subscriber);
        drain();
        return subscriber;
    }

    void hangUp(Subscriber subscriber, ResultCode result) {
        subscribers.forEach((id, other) -> {
            if (other == subscriber) {
                tunnel.hangUp(id, CallDisconnect.of(result, "test"), loop.nowNs());
            }
        });
        drain();
    }

    void close() {
        tunnel.close(ResultCode.STOP_CLEAR, ErrorCode.NONE, "", loop.nowNs());
        drain();
    }

    void onControl(ByteBuf message) {
        if (!silent) {
            tunnel.onDatagram(message, loop.nowNs());
            drain();
        }
    }

    void onFrame(int sessionId, ByteBuf frame) {
        Subscriber subscriber = subscribers.get(sessionId);
        if (subscriber != null && !silent && !subscriber.deaf) {
            subscriber.link.onFrame(frame, loop.nowNs());
            drain();
        }
    }

    boolean isOpen() {
        return tunnelEvents.stream().anyMatch(TunnelEvent.Opened.class::isInstance)
                && tunnelEvents.stream().noneMatch(TunnelEvent.Closed.class::isInstance);
    }

    @Override
    public long nextDeadlineNs() {
        long deadlineNs = tunnel.nextDeadlineNs();
        for (Subscriber subscriber : subscribers.values()) {
            deadlineNs = Math.min(deadlineNs, subscriber.link.nextDeadlineNs());
        }
        return deadlineNs;
    }

    @Override
    public void onDeadline(long nowNs) {
        if (tunnel.nextDeadlineNs() <= nowNs) {
            tunnel.onTimeout(nowNs);
        }
        subscribers.values().forEach(subscriber -> {
            if (subscriber.link.nextDeadlineNs() <= nowNs) {
                subscriber.link.onTimeout(nowNs);
            }
        });
        drain();
    }

    void drain() {
        drainTunnel();
        subscribers.forEach((id, subscriber) -> drainLink(subscriber));
        deadlines.update(this);
    }

    private void drainTunnel() {
        @Nullable
        TunnelEvent event;
        do {
            for (ByteBuf message = tunnel.pollTransmit(); message != null; message = tunnel.pollTransmit()) {
                ByteBuf owned = message;
                loop.execute(() -> {
                    if (!silent) {
                        service.onControl(LNS, address, owned, loop.nowNs());
                    }
                    owned.release();
                });
            }
            event = tunnel.pollEvent();
            if (event != null) {
                tunnelEvents.add(event);
                handle(event);
            }
        } while (event != null);
    }

    private void handle(TunnelEvent event) {
        long nowNs = loop.nowNs();
        switch (event) {
            case TunnelEvent.CallAnswered(int id, int peerSessionId) -> {
                Subscriber subscriber = subscriber(id);
                subscriber.peerSessionId = peerSessionId;
                tunnel.connectIncomingCall(id, subscriber.parameters, nowNs);
            }
            case TunnelEvent.CallConnected connected -> {
                Subscriber subscriber = subscriber(connected.localSessionId());
                subscriber.peerSessionId = connected.peerSessionId();
                subscriber.connected = true;
                subscriber.link.openNetworks(subscriber.networks, nowNs);
                subscriber.link.start(nowNs);
            }
            case TunnelEvent.CallEnded(int id, CallDisconnect cause, boolean _) -> {
                Subscriber subscriber = subscriber(id);
                subscriber.ended = cause;
                subscriber.link.lowerDown(nowNs);
            }
            default -> {
                // kept for the test to look at
            }
        }
    }

    private Subscriber subscriber(int id) {
        Subscriber subscriber = subscribers.get(id);
        if (subscriber == null) {
            throw new AssertionError("no subscriber " + id);
        }
        return subscriber;
    }

    private void drainLink(Subscriber subscriber) {
        @Nullable
        LinkEvent event;
        do {
            for (ByteBuf frame = subscriber.link.pollTransmit(); frame != null; frame = subscriber.link
                    .pollTransmit()) {
                ByteBuf owned = frame;
                loop.execute(() -> {
                    if (!silent && !subscriber.deaf) {
                        forwarding.arrive(tunnel.peerTunnelId(), subscriber.peerSessionId, owned);
                    }
                    owned.release();
                });
            }
            event = subscriber.link.pollEvent();
            if (event != null) {
                subscriber.events.add(event);
            }
        } while (event != null);
    }
}

package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.ForwardingCounters;
import org.lnsd.daemon.forwarding.Networks;
import org.lnsd.daemon.forwarding.PuntSink;
import org.lnsd.daemon.forwarding.SessionCounters;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.loop.Timed;
import org.lnsd.daemon.loop.VirtualLoop;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.tunnel.Tunnel;
import org.lnsd.l2tp.tunnel.TunnelEvent;
import org.lnsd.l2tp.tunnel.TunnelSettings;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.CredentialVerifier;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.NetworkSettings;
import org.lnsd.ppp.link.PppLink;

/** An LNS made of the product's machines, joined to an emulator by a wire in memory that can lose messages. */
final class TestLns implements Forwarding {

    private static final int NETWORK = 0x64400000;

    final List<CallParameters> calls = new ArrayList<>();
    final List<CallDisconnect> ended = new ArrayList<>();
    final Map<Integer, Networks> attached = new HashMap<>();
    int tunnelsClosed;
    private final VirtualLoop loop;
    private final Random random;
    private final TunnelSettings tunnelSettings;
    private final LinkSettings linkSettings;
    private final String password;
    private final double loss;
    private final Map<Integer, LnsTunnel> tunnels = new HashMap<>();
    private final Map<Integer, SessionPath> paths = new HashMap<>();
    private final Map<Integer, PuntSink> sinks = new HashMap<>();
    private final Map<Integer, LnsLink> links = new HashMap<>();
    private Emulator emulator;
    private int nextRow;
    private int nextHost = 1;

    TestLns(VirtualLoop loop, long seed, double loss, TunnelSettings tunnelSettings, LinkSettings linkSettings,
            String password) {
        this.loop = loop;
        this.random = new Random(seed);
        this.loss = loss;
        this.tunnelSettings = tunnelSettings;
        this.linkSettings = linkSettings;
        this.password = password;
    }

    void serve(Emulator lac) { emulator = lac; }

    int openRows() { return paths.size(); }

    private boolean lost() { return random.nextDouble() < loss; }

    // ---- what the emulator sends

    @Override
    public void sendControl(TunnelPath path, ByteBuf message) {
        loop.execute(() -> {
            if (!lost()) {
                LnsTunnel tunnel = tunnels.computeIfAbsent(path.localTunnelId(),
                        id -> new LnsTunnel(path, tunnels.size() + 1));
                tunnel.machine.onDatagram(message, loop.nowNs());
                tunnel.drain();
            }
            message.release();
        });
    }

    @Override
    public void sendFrame(int row, ByteBuf frame) {
        SessionPath path = paths.get(row);
        loop.execute(() -> {
            LnsLink link = path == null ? null : links.get(path.tunnel().localTunnelId() << 16 | path.peerSessionId());
            if (link != null && !lost()) {
                link.machine.onFrame(frame, loop.nowNs());
                link.drain();
            }
            frame.release();
        });
    }

    @Override
    public int install(SessionPath path, PuntSink sink) {
        paths.put(nextRow, path);
        sinks.put(nextRow, sink);
        return nextRow++;
    }

    @Override
    public void update(int row, SessionPath path) { paths.put(row, path); }

    @Override
    public void attach(int row, Networks networks) { attached.put(row, networks); }

    @Override
    public void detach(int row) { attached.remove(row); }

    @Override
    public void remove(int row) {
        paths.remove(row);
        attached.remove(row);
    }

    @Override
    public void read(int row, SessionCounters into) {
        // carries no packets
    }

    @Override
    public void injectDown(int row, ByteBuf ipPacket) { ipPacket.release(); }

    @Override
    public ForwardingCounters counters() { throw new UnsupportedOperationException(); }

    @Override
    public void close() {
        // nothing is held
    }

    /** The LNS hangs a session up, the first that there is. */
    void hangUpFirst() {
        links.values().iterator().next().machine.close("told to", loop.nowNs());
        List.copyOf(links.values()).forEach(LnsLink::drain);
    }

    /** One tunnel of the LNS. */
    private final class LnsTunnel extends Timed {
        final Tunnel machine;
        final TunnelPath lacPath;

        LnsTunnel(TunnelPath lacPath, int localTunnelId) {
            this.lacPath = lacPath;
            machine = Tunnel.accept(tunnelSettings, localTunnelId, random, UnpooledByteBufAllocator.DEFAULT);
        }

        void drain() {
            sendAll();
            for (TunnelEvent event = machine.pollEvent(); event != null; event = machine.pollEvent()) {
                on(event);
                sendAll();
            }
            emulator.deadlines().update(this);
        }

        private void sendAll() {
            for (ByteBuf message = machine.pollTransmit(); message != null; message = machine.pollTransmit()) {
                ByteBuf owned = message;
                loop.execute(() -> {
                    if (!lost()) {
                        emulator.onControl(lacPath.local(), lacPath.peer(), owned, loop.nowNs());
                    }
                    owned.release();
                });
            }
        }

        private void on(TunnelEvent event) {
            switch (event) {
                case TunnelEvent.CallOffered(int localSessionId, _) -> machine.acceptCall(localSessionId, loop.nowNs());
                case TunnelEvent.CallConnected(int localSessionId, int peerSessionId, CallParameters parameters) -> {
                    calls.add(parameters);
                    LnsLink link = new LnsLink(this, localSessionId, peerSessionId);
                    links.put(lacPath.localTunnelId() << 16 | localSessionId, link);
                    link.machine.start(loop.nowNs());
                    link.drain();
                }
                case TunnelEvent.CallEnded(int localSessionId, CallDisconnect cause, _) -> {
                    ended.add(cause);
                    LnsLink link = links.remove(lacPath.localTunnelId() << 16 | localSessionId);
                    if (link != null) {
                        link.machine.lowerDown(loop.nowNs());
                        link.drain();
                        emulator.deadlines().remove(link);
                    }
                }
                case TunnelEvent.Closed _ -> tunnelsClosed++;
                default -> {
                    // the rest is not looked at
                }
            }
        }

        @Override
        public long nextDeadlineNs() { return machine.nextDeadlineNs(); }

        @Override
        public void onDeadline(long nowNs) {
            machine.onTimeout(nowNs);
            drain();
        }
    }

    /** One link of the LNS. */
    private final class LnsLink extends Timed {
        final PppLink machine = new PppLink(linkSettings, random, UnpooledByteBufAllocator.DEFAULT);
        final LnsTunnel tunnel;
        final int localSessionId;
        final int lacSessionId;

        LnsLink(LnsTunnel tunnel, int localSessionId, int lacSessionId) {
            this.tunnel = tunnel;
            this.localSessionId = localSessionId;
            this.lacSessionId = lacSessionId;
        }

        void drain() {
            sendAll();
            for (LinkEvent event = machine.pollEvent(); event != null; event = machine.pollEvent()) {
                on(event);
                sendAll();
            }
            emulator.deadlines().update(this);
        }

        private void sendAll() {
            for (ByteBuf frame = machine.pollTransmit(); frame != null; frame = machine.pollTransmit()) {
                ByteBuf owned = frame;
                loop.execute(() -> {
                    paths.entrySet().stream().filter(entry -> isOurs(entry.getValue())).map(Map.Entry::getKey)
                            .findFirst()
                            .filter(row -> !lost()).ifPresent(row -> sinks.get(row).onFrame(row, owned, loop.nowNs()));
                    owned.release();
                });
            }
        }

        private boolean isOurs(SessionPath path) {
            return path.tunnel().localTunnelId() == tunnel.lacPath.localTunnelId()
                    && path.localSessionId() == lacSessionId;
        }

        private void on(LinkEvent event) {
            switch (event) {
                case LinkEvent.AuthenticationRequested(var credentials) -> {
                    switch (CredentialVerifier.verify(credentials, password)) {
                        case AuthenticationResult.Success success -> accept(success);
                        case AuthenticationResult.Failure(String message) ->
                            machine.authenticationFailed(message, loop.nowNs());
                    }
                }
                case LinkEvent.Down _ -> tunnel.machine.hangUp(localSessionId,
                        CallDisconnect.of(ResultCode.CDN_LOST_CARRIER, "PPP is over"), loop.nowNs());
                default -> {
                    // the rest is not looked at
                }
            }
            loop.execute(tunnel::drain);
        }

        private void accept(AuthenticationResult.Success success) {
            Inet4Address peer = IpAddresses.ofInt(NETWORK + ++nextHost);
            machine.openNetworks(new NetworkSettings(
                    Optional.of(new NetworkSettings.Ipv4(IpAddresses.ofInt(NETWORK + 1), peer, List.of(), List.of())),
                    Optional.empty()), loop.nowNs());
            machine.authenticationSucceeded(success, loop.nowNs());
        }

        @Override
        public long nextDeadlineNs() { return machine.nextDeadlineNs(); }

        @Override
        public void onDeadline(long nowNs) {
            machine.onTimeout(nowNs);
            drain();
        }
    }
}

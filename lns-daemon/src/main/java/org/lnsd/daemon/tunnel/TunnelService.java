package org.lnsd.daemon.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.config.L2tpConfig;
import org.lnsd.daemon.forwarding.ControlSink;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.loop.DeadlineTable;
import org.lnsd.daemon.loop.TokenBucket;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.session.SessionCounts;
import org.lnsd.daemon.session.SessionEnd;
import org.lnsd.daemon.session.SessionService;
import org.lnsd.daemon.session.SessionServices;
import org.lnsd.l2tp.header.ControlHeader;
import org.lnsd.l2tp.header.L2tpDataHeader;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.SccrqPeek;
import org.lnsd.l2tp.message.StatelessReply;
import org.lnsd.l2tp.tunnel.CloseOrigin;
import org.lnsd.l2tp.tunnel.Tunnel;
import org.lnsd.l2tp.tunnel.TunnelEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All tunnels: finds the one that a control message belongs to, lets configured LACs open new ones, and keeps the number
 * of those that are not established small, whatever a flood of SCCRQ may come from forged addresses.
 */
public final class TunnelService implements ControlSink {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelService.class);
    private static final int CONTROL_HEADER_BYTES = 12;
    private static final int CONTROL_FLAGS = L2tpDataHeader.TYPE_BIT | L2tpDataHeader.LENGTH_BIT
            | L2tpDataHeader.SEQUENCE_BIT;
    private static final int TUNNEL_ID_OFFSET = 4;
    private static final int REFUSALS_PER_SECOND = 50;
    private static final int LOG_LINES_PER_SECOND = 5;

    private final SessionService sessionService;
    private final SessionServices services;
    private final RandomGenerator random;
    private final IdAllocator ids;
    private final Map<Integer, LnsTunnel> tunnels = new ConcurrentHashMap<>();
    private final Map<Opening, LnsTunnel> openings = new HashMap<>();
    private final LinkedHashSet<LnsTunnel> halfOpen = new LinkedHashSet<>();
    private final Map<String, Integer> establishedOf = new HashMap<>();
    private final TunnelNotebook notebook;
    private final TokenBucket refusals;
    private final TokenBucket logLines;
    private long unlogged;
    private int establishedCount;
    private volatile PeerDirectory peers;
    private boolean stopping;

    /** What tells a repeated SCCRQ: where it comes from and the id that the peer assigned; the hash of all its octets is extra. */
    record Opening(InetSocketAddress peer, int peerTunnelId, int contentHash) {

        Opening(InetSocketAddress peer, int peerTunnelId) { this(peer, peerTunnelId, 0); }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Opening opening && peerTunnelId == opening.peerTunnelId
                    && peer.equals(opening.peer);
        }

        @Override
        public int hashCode() { return 31 * peer.hashCode() + peerTunnelId; }
    }

    /** Begins without tunnels. */
    public TunnelService(SessionService sessionService, RandomGenerator random) {
        this.sessionService = sessionService;
        this.services = sessionService.services();
        this.random = random;
        this.ids = new IdAllocator(random);
        this.notebook = TunnelNotebook.open(sessionService.settings().configuration().node().stateDirectory());
        this.peers = PeerDirectory.of(sessionService.settings().configuration());
        long nowNs = services.loop().nowNs();
        this.refusals = new TokenBucket(REFUSALS_PER_SECOND, REFUSALS_PER_SECOND, nowNs);
        this.logLines = new TokenBucket(LOG_LINES_PER_SECOND, LOG_LINES_PER_SECOND, nowNs);
    }

    // ---- for operators ----------------------------------------------------------------------------------------------

    /** Returns all tunnels but those that only acknowledge their peer's StopCCN a while longer. */
    public Collection<LnsTunnel> all() {
        return tunnels.values().stream().filter(tunnel -> !tunnel.isOver()).toList();
    }

    /** Returns the tunnel with our id. */
    public Optional<LnsTunnel> find(int localTunnelId) {
        return Optional.ofNullable(tunnels.get(localTunnelId));
    }

    /** Takes over who may open tunnels; those that are open stay. */
    public void peers(PeerDirectory next) {
        peers = next;
    }

    /** Ends a tunnel and its sessions. On the loop. */
    public boolean clear(int localTunnelId, String reason) {
        LnsTunnel tunnel = tunnels.get(localTunnelId);
        if (tunnel == null) {
            return false;
        }
        tunnel.close(ResultCode.STOP_CLEAR, ErrorCode.NONE, reason, SessionEnd.cleared(reason),
                services.loop().nowNs());
        return true;
    }

    /** Sends StopCCN on every tunnel whose messages are all acknowledged, or on every tunnel when {@code anyway}. */
    public void stopQuiet(boolean anyway) {
        stopping = true;
        for (LnsTunnel tunnel : new ArrayList<>(tunnels.values())) {
            if (anyway || tunnel.isQuiet()) {
                tunnel.stop(ResultCode.STOP_SHUTTING_DOWN, ErrorCode.NONE, "server is going down",
                        services.loop().nowNs());
            }
        }
    }

    /** Returns whether no tunnel is left that could still take a call. */
    public boolean allStopped() {
        return tunnels.values().stream().allMatch(LnsTunnel::isStopped);
    }

    /** Returns whether every peer has acknowledged all that it was sent. */
    public boolean allQuiet() {
        return tunnels.values().stream().allMatch(LnsTunnel::isQuiet);
    }

    /** Refuses new tunnels from now on. */
    public void stopping() { stopping = true; }

    // ---- control messages -------------------------------------------------------------------------------------------

    @Override
    public void onControl(InetSocketAddress local, InetSocketAddress peer, ByteBuf datagram, long nowNs) {
        if (datagram.readableBytes() < CONTROL_HEADER_BYTES) {
            services.counts().count("control-malformed");
            return;
        }
        int flags = L2tpDataHeader.flags(datagram, datagram.readerIndex());
        if ((flags & CONTROL_FLAGS) != CONTROL_FLAGS
                || (flags & L2tpDataHeader.VERSION_MASK) != L2tpDataHeader.VERSION) {
            services.counts().count("control-malformed");
            return;
        }
        int tunnelId = datagram.getUnsignedShort(datagram.readerIndex() + TUNNEL_ID_OFFSET);
        if (tunnelId == 0) {
            onOpening(local, peer, datagram, nowNs);
            return;
        }
        LnsTunnel tunnel = tunnels.get(tunnelId);
        if (tunnel == null) {
            services.counts().count("control-unknown-tunnel");
            onLostTunnel(local, peer, datagram, nowNs);
        } else if (!tunnel.path().peer().equals(peer)) {
            services.counts().count("control-wrong-peer");
        } else {
            tunnel.onDatagram(datagram, nowNs);
        }
    }

    /** A LAC may not have noticed that this process is not the one that it had its tunnel with. */
    private void onLostTunnel(InetSocketAddress local, InetSocketAddress peer, ByteBuf datagram, long nowNs) {
        ControlHeader header = ControlHeader.read(datagram);
        TunnelNotebook.Former former = notebook.former(header.tunnelId());
        if (former == null || !former.peer().equals(peer) || header.isZeroLengthBody() || !refusals.take(nowNs)) {
            return;
        }
        services.counts().count("tunnel-of-former-process");
        services.forwarding().sendControl(new TunnelPath(local, peer, header.tunnelId(), former.peerTunnelId()),
                StatelessReply.reset(services.allocator(), header, former.peerTunnelId(), "the LNS has restarted"));
        if (logLines.take(nowNs)) {
            LOG.info("tunnel-of-former-process class=local tunnel={} address={}", header.tunnelId(),
                    LnsTunnel.text(peer));
        }
    }

    private void onOpening(InetSocketAddress local, InetSocketAddress peer, ByteBuf datagram, long nowNs) {
        switch (SccrqPeek.of(datagram, Optional.empty())) {
            case SccrqPeek.Unusable _ -> services.counts().count("control-malformed");
            case SccrqPeek.Farewell farewell -> onFarewell(new Opening(peer, farewell.assignedTunnelId()), datagram,
                    nowNs);
            case SccrqPeek.Request request -> onSccrq(local, peer, request, datagram, nowNs);
        }
    }

    private void onFarewell(Opening opening, ByteBuf datagram, long nowNs) {
        LnsTunnel known = openings.get(opening);
        if (known == null) {
            services.counts().count("control-unknown-tunnel");
        } else {
            known.onDatagram(datagram, nowNs);
        }
    }

    private void onSccrq(InetSocketAddress local, InetSocketAddress peer, SccrqPeek.Request visible, ByteBuf datagram,
            long nowNs) {
        services.counts().count("sccrq");
        PeerDirectory.Entry entry = peers.find(peer.getAddress(), visible.hostName());
        SccrqPeek.Request request = revealed(visible, entry, datagram);
        Opening opening = new Opening(peer, request.assignedTunnelId(), ByteBufUtil.hashCode(datagram));
        LnsTunnel known = request.assignedTunnelId() == 0 ? null : openings.get(opening);
        if (known != null && known.isRepeatedBy(opening, nowNs)) {
            known.onDatagram(datagram, nowNs);
            return;
        }
        Refusal refusal = refusal(entry);
        if (refusal != null || entry == null) {
            refuse(local, peer, request, refusal == null ? Refusal.UNKNOWN_PEER : refusal, nowNs);
            return;
        }
        int localTunnelId = ids.take();
        if (localTunnelId == 0) {
            refuse(local, peer, request, Refusal.TOO_MANY, nowNs);
            return;
        }
        if (known != null && halfOpen.contains(known)) {
            known.discard("the LAC opens it anew", nowNs);
        }
        Tunnel machine = Tunnel.accept(entry.settings(), localTunnelId, random, services.allocator());
        open(new LnsTunnel(this, machine, entry.peer(), local, opening, nowNs), datagram, nowNs);
    }

    /** A LAC may hide even its tunnel id, which tells its tunnels apart. */
    private static SccrqPeek.Request revealed(SccrqPeek.Request visible, PeerDirectory.@Nullable Entry entry,
            ByteBuf datagram) {
        return visible.assignedTunnelId() == 0 && entry != null && entry.settings().secret().isPresent()
                && SccrqPeek.of(datagram, entry.settings().secret()) instanceof SccrqPeek.Request request
                        ? request
                        : visible;
    }

    private void open(LnsTunnel tunnel, ByteBuf datagram, long nowNs) {
        tunnels.put(tunnel.path().localTunnelId(), tunnel);
        openings.put(tunnel.opening(), tunnel);
        halfOpen.add(tunnel);
        if (halfOpen.size() > limits().maximumHalfOpen()) {
            services.counts().count("tunnel-half-open-evicted");
            halfOpen.getFirst().discard("too many half-open tunnels", nowNs);
        }
        tunnel.onDatagram(datagram, nowNs);
    }

    /** Why a SCCRQ is refused, and what its sender is told. */
    private record Refusal(ResultCode result, ErrorCode error, String text) {

        static final Refusal UNKNOWN_PEER = new Refusal(ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE,
                "not authorized to open a tunnel");
        static final Refusal TOO_MANY = new Refusal(ResultCode.STOP_GENERAL_ERROR, ErrorCode.NO_RESOURCES,
                "maximum-tunnels reached, try another or later");
        static final Refusal STOPPING = new Refusal(ResultCode.STOP_SHUTTING_DOWN, ErrorCode.NONE,
                "server is going down");
    }

    private @Nullable Refusal refusal(PeerDirectory.@Nullable Entry entry) {
        if (entry == null) {
            return Refusal.UNKNOWN_PEER;
        }
        if (stopping) {
            return Refusal.STOPPING;
        }
        int established = establishedOf.getOrDefault(entry.peer().name(), 0);
        return established >= entry.peer().maximumTunnels()
                || establishedCount >= limits().maximumTunnels()
                        ? Refusal.TOO_MANY
                        : null;
    }

    /** Answers without keeping state, and not more often than is useful to whom an address was stolen from. */
    private void refuse(InetSocketAddress local, InetSocketAddress peer, SccrqPeek.Request request, Refusal refusal,
            long nowNs) {
        services.counts().count(refusal.equals(Refusal.UNKNOWN_PEER) ? "sccrq-unknown-peer" : "sccrq-refused");
        if (!refusals.take(nowNs)) {
            services.counts().count("sccrq-unanswered");
            unlogged++;
            return;
        }
        int unusedId = 1 + random.nextInt(0xFFFF);
        ByteBuf answer = StatelessReply.stopCcn(services.allocator(), request, unusedId, refusal.result(),
                refusal.error(),
                refusal.text());
        services.forwarding().sendControl(new TunnelPath(local, peer, unusedId, request.assignedTunnelId()), answer);
        if (logLines.take(nowNs)) {
            LOG.warn("tunnel-refused class=remote address={} host=\"{}\" cause=\"{}\" unlogged={}",
                    LnsTunnel.text(peer), LnsTunnel.printable(request.hostName()), refusal.text(), unlogged);
            services.history().tunnelRefused(IpAddresses.format(peer.getAddress()),
                    refusal.equals(Refusal.UNKNOWN_PEER) ? "unknown-lac" : "tunnel-refused",
                    "Host Name \"" + LnsTunnel.printable(request.hostName()) + "\": " + refusal.text());
            unlogged = 0;
        } else {
            unlogged++;
        }
    }

    // ---- what tunnels tell ------------------------------------------------------------------------------------------

    void opened(LnsTunnel tunnel, long nowNs) {
        halfOpen.remove(tunnel);
        services.counts().count("tunnel-opened");
        notebook.note(tunnel.path().localTunnelId(), tunnel.path().peer(), tunnel.path().peerTunnelId());
        establishedCount++;
        int established = establishedOf.merge(tunnel.peer().name(), 1, Integer::sum);
        if (established > tunnel.peer().maximumTunnels()) {
            tunnel.stop(ResultCode.STOP_GENERAL_ERROR, ErrorCode.NO_RESOURCES, Refusal.TOO_MANY.text(), nowNs);
            return;
        }
        discardFormerLife(tunnel, nowNs);
    }

    /** A LAC that gives an id out again has forgotten the tunnel that had it; its StopCCN would hit the new one. */
    private void discardFormerLife(LnsTunnel tunnel, long nowNs) {
        TunnelPath path = tunnel.path();
        List<LnsTunnel> former = tunnels.values().stream()
                .filter(other -> other != tunnel && other.path().peerTunnelId() == path.peerTunnelId()
                        && other.path().peer().equals(path.peer()))
                .toList();
        for (LnsTunnel other : former) {
            if (!other.isStopped()) {
                LOG.warn("tunnel-lost class=remote tunnel={} peer={} cause=\"the LAC has restarted\"",
                        other.path().localTunnelId(), other.peer().name());
            }
            other.discard("the LAC has restarted", nowNs);
        }
    }

    void closed(LnsTunnel tunnel, TunnelEvent.Closed closed, long nowNs) {
        boolean wasHalfOpen = halfOpen.remove(tunnel);
        String cause = "result " + closed.result().value() + " error " + closed.error().value() + " "
                + LnsTunnel.printable(closed.message());
        if (tunnel.isEstablished() || closed.origin() != CloseOrigin.TIMEOUT && logLines.take(nowNs)) {
            LOG.info("tunnel-down tunnel={} peer={} address={} class={} origin={} cause=\"{}\"",
                    tunnel.path().localTunnelId(), tunnel.peer().name(), LnsTunnel.text(tunnel.path().peer()),
                    closed.origin() == CloseOrigin.LOCAL ? "local" : "remote",
                    closed.origin().name().toLowerCase(java.util.Locale.ROOT), cause);
        }
        uncount(tunnel);
        if (wasHalfOpen && closed.origin() == CloseOrigin.TIMEOUT) {
            services.counts().count("tunnel-half-open-timeout");
            tunnel.discard("not established in time", nowNs); // nobody is there to repeat a StopCCN
        } else if (wasHalfOpen && closed.origin() == CloseOrigin.PROTOCOL && tunnel.hasHeardOnce()) {
            // Its SCCRQ was wrong: one answer to each is enough for a LAC, and too little for an attacker with its address.
            tunnel.discard("SCCRQ refused", nowNs);
        }
    }

    private void uncount(LnsTunnel tunnel) {
        if (tunnel.takeCounted()) {
            notebook.strike(tunnel.path().localTunnelId());
            establishedCount--;
            establishedOf.merge(tunnel.peer().name(), -1, Integer::sum);
        }
    }

    void refusedCall(LnsTunnel tunnel, CallDisconnect refusal, long nowNs) {
        if (logLines.take(nowNs)) {
            LOG.warn("call-refused class=local tunnel={} peer={} cause=\"{}\" unlogged={}",
                    tunnel.path().localTunnelId(), tunnel.peer().name(), refusal.message(), unlogged);
            unlogged = 0;
        } else {
            unlogged++;
        }
    }

    void forget(LnsTunnel tunnel) {
        TunnelPath path = tunnel.path();
        halfOpen.remove(tunnel);
        openings.remove(tunnel.opening(), tunnel);
        uncount(tunnel);
        if (tunnels.remove(path.localTunnelId(), tunnel)) {
            ids.release(path.localTunnelId());
        }
    }

    SessionService sessionService() { return sessionService; }

    SessionCounts counts() { return services.counts(); }

    DeadlineTable deadlines() { return services.deadlines(); }

    Forwarding forwarding() { return services.forwarding(); }

    HistoryArchive history() { return services.history(); }

    private L2tpConfig limits() { return sessionService.settings().configuration().l2tp(); }
}

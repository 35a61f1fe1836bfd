package org.lnsd.daemon.tunnel;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Optional;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.config.PeerConfig;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.history.HistoryTrack;
import org.lnsd.daemon.loop.Guarded;
import org.lnsd.daemon.session.CallControl;
import org.lnsd.daemon.session.Session;
import org.lnsd.daemon.session.SessionEnd;
import org.lnsd.daemon.trace.TracedPacket;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.ControlText;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.PeerInfo;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.tunnel.Tunnel;
import org.lnsd.l2tp.tunnel.TunnelEvent;
import org.lnsd.l2tp.tunnel.TunnelState;
import org.lnsd.l2tp.tunnel.TunnelStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tunnel of this LNS: the machine, where its peer is, and the sessions of its calls. Owned by the control loop. */
public final class LnsTunnel extends Guarded implements CallControl {

    private static final Logger LOG = LoggerFactory.getLogger(LnsTunnel.class);
    /** The same SCCRQ again is a late duplicate for so long after the tunnel is up, then a LAC that has restarted. */
    private static final long DUPLICATE_NS = 2_000_000_000L;

    private final TunnelService owner;
    private final Tunnel machine;
    private final PeerConfig peer;
    private final TunnelService.Opening opening;
    private final long bornNs;
    private final HistoryTrack track;
    private final Int2ObjectHashMap<Session> sessions = new Int2ObjectHashMap<>(8, 0.65f, false);
    private volatile TunnelPath path;
    private long openedNs;
    private volatile boolean established;
    private boolean counted;
    private boolean forgotten;

    LnsTunnel(TunnelService owner, Tunnel machine, PeerConfig peer, InetSocketAddress local,
            TunnelService.Opening opening, long nowNs) {
        this.owner = owner;
        this.machine = machine;
        this.peer = peer;
        this.bornNs = nowNs;
        this.opening = opening;
        this.track = owner.history().openTunnel(machine.localTunnelId(), peer.name());
        this.path = new TunnelPath(local, opening.peer(), machine.localTunnelId(), 0);
    }

    // ---- what others may ask ----------------------------------------------------------------------------------------

    @Override
    public TunnelPath path() { return path; }

    @Override
    public PeerConfig peer() { return peer; }

    @Override
    public String peerHostName() { return machine.peerInfo().map(PeerInfo::hostName).orElse(""); }

    /** Returns what the peer told of itself. */
    public Optional<PeerInfo> peerInfo() { return machine.peerInfo(); }

    /** Returns the state of the control connection. */
    public TunnelState state() { return machine.state(); }

    /** Returns the counters of the control connection. */
    public TunnelStatistics statistics() {
        return machine.statistics();
    }

    /** Returns how many sessions it has. */
    public int sessionCount() { return sessions.size(); }

    /** Returns for how long it is established, or has been trying. */
    public long uptimeSeconds(long nowNs) {
        return Math.max(0, (nowNs - (established ? openedNs : bornNs)) / 1_000_000_000L);
    }

    boolean isEstablished() { return established; }

    TunnelService.Opening opening() { return opening; }

    /** Returns once whether this tunnel was counted as established. */
    boolean takeCounted() {
        boolean was = counted;
        counted = false;
        return was;
    }

    /** Returns whether a SCCRQ from the same place and with the same tunnel id is this tunnel's, repeated; else its LAC has begun anew. */
    boolean isRepeatedBy(TunnelService.Opening other, long nowNs) {
        return !isStopped() && other.contentHash() == opening.contentHash()
                && (!established || nowNs - openedNs < DUPLICATE_NS);
    }

    /** Returns whether the peer has sent one message and no more. */
    boolean hasHeardOnce() {
        return machine.statistics().messagesReceived() == 1;
    }

    /** Returns whether it has ended and nothing is left to say. */
    public boolean isOver() {
        return isStopped() && isQuiet();
    }

    boolean isStopped() { return machine.state() == TunnelState.CLOSING || machine.state() == TunnelState.RELEASED; }

    /** Returns whether everything that was sent has been acknowledged. */
    boolean isQuiet() {
        TunnelStatistics statistics = machine.statistics();
        return statistics.unacknowledged() == 0 && statistics.queued() == 0;
    }

    // ---- input ------------------------------------------------------------------------------------------------------

    /** Borrows a control message from the tunnel's own peer. */
    void onDatagram(ByteBuf datagram, long nowNs) {
        record(datagram, true);
        guarded(nowNs, () -> machine.onDatagram(datagram, nowNs));
    }

    @Override
    public long nextDeadlineNs() { return forgotten ? Long.MAX_VALUE : machine.nextDeadlineNs(); }

    @Override
    public void onDeadline(long nowNs) { guarded(nowNs, () -> machine.onTimeout(nowNs)); }

    @Override
    public void accept(int localSessionId, long nowNs) {
        guarded(nowNs, () -> machine.acceptCall(localSessionId, nowNs));
    }

    @Override
    public void hangUp(int localSessionId, CallDisconnect cause, long nowNs) {
        guarded(nowNs, () -> machine.hangUp(localSessionId, cause, nowNs));
    }

    @Override
    public void setLinkInfo(int localSessionId, LinkInfo info, long nowNs) {
        guarded(nowNs, () -> machine.setLinkInfo(localSessionId, info, nowNs));
    }

    @Override
    public void requestSpeeds(int localSessionId, long nowNs) {
        guarded(nowNs, () -> machine.requestSpeeds(localSessionId, nowNs));
    }

    /** Ends all sessions, then the tunnel (StopCCN). */
    void close(ResultCode result, ErrorCode error, String message, SessionEnd forSessions, long nowNs) {
        new ArrayList<>(sessions.values()).forEach(session -> session.endNow(forSessions, nowNs));
        stop(result, error, message, nowNs);
    }

    /** Sends StopCCN. */
    void stop(ResultCode result, ErrorCode error, String message, long nowNs) {
        guarded(nowNs, () -> machine.close(result, error, message, nowNs));
    }

    /** Ends without a word: the tunnel is no longer wanted, or its peer is no longer there. */
    void discard(String text, long nowNs) {
        guarded(nowNs, () -> {
            machine.discard(nowNs);
            loseSessions(text, nowNs);
        });
        track.end("discarded", text);
        forget();
    }

    private void loseSessions(String text, long nowNs) {
        new ArrayList<>(sessions.values()).forEach(session -> session.tunnelLost(text, nowNs));
        sessions.clear();
    }

    // ---- the machine's events ---------------------------------------------------------------------------------------

    private void handle(TunnelEvent event, long nowNs) {
        switch (event) {
            case TunnelEvent.Opened(PeerInfo info) -> opened(info, nowNs);
            case TunnelEvent.CallOffered(int localSessionId, IncomingCall call) -> offered(localSessionId, call, nowNs);
            case TunnelEvent.CallConnected connected -> {
                Session session = sessions.get(connected.localSessionId());
                if (session != null) {
                    session.connected(connected.peerSessionId(), connected.parameters(), nowNs);
                }
            }
            case TunnelEvent.CallEnded(int localSessionId, CallDisconnect cause, boolean byPeer) -> {
                Session session = sessions.remove(localSessionId);
                if (session != null) {
                    session.callEnded(cause, byPeer, nowNs);
                }
            }
            case TunnelEvent.SpeedsChanged(int localSessionId, long transmitBps, long receiveBps) -> {
                Session session = sessions.get(localSessionId);
                if (session != null) {
                    session.speedsChanged(transmitBps, receiveBps);
                }
            }
            case TunnelEvent.OutgoingCallRequested requested -> machine.hangUp(requested.localSessionId(),
                    CallDisconnect.of(ResultCode.CDN_NO_FACILITIES_PERMANENT, "outgoing calls are not placed here"),
                    nowNs);
            case TunnelEvent.WanErrors _ -> owner.counts().count("wan-error-reports");
            case TunnelEvent.CallAnswered _,TunnelEvent.LinkInfoSet _,TunnelEvent.SpeedsRequested _ ->
                owner.counts().count("event-for-the-other-end");
            case TunnelEvent.Closed closed -> closed(closed, nowNs);
            case TunnelEvent.Released() -> forget();
        }
    }

    private void opened(PeerInfo info, long nowNs) {
        established = true;
        counted = true;
        openedNs = nowNs;
        track.add("state", "established");
        LOG.info("tunnel-up tunnel={} peer-tunnel={} peer={} address={} host=\"{}\" vendor=\"{}\" window={}",
                path.localTunnelId(), path.peerTunnelId(), peer.name(), text(path.peer()), printable(info.hostName()),
                printable(info.vendorName().orElse("")), info.receiveWindow());
        owner.opened(this, nowNs);
    }

    private void offered(int localSessionId, IncomingCall call, long nowNs) {
        CallDisconnect refusal = owner.sessionService().refusal(peer);
        Session session = refusal == null ? owner.sessionService().offer(this, localSessionId, call) : null;
        if (session != null) {
            sessions.put(localSessionId, session);
            machine.acceptCall(localSessionId, nowNs);
            return;
        }
        CallDisconnect cause = refusal == null
                ? CallDisconnect.error(ErrorCode.NO_RESOURCES, "no room for another session")
                : refusal;
        owner.refusedCall(this, cause, nowNs);
        machine.hangUp(localSessionId, cause, nowNs);
    }

    private void closed(TunnelEvent.Closed closed, long nowNs) {
        owner.counts().count("tunnel-closed-" + closed.origin().name().toLowerCase(java.util.Locale.ROOT));
        track.end(TunnelEnds.label(closed, established), printable(closed.message()));
        loseSessions(closed.message().isEmpty() ? "tunnel closed" : printable(closed.message()), nowNs);
        owner.closed(this, closed, nowNs);
    }

    static String text(InetSocketAddress address) { return org.lnsd.daemon.net.IpAddresses.format(address); }

    /** What a peer wrote, without characters that could forge a log line. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.chars().limit(128).forEach(c -> clean.append(Character.isISOControl(c) || c == '"' ? '?' : (char) c));
        return clean.toString();
    }

    // ---- plumbing ---------------------------------------------------------------------------------------------------

    @Override
    protected void onDefect(RuntimeException defect, long nowNs) {
        owner.counts().count("bug");
        LOG.error("internal-error class=bug tunnel={} peer={}", path.localTunnelId(), peer.name(), defect);
        loseSessions("internal error", nowNs);
        forget();
    }

    @Override
    protected void rearm() {
        if (!forgotten) {
            owner.deadlines().update(this);
        }
    }

    @Override
    protected void drain(long nowNs) {
        @Nullable
        TunnelEvent event;
        do {
            learnPeerTunnelId();
            for (ByteBuf message = machine.pollTransmit(); message != null; message = machine.pollTransmit()) {
                record(message, false);
                owner.forwarding().sendControl(path, message);
            }
            event = machine.pollEvent();
            if (event != null) {
                handle(event, nowNs);
            }
        } while (event != null);
    }

    /** Messages about the tunnel itself are kept; those of calls are only for who listens. */
    private void record(ByteBuf message, boolean received) {
        boolean keep = ControlText.isAboutTunnel(message);
        if (!keep && !owner.history().trace().isActive()) {
            return;
        }
        String text = (received ? "received " : "sent ") + ControlText.of(message);
        if (keep) {
            track.add("L2TP", text);
        } else {
            track.tell("L2TP", text);
        }
        if (track.wantsPackets()) {
            TunnelPath here = path;
            track.packet(received
                    ? TracedPacket.control(here.peer(), here.local(), message)
                    : TracedPacket.control(here.local(), here.peer(), message));
        }
    }

    private void learnPeerTunnelId() {
        TunnelPath present = path;
        if (present.peerTunnelId() != machine.peerTunnelId()) {
            path = new TunnelPath(present.local(), present.peer(), present.localTunnelId(), machine.peerTunnelId());
        }
    }

    private void forget() {
        if (!forgotten) {
            forgotten = true;
            track.end("ended", "");
            owner.deadlines().remove(this);
            owner.forget(this);
        }
    }
}

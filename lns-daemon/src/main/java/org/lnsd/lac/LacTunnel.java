package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.forwarding.TunnelPath;
import org.lnsd.daemon.loop.Timed;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.tunnel.CloseOrigin;
import org.lnsd.l2tp.tunnel.Tunnel;
import org.lnsd.l2tp.tunnel.TunnelEvent;
import org.lnsd.l2tp.tunnel.TunnelStatistics;

/** One tunnel to the LNS: the shell around the LAC end of the machine. */
final class LacTunnel extends Timed {

    private final Emulator emulator;
    private final Tunnel machine;
    private final Int2ObjectHashMap<Subscriber> subscribers = new Int2ObjectHashMap<>();
    private final Deque<Connecting> connecting = new ArrayDeque<>();
    private TunnelPath path;
    private boolean draining;
    private boolean opened;
    private boolean closed;
    private @Nullable String failure;

    /** A call whose ICCN has left once the machine has sent so many messages. */
    private record Connecting(Subscriber subscriber, int localSessionId, long sentWhen) {}

    LacTunnel(Emulator emulator, int localTunnelId, InetSocketAddress local, InetSocketAddress lns) {
        this.emulator = emulator;
        this.machine = Tunnel.initiate(emulator.calls().tunnel(), localTunnelId, emulator.random(),
                emulator.allocator());
        this.path = new TunnelPath(local, lns, localTunnelId, 0);
    }

    TunnelPath path() { return path; }

    int localTunnelId() { return machine.localTunnelId(); }

    boolean opened() { return opened && failure == null; }

    /** Returns whether calls can be placed now. */
    boolean usable() { return opened && !closed; }

    boolean closed() { return closed; }

    /** Returns whether the LNS has acknowledged everything, so that nothing is lost if the process ends. */
    boolean quiet() {
        TunnelStatistics statistics = machine.statistics();
        return closed && statistics.unacknowledged() == 0 && statistics.queued() == 0;
    }

    @Nullable
    String failure() { return failure; }

    void open(long nowNs) {
        machine.open(nowNs);
        drain(nowNs);
    }

    /** Borrows a control message that bears our tunnel id. */
    void onControl(InetSocketAddress peer, ByteBuf datagram, long nowNs) {
        if (!peer.equals(path.peer())) {
            // RFC 2661 section 8.1: the answer to the SCCRQ may come from another port, which is used from then on.
            if (opened || !peer.getAddress().equals(path.peer().getAddress())) {
                emulator.tally().controlUnknown++;
                return;
            }
            path = new TunnelPath(path.local(), peer, path.localTunnelId(), path.peerTunnelId());
        }
        machine.onDatagram(datagram, nowNs);
        drain(nowNs);
    }

    int place(Subscriber subscriber, IncomingCall call, long nowNs) {
        int localSessionId = machine.placeIncomingCall(call, nowNs);
        if (localSessionId >= 0) {
            subscribers.put(localSessionId, subscriber);
        }
        drain(nowNs);
        return localSessionId;
    }

    /**
     * Sends the ICCN, and tells the subscriber when it has left: a frame that overtakes it, because the ICCN waits for the window, meets an LNS
     * that does not know the session yet, and a restart timer of 3 s is lost.
     */
    void connect(Subscriber subscriber, int localSessionId, CallParameters parameters, long nowNs) {
        machine.connectIncomingCall(localSessionId, parameters, nowNs);
        sendAll();
        TunnelStatistics statistics = machine.statistics();
        connecting.add(new Connecting(subscriber, localSessionId, statistics.messagesSent() + statistics.queued()));
        startConnected(nowNs);
        drain(nowNs);
    }

    private void startConnected(long nowNs) {
        if (connecting.isEmpty()) {
            return;
        }
        long sent = machine.statistics().messagesSent();
        while (!connecting.isEmpty() && connecting.getFirst().sentWhen() <= sent) {
            Connecting next = connecting.removeFirst();
            if (subscribers.get(next.localSessionId()) == next.subscriber()) {
                next.subscriber().onConnected(nowNs);
            }
        }
    }

    void hangUp(int localSessionId, CallDisconnect cause, long nowNs) {
        machine.hangUp(localSessionId, cause, nowNs);
        drain(nowNs);
    }

    void close(String reason, long nowNs) {
        machine.close(ResultCode.STOP_SHUTTING_DOWN, ErrorCode.NONE, reason, nowNs);
        drain(nowNs);
    }

    @Override
    public long nextDeadlineNs() { return machine.nextDeadlineNs(); }

    @Override
    public void onDeadline(long nowNs) {
        machine.onTimeout(nowNs);
        drain(nowNs);
    }

    /** Sends and tells all that the machine wants; what the listeners command meanwhile is taken by the same loop. */
    private void drain(long nowNs) {
        if (draining) {
            return;
        }
        draining = true;
        try {
            sendAll();
            for (TunnelEvent event = machine.pollEvent(); event != null; event = machine.pollEvent()) {
                onEvent(event, nowNs);
                sendAll();
            }
            startConnected(nowNs);
        } finally {
            draining = false;
        }
        emulator.deadlines().update(this);
    }

    private void sendAll() {
        for (ByteBuf message = machine.pollTransmit(); message != null; message = machine.pollTransmit()) {
            emulator.tally().controlSent++;
            emulator.forwarding().sendControl(path, message);
        }
    }

    private void onEvent(TunnelEvent event, long nowNs) {
        switch (event) {
            case TunnelEvent.Opened _ -> onOpened(nowNs);
            case TunnelEvent.CallAnswered(int localSessionId, int peerSessionId) -> {
                Subscriber subscriber = subscribers.get(localSessionId);
                if (subscriber != null) {
                    subscriber.onAnswered(peerSessionId, nowNs);
                }
            }
            case TunnelEvent.CallEnded(int localSessionId, CallDisconnect cause, boolean byPeer) -> {
                Subscriber subscriber = subscribers.remove(localSessionId);
                if (subscriber != null) {
                    subscriber.onCallEnded(cause, byPeer, nowNs);
                }
            }
            case TunnelEvent.Closed(ResultCode result, ErrorCode error, String message, CloseOrigin origin) ->
                onClosed(result, error, message, origin, nowNs);
            case TunnelEvent.OutgoingCallRequested(int localSessionId, _) -> machine.hangUp(localSessionId,
                    CallDisconnect.of(ResultCode.CDN_NO_FACILITIES_PERMANENT, "the emulator places no outgoing calls"),
                    nowNs);
            case TunnelEvent.Released _ -> emulator.onTunnelReleased(this);
            case TunnelEvent.SpeedsRequested(int localSessionId) -> machine.notifySpeeds(localSessionId,
                    emulator.plan().subscribers().lineDownBps, emulator.plan().subscribers().lineUpBps, nowNs);
            case TunnelEvent.CallConnected _,TunnelEvent.CallOffered _,TunnelEvent.LinkInfoSet _,TunnelEvent.WanErrors _,TunnelEvent.SpeedsChanged _ ->
                {}
        }
    }

    private void onOpened(long nowNs) {
        opened = true;
        path = new TunnelPath(path.local(), path.peer(), path.localTunnelId(), machine.peerTunnelId());
        emulator.onTunnelSettled(this, nowNs);
    }

    private void onClosed(ResultCode result, ErrorCode error, String message, CloseOrigin origin, long nowNs) {
        closed = true;
        if (origin != CloseOrigin.LOCAL) {
            String codes = "result " + result.value() + (error.value() == 0 ? "" : " error " + error.value());
            failure = switch (origin) {
                case PEER -> "StopCCN " + codes + (message.isEmpty() ? "" : ": " + message);
                case TIMEOUT -> "tunnel: no answer from the LNS";
                case PROTOCOL, LOCAL -> "tunnel: " + codes + (message.isEmpty() ? "" : ": " + message);
            };
        }
        emulator.onTunnelSettled(this, nowNs);
    }
}

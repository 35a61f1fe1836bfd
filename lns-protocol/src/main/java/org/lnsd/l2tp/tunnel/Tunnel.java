package org.lnsd.l2tp.tunnel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpFault;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.header.ControlHeader;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ControlMessage;
import org.lnsd.l2tp.message.Decoded;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.Hello;
import org.lnsd.l2tp.message.Icrq;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.MessageType;
import org.lnsd.l2tp.message.Ocrq;
import org.lnsd.l2tp.message.OutgoingCall;
import org.lnsd.l2tp.message.PeerInfo;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.Scccn;
import org.lnsd.l2tp.message.Sccrp;
import org.lnsd.l2tp.message.Sccrq;
import org.lnsd.l2tp.message.Sli;
import org.lnsd.l2tp.message.StopCcn;
import org.lnsd.l2tp.message.WanErrorCounts;
import org.lnsd.l2tp.message.Wen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * One control connection and all its calls (RFC 2661 section 7), for either end. One thread at a time.
 *
 * <p>Order of calls: after any input ({@code open}, {@code onDatagram}, {@code onTimeout} or a command) take all of {@link #pollTransmit},
 * then all of {@link #pollEvent}, then arm one timer for {@link #nextDeadlineNs}. Commands given while handling an event need another round.
 * A command for a session that is not in the state for it does nothing.
 */
public final class Tunnel {
    private final TunnelSettings settings;
    private final RandomGenerator random;
    private final ControlConnection connection;
    /** Null until the first session message: in a flood most tunnels never see one. */
    private @Nullable Calls calls;
    private final Deque<TunnelEvent> events = new ArrayDeque<>(4);
    private long malformed;

    private Tunnel(TunnelSettings settings, int localTunnelId, boolean initiator, RandomGenerator random,
            ByteBufAllocator allocator) {
        this.settings = settings;
        this.random = random;
        this.connection = new ControlConnection(new Parts(), settings, localTunnelId, initiator, random, allocator);
    }

    private Calls calls() {
        Calls present = calls;
        if (present == null) {
            present = new Calls(new Parts(), settings, random);
            calls = present;
        }
        return present;
    }

    /** What the parts may do with the tunnel. */
    private final class Parts implements ControlConnection.Host, Calls.Host {
        @Override
        public void send(ControlMessage message, int peerSessionId) { connection.send(message, peerSessionId); }

        @Override
        public void emit(TunnelEvent event) { events.add(event); }

        @Override
        public void endCalls(boolean byPeer) {
            if (calls != null) {
                calls.endAll(CallDisconnect.of(ResultCode.CDN_LOST_CARRIER, "control connection closed"), byPeer,
                        connection.nowNs());
            }
        }
    }

    /** The end that is called: feed it the SCCRQ with {@link #onDatagram}. */
    public static Tunnel accept(TunnelSettings settings, int localTunnelId, RandomGenerator random,
            ByteBufAllocator allocator) {
        return new Tunnel(settings, localTunnelId, false, random, allocator);
    }

    /** The end that calls: {@link #open} sends SCCRQ. */
    public static Tunnel initiate(TunnelSettings settings, int localTunnelId, RandomGenerator random,
            ByteBufAllocator allocator) {
        return new Tunnel(settings, localTunnelId, true, random, allocator);
    }

    /** Sends SCCRQ; only for {@link #initiate}. */
    public void open(long nowNs) {
        connection.at(nowNs);
        connection.open();
    }

    // Reception

    /** Borrows a whole L2TP control message; never throws for what it contains. */
    public void onDatagram(ByteBuf controlDatagram, long nowNs) {
        connection.at(nowNs);
        ControlHeader header = ControlHeader.read(controlDatagram);
        boolean initiator = connection.initiator();
        // A peer that has no id of ours yet, because it sends SCCRQ or gives up early, writes 0.
        boolean forUs = header.tunnelId() == localTunnelId() || (header.tunnelId() == 0 && !initiator);
        if (header.isMalformed() || !forUs) {
            malformed++;
            return;
        }
        if (state() == TunnelState.RELEASED) {
            return;
        }
        if (state() == TunnelState.IDLE && (initiator || header.ns() != 0)) {
            connection.discard();
            return;
        }
        if (connection.receive(header, controlDatagram)) {
            process(header, controlDatagram);
            for (byte[] next = connection.takeNext(); next != null; next = connection.takeNext()) {
                ByteBuf held = Unpooled.wrappedBuffer(next);
                process(ControlHeader.read(held), held);
            }
        }
        if (state() == TunnelState.IDLE) {
            connection.discard();
        }
        connection.retainWhenStopped();
    }

    private void process(ControlHeader header, ByteBuf datagram) {
        Decoded decoded = connection.decode(header, datagram);
        if (state() == TunnelState.CLOSING) {
            if (isStop(decoded)) {
                connection.onCrossingStopCcn();
            }
            return;
        }
        if (state() == TunnelState.IDLE && !isSccrq(decoded)) {
            connection.discard();
            return;
        }
        switch (decoded) {
            case Decoded.Message message -> onMessage(message.message(), header.sessionId());
            case Decoded.Unknown unknown -> onUnknown(unknown);
            case Decoded.Faulty faulty -> onFaulty(faulty, header.sessionId());
            case Decoded.Unreadable unreadable -> onUnreadable(unreadable.fault(), header.sessionId());
        }
    }

    private static boolean isStop(Decoded decoded) {
        return (decoded instanceof Decoded.Message message && message.message() instanceof StopCcn)
                || (decoded instanceof Decoded.Faulty faulty && faulty.type() == MessageType.STOPCCN);
    }

    private static boolean isSccrq(Decoded decoded) {
        return (decoded instanceof Decoded.Message message && message.message() instanceof Sccrq)
                || (decoded instanceof Decoded.Faulty faulty && faulty.type() == MessageType.SCCRQ);
    }

    private void onMessage(ControlMessage message, int localSessionId) {
        switch (message) {
            case Sccrq sccrq -> connection.onSccrq(sccrq);
            case Sccrp sccrp -> connection.onSccrp(sccrp);
            case Scccn scccn -> connection.onScccn(scccn);
            case StopCcn stopCcn -> connection.onStopCcn(stopCcn.assignedTunnelId(), stopCcn.resultCode(),
                    stopCcn.errorCode(), stopCcn.message());
            case Hello _ -> {}
            default -> onSessionMessage(message, localSessionId);
        }
    }

    /** A call before the control connection is established is refused (RFC 2661 section 7.2). */
    private void onSessionMessage(ControlMessage message, int localSessionId) {
        if (state() == TunnelState.ESTABLISHED) {
            calls().onMessage(message, localSessionId, connection.nowNs());
            return;
        }
        CallDisconnect refusal = CallDisconnect.error(ErrorCode.NO_CONTROL_CONNECTION,
                message.type() + " in state " + state().rfcName());
        if (message instanceof Icrq icrq) {
            calls().refuse(icrq.call().peerSessionId(), refusal, connection.nowNs());
        } else if (message instanceof Ocrq ocrq) {
            calls().refuse(ocrq.call().peerSessionId(), refusal, connection.nowNs());
        }
    }

    /** RFC 2661 section 4.4.1: the M bit of an unknown Message Type decides. */
    private void onUnknown(Decoded.Unknown unknown) {
        if (unknown.mandatory()) {
            connection.stop(ResultCode.STOP_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP,
                    "unknown mandatory Message Type " + unknown.messageType());
        }
    }

    /** RFC 2661 section 4.1: a fault in a session message ends that session, in another one the control connection. */
    private void onFaulty(Decoded.Faulty faulty, int localSessionId) {
        AvpFault fault = faulty.fault();
        ErrorCode error = new ErrorCode(fault.kind().errorCode());
        if (faulty.type().scope() == MessageType.Scope.SESSION) {
            calls().onFaulty(faulty, localSessionId, connection.nowNs());
        } else if (faulty.type() == MessageType.STOPCCN) {
            connection.onStopCcn(faulty.assignedId(), ResultCode.STOP_GENERAL_ERROR, error, fault.text());
        } else {
            connection.learnTunnelId(faulty.assignedId());
            connection.stop(ResultCode.STOP_GENERAL_ERROR, error, fault.text());
        }
    }

    private void onUnreadable(AvpFault fault, int localSessionId) {
        if (localSessionId != 0) {
            calls().onUnreadable(fault, localSessionId, connection.nowNs());
        } else {
            connection.stop(ResultCode.STOP_GENERAL_ERROR, new ErrorCode(fault.kind().errorCode()), fault.text());
        }
    }

    // The end: RFC 2661 section 5.7

    /** Sends StopCCN; all calls end. */
    public void close(ResultCode result, ErrorCode error, String message, long nowNs) {
        connection.at(nowNs);
        connection.stop(result, error, message, CloseOrigin.LOCAL);
    }

    /** Ends without a word to the peer: the loser of a tie (RFC 2661 section 4.4.3). */
    public void discard(long nowNs) {
        connection.at(nowNs);
        connection.discard();
    }

    // Time

    public void onTimeout(long nowNs) {
        connection.at(nowNs);
        if (connection.onTimeout()) {
            if (calls != null) {
                calls.onTimeout(nowNs);
            }
            connection.keepAlive();
        }
    }

    /** When {@link #onTimeout} is due, {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        return calls == null || state() == TunnelState.RELEASED
                ? connection.nextDeadlineNs()
                : Math.min(connection.nextDeadlineNs(), calls.nextDeadlineNs());
    }

    // Output

    /** Returns an owned buffer with a whole L2TP control message, null: nothing to send. */
    public @Nullable ByteBuf pollTransmit() {
        return connection.pollTransmit();
    }

    public @Nullable TunnelEvent pollEvent() { return events.poll(); }

    // Commands

    /** LAC: sends ICRQ. Returns the local session id, -1 when the tunnel is full or not established. */
    public int placeIncomingCall(IncomingCall call, long nowNs) {
        connection.at(nowNs);
        return state() == TunnelState.ESTABLISHED ? calls().placeIncoming(call, nowNs) : -1;
    }

    /** LAC: sends ICCN after {@link TunnelEvent.CallAnswered}. */
    public void connectIncomingCall(int localSessionId, CallParameters connect, long nowNs) {
        connection.at(nowNs);
        calls().connectIncoming(localSessionId, connect);
    }

    /** LNS: sends ICRP after {@link TunnelEvent.CallOffered}. */
    public void acceptCall(int localSessionId, long nowNs) {
        connection.at(nowNs);
        calls().accept(localSessionId);
    }

    /**
     * LNS: sends OCRQ. Returns the local session id, -1 when the tunnel is full or not established, or when the LAC cannot dial what is asked
     * for (RFC 2661 sections 4.4.4 and 6.9).
     */
    public int placeOutgoingCall(OutgoingCall call, long nowNs) {
        connection.at(nowNs);
        return state() == TunnelState.ESTABLISHED && connection.peerInfo().filter(call::isWithin).isPresent()
                ? calls().placeOutgoing(call, nowNs)
                : -1;
    }

    /** LAC: sends OCRP after {@link TunnelEvent.OutgoingCallRequested}. */
    public void answerOutgoingCall(int localSessionId, long nowNs) {
        connection.at(nowNs);
        calls().answerOutgoing(localSessionId);
    }

    /** LAC: sends OCCN after {@link #answerOutgoingCall}. */
    public void connectOutgoingCall(int localSessionId, CallParameters connect, long nowNs) {
        connection.at(nowNs);
        calls().connectOutgoing(localSessionId, connect);
    }

    /** Sends CDN: ends a call, or refuses one that was offered or requested. */
    public void hangUp(int localSessionId, CallDisconnect cause, long nowNs) {
        connection.at(nowNs);
        calls().hangUp(localSessionId, cause, nowNs);
    }

    /** LNS: sends SLI. */
    public void setLinkInfo(int localSessionId, LinkInfo info, long nowNs) {
        connection.at(nowNs);
        calls().inform(localSessionId, new Sli(info));
    }

    /** LAC: sends WEN. */
    public void reportWanErrors(int localSessionId, WanErrorCounts counts, long nowNs) {
        connection.at(nowNs);
        calls().inform(localSessionId, new Wen(counts));
    }

    /** LAC: sends CSUN (RFC 5515). */
    public void notifySpeeds(int localSessionId, long transmitBps, long receiveBps, long nowNs) {
        connection.at(nowNs);
        calls().notifySpeeds(localSessionId, transmitBps, receiveBps);
    }

    /** LNS: sends CSURQ (RFC 5515). */
    public void requestSpeeds(int localSessionId, long nowNs) {
        connection.at(nowNs);
        calls().requestSpeeds(localSessionId);
    }

    // State

    public TunnelState state() { return connection.state(); }

    public int localTunnelId() { return connection.localTunnelId(); }

    /** 0: not known yet. */
    public int peerTunnelId() { return connection.peerTunnelId(); }

    /** The value that our SCCRQ carries, for {@link TieBreaker#judge}. */
    public Optional<Octets> tieBreaker() {
        return connection.tieBreaker();
    }

    /** Sessions that are not over. */
    public int sessionCount() { return calls == null ? 0 : calls.count(); }

    public TunnelStatistics statistics() { return connection.statistics(malformed, sessionCount()); }

    /** What the peer told of itself; empty before its SCCRQ or SCCRP. */
    public Optional<PeerInfo> peerInfo() {
        return connection.peerInfo();
    }
}

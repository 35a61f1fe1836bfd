package org.lnsd.l2tp.tunnel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.List;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpFault;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.control.ChannelCounters;
import org.lnsd.l2tp.control.DeliverySettings;
import org.lnsd.l2tp.control.ReliableChannel;
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
import org.lnsd.l2tp.message.MessageDecoder;
import org.lnsd.l2tp.message.MessageEncoder;
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
    private static final int TIE_BREAKER_BYTES = 8;
    /** The Vendor Name of xl2tpd, which looks its secret up only after it has read the SCCRP: hidden AVPs in it end the tunnel. */
    private static final String UNABLE_TO_REVEAL_SCCRP = "xelerance.com";

    private final TunnelSettings settings;
    private final int localTunnelId;
    private final boolean initiator;
    private final ReliableChannel channel;
    private final MessageDecoder decoder;
    private final MessageEncoder encoder;
    private final TunnelAuthentication authentication;
    private final RandomGenerator random;
    /** Null until the first session message: in a flood most tunnels never see one. */
    private @Nullable Calls calls;
    private final Optional<Octets> tieBreaker;
    private final Deque<TunnelEvent> events = new ArrayDeque<>(4);

    private TunnelState state = TunnelState.IDLE;
    private int peerTunnelId;
    private Optional<PeerInfo> peerInfo = Optional.empty();
    private long nowNs;
    private long lastHeardNs;
    private long establishAtNs = Long.MAX_VALUE;
    private long releaseAtNs = Long.MAX_VALUE;
    private boolean peerStopped;
    private long malformed;

    private Tunnel(TunnelSettings settings, int localTunnelId, boolean initiator, RandomGenerator random,
            ByteBufAllocator allocator) {
        this.settings = settings;
        this.localTunnelId = localTunnelId;
        this.initiator = initiator;
        AvpHiding hiding = settings.secret().isPresent() ? new AvpHiding(settings.secret().get()) : null;
        channel = new ReliableChannel(new DeliverySettings(settings.receiveWindow(), settings.retransmitInitialNs(),
                settings.retransmitMaximumNs(), settings.retransmitAttempts(), 2 * settings.maximumSessions() + 1024),
                allocator);
        decoder = new MessageDecoder(hiding, settings.strict());
        encoder = new MessageEncoder(settings.hideAvps() ? hiding : null, random);
        authentication = new TunnelAuthentication(hiding, settings.challengePeer(), random);
        tieBreaker = initiator && settings.sendTieBreaker() ? Optional.of(newTieBreaker(random)) : Optional.empty();
        this.random = random;
    }

    private Calls calls() {
        Calls present = calls;
        if (present == null) {
            present = new Calls(new CallHost(), settings, random);
            calls = present;
        }
        return present;
    }

    private static Octets newTieBreaker(RandomGenerator random) {
        byte[] value = new byte[TIE_BREAKER_BYTES];
        random.nextBytes(value);
        return Octets.of(value);
    }

    /** What the calls may do with their tunnel. */
    private final class CallHost implements Calls.Host {
        @Override
        public void send(ControlMessage message, int peerSessionId) { Tunnel.this.send(message, peerSessionId); }

        @Override
        public void emit(TunnelEvent event) { events.add(event); }
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

    // Set-up: RFC 2661 section 7.2.1

    /** Sends SCCRQ; only for {@link #initiate}. */
    public void open(long nowNs) {
        this.nowNs = nowNs;
        if (initiator && state == TunnelState.IDLE) {
            send(new Sccrq(localInfo(), localTunnelId, tieBreaker, authentication.challenge()), 0);
            begin(TunnelState.WAIT_CTL_REPLY);
        }
    }

    private PeerInfo localInfo() {
        return new PeerInfo(settings.hostName(),
                settings.vendorName().isEmpty() ? Optional.empty() : Optional.of(settings.vendorName()),
                PeerInfo.PROTOCOL_VERSION, OptionalInt.of(settings.firmwareRevision()),
                settings.framingCapabilities(), OptionalInt.of(settings.bearerCapabilities()),
                settings.receiveWindow(), List.of());
    }

    private void begin(TunnelState to) {
        lastHeardNs = nowNs;
        establishAtNs = nowNs + settings.establishTimeoutNs();
        transition(to);
    }

    private void onSccrq(Sccrq sccrq) {
        if (state != TunnelState.IDLE || initiator) {
            stop(ResultCode.STOP_FSM_ERROR, ErrorCode.NONE, "SCCRQ in state " + state.rfcName());
            return;
        }
        begin(TunnelState.WAIT_CTL_CONN);
        if (!learn(sccrq.sender(), sccrq.assignedTunnelId(), sccrq.challenge())) {
            return;
        }
        Sccrp sccrp = new Sccrp(localInfo(), localTunnelId, authentication.challenge(),
                authentication.answer(MessageType.SCCRP, sccrq.challenge()));
        boolean hideable = sccrq.sender().vendorName().filter(UNABLE_TO_REVEAL_SCCRP::equals).isEmpty();
        channel.send((hideable ? encoder : MessageEncoder.plain()).encode(sccrp, peerTunnelId, 0));
    }

    /** Takes what the peer tells of itself, or stops: a foreign version, a challenge that cannot be answered. */
    private boolean learn(PeerInfo sender, int assignedTunnelId, Optional<Octets> peerChallenge) {
        peerTunnelId = assignedTunnelId;
        peerInfo = Optional.of(sender);
        channel.setPeerWindow(sender.receiveWindow());
        if (sender.protocolVersion() >> 8 != PeerInfo.PROTOCOL_VERSION >> 8) {
            // RFC 2661 section 4.4.2: the error code is the highest version supported.
            stop(ResultCode.STOP_BAD_VERSION, new ErrorCode(PeerInfo.PROTOCOL_VERSION), "protocol version "
                    + (sender.protocolVersion() >> 8));
            return false;
        }
        if (authentication.cannotAnswer(peerChallenge)) {
            stop(ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE, "challenge, but no secret is configured");
            return false;
        }
        return true;
    }

    private void onSccrp(Sccrp sccrp) {
        if (state != TunnelState.WAIT_CTL_REPLY) {
            stop(ResultCode.STOP_FSM_ERROR, ErrorCode.NONE, "SCCRP in state " + state.rfcName());
        } else if (learn(sccrp.sender(), sccrp.assignedTunnelId(), sccrp.challenge())) {
            if (authentication.accepts(MessageType.SCCRP, sccrp.challengeResponse())) {
                send(new Scccn(authentication.answer(MessageType.SCCCN, sccrp.challenge())), 0);
                established(sccrp.sender());
            } else {
                refuseAuthentication();
            }
        }
    }

    private void onScccn(Scccn scccn) {
        if (state != TunnelState.WAIT_CTL_CONN) {
            stop(ResultCode.STOP_FSM_ERROR, ErrorCode.NONE, "SCCCN in state " + state.rfcName());
        } else if (authentication.accepts(MessageType.SCCCN, scccn.challengeResponse())) {
            peerInfo.ifPresent(this::established);
        } else {
            refuseAuthentication();
        }
    }

    private void refuseAuthentication() {
        stop(ResultCode.STOP_NOT_AUTHORIZED, ErrorCode.NONE, "wrong or missing Challenge Response");
    }

    private void established(PeerInfo peer) {
        establishAtNs = Long.MAX_VALUE;
        transition(TunnelState.ESTABLISHED);
        events.add(new TunnelEvent.Opened(peer));
    }

    // Reception

    /** Borrows a whole L2TP control message; never throws for what it contains. */
    public void onDatagram(ByteBuf controlDatagram, long nowNs) {
        this.nowNs = nowNs;
        ControlHeader header = ControlHeader.read(controlDatagram);
        // A peer that has no id of ours yet, because it sends SCCRQ or gives up early, writes 0.
        boolean forUs = header.tunnelId() == localTunnelId || (header.tunnelId() == 0 && !initiator);
        if (header.isMalformed() || !forUs) {
            malformed++;
            return;
        }
        if (state == TunnelState.RELEASED) {
            return;
        }
        if (state == TunnelState.IDLE && (initiator || header.ns() != 0)) {
            discard(nowNs);
            return;
        }
        lastHeardNs = nowNs;
        if (channel.receive(header, controlDatagram, nowNs) == ReliableChannel.Verdict.IN_ORDER) {
            process(header, controlDatagram);
            for (byte[] next = channel.takeNext(); next != null; next = channel.takeNext()) {
                ByteBuf held = Unpooled.wrappedBuffer(next);
                process(ControlHeader.read(held), held);
            }
        }
        if (state == TunnelState.IDLE) {
            discard(nowNs);
        }
        retainWhenStopped();
    }

    private void process(ControlHeader header, ByteBuf datagram) {
        Decoded decoded = decoder.decode(datagram, datagram.readerIndex() + ControlHeader.LENGTH_BYTES,
                header.lengthBytes() - ControlHeader.LENGTH_BYTES);
        if (state == TunnelState.CLOSING) {
            peerStopped |= isStop(decoded);
            return;
        }
        if (state == TunnelState.IDLE && !isSccrq(decoded)) {
            discard(nowNs);
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
            case Sccrq sccrq -> onSccrq(sccrq);
            case Sccrp sccrp -> onSccrp(sccrp);
            case Scccn scccn -> onScccn(scccn);
            case StopCcn stopCcn -> onStopCcn(stopCcn.assignedTunnelId(), stopCcn.resultCode(), stopCcn.errorCode(),
                    stopCcn.message());
            case Hello _ -> {}
            default -> onSessionMessage(message, localSessionId);
        }
    }

    /** A call before the control connection is established is refused (RFC 2661 section 7.2). */
    private void onSessionMessage(ControlMessage message, int localSessionId) {
        if (state == TunnelState.ESTABLISHED) {
            calls().onMessage(message, localSessionId, nowNs);
            return;
        }
        CallDisconnect refusal = CallDisconnect.error(ErrorCode.NO_CONTROL_CONNECTION,
                message.type() + " in state " + state.rfcName());
        if (message instanceof Icrq icrq) {
            calls().refuse(icrq.call().peerSessionId(), refusal, nowNs);
        } else if (message instanceof Ocrq ocrq) {
            calls().refuse(ocrq.call().peerSessionId(), refusal, nowNs);
        }
    }

    /** RFC 2661 section 4.4.1: the M bit of an unknown Message Type decides. */
    private void onUnknown(Decoded.Unknown unknown) {
        if (unknown.mandatory()) {
            stop(ResultCode.STOP_GENERAL_ERROR, ErrorCode.UNKNOWN_MANDATORY_AVP,
                    "unknown mandatory Message Type " + unknown.messageType());
        }
    }

    /** RFC 2661 section 4.1: a fault in a session message ends that session, in another one the control connection. */
    private void onFaulty(Decoded.Faulty faulty, int localSessionId) {
        AvpFault fault = faulty.fault();
        ErrorCode error = new ErrorCode(fault.kind().errorCode());
        if (faulty.type().scope() == MessageType.Scope.SESSION) {
            calls().onFaulty(faulty, localSessionId, nowNs);
        } else if (faulty.type() == MessageType.STOPCCN) {
            onStopCcn(faulty.assignedId(), ResultCode.STOP_GENERAL_ERROR, error, fault.text());
        } else {
            if (peerTunnelId == 0) {
                peerTunnelId = faulty.assignedId();
            }
            stop(ResultCode.STOP_GENERAL_ERROR, error, fault.text());
        }
    }

    private void onUnreadable(AvpFault fault, int localSessionId) {
        if (localSessionId != 0) {
            calls().onUnreadable(fault, localSessionId, nowNs);
        } else {
            stop(ResultCode.STOP_GENERAL_ERROR, new ErrorCode(fault.kind().errorCode()), fault.text());
        }
    }

    // The end: RFC 2661 section 5.7

    private void onStopCcn(int assignedTunnelId, ResultCode result, ErrorCode error, String message) {
        if (peerTunnelId == 0) {
            peerTunnelId = assignedTunnelId;
        }
        channel.dropAll();
        peerStopped = true;
        finish(new TunnelEvent.Closed(result, error, message, CloseOrigin.PEER));
    }

    /**
     * After the last message, a StopCCN of the peer or the acknowledgement of ours, what the peer may repeat is acknowledged for a full cycle
     * of retransmissions (RFC 2661 sections 5.7 and 5.8).
     */
    private void retainWhenStopped() {
        if (state == TunnelState.CLOSING && releaseAtNs == Long.MAX_VALUE && (peerStopped || channel.isIdle())) {
            releaseAtNs = nowNs + settings.retentionNs();
        }
    }

    /** Sends StopCCN; all calls end. */
    public void close(ResultCode result, ErrorCode error, String message, long nowNs) {
        this.nowNs = nowNs;
        stop(result, error, message, CloseOrigin.LOCAL);
    }

    private void stop(ResultCode result, ErrorCode error, String message) {
        stop(result, error, message, CloseOrigin.PROTOCOL);
    }

    private void stop(ResultCode result, ErrorCode error, String message, CloseOrigin origin) {
        if (state == TunnelState.CLOSING || state == TunnelState.RELEASED) {
            return;
        }
        boolean silent = state == TunnelState.IDLE && channel.nr() == 0;
        finish(new TunnelEvent.Closed(result, error, message, origin));
        if (silent) {
            release();
        } else {
            channel.dropWaiting();
            send(new StopCcn(localTunnelId, result, error, message), 0);
        }
    }

    /** Ends without a word to the peer: the loser of a tie (RFC 2661 section 4.4.3). */
    public void discard(long nowNs) {
        this.nowNs = nowNs;
        if (state == TunnelState.RELEASED) {
            return;
        }
        if (state != TunnelState.CLOSING) {
            finish(new TunnelEvent.Closed(ResultCode.STOP_CLEAR, ErrorCode.NONE, "discarded", CloseOrigin.PROTOCOL));
        }
        release();
    }

    private void finish(TunnelEvent.Closed closed) {
        transition(TunnelState.CLOSING);
        establishAtNs = Long.MAX_VALUE;
        boolean byPeer = closed.origin() == CloseOrigin.PEER;
        if (calls != null) {
            calls.endAll(CallDisconnect.of(ResultCode.CDN_LOST_CARRIER, "control connection closed"), byPeer, nowNs);
        }
        events.add(closed);
    }

    private void release() {
        channel.dropAll();
        releaseAtNs = Long.MAX_VALUE;
        transition(TunnelState.RELEASED);
        events.add(new TunnelEvent.Released());
    }

    /** The only writer of the state. */
    private void transition(TunnelState to) { state = to; }

    // Time

    public void onTimeout(long nowNs) {
        this.nowNs = nowNs;
        if (state == TunnelState.RELEASED) {
            return;
        }
        channel.onTimeout(nowNs);
        if (channel.isExhausted() || nowNs >= releaseAtNs) {
            giveUp();
            return;
        }
        if (nowNs >= establishAtNs) {
            stop(ResultCode.STOP_CLEAR, ErrorCode.NONE, "not established in time", CloseOrigin.TIMEOUT);
        }
        if (calls != null) {
            calls.onTimeout(nowNs);
        }
        if (nowNs >= helloAtNs()) {
            send(new Hello(), 0);
        }
    }

    private void giveUp() {
        if (state != TunnelState.CLOSING) {
            finish(new TunnelEvent.Closed(ResultCode.STOP_GENERAL_ERROR, ErrorCode.NONE,
                    "the peer does not acknowledge", CloseOrigin.TIMEOUT));
        }
        release();
    }

    /** RFC 2661 section 6.5: after silence, unless something is unacknowledged and tests the peer anyway. */
    private long helloAtNs() {
        return state == TunnelState.ESTABLISHED && settings.helloIntervalNs() > 0 && channel.isIdle()
                ? lastHeardNs + settings.helloIntervalNs()
                : Long.MAX_VALUE;
    }

    /** When {@link #onTimeout} is due, {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        if (state == TunnelState.RELEASED) {
            return Long.MAX_VALUE;
        }
        long connectionNs = Math.min(Math.min(establishAtNs, releaseAtNs), helloAtNs());
        return Math.min(connectionNs,
                Math.min(channel.nextDeadlineNs(), calls == null ? Long.MAX_VALUE : calls.nextDeadlineNs()));
    }

    // Output

    private void send(ControlMessage message, int peerSessionId) {
        channel.send(encoder.encode(message, peerTunnelId, peerSessionId));
    }

    /** Returns an owned buffer with a whole L2TP control message, null: nothing to send. */
    public @Nullable ByteBuf pollTransmit() {
        return channel.pollTransmit(peerTunnelId, nowNs);
    }

    public @Nullable TunnelEvent pollEvent() { return events.poll(); }

    // Commands

    /** LAC: sends ICRQ. Returns the local session id, -1 when the tunnel is full or not established. */
    public int placeIncomingCall(IncomingCall call, long nowNs) {
        this.nowNs = nowNs;
        return state == TunnelState.ESTABLISHED ? calls().placeIncoming(call, nowNs) : -1;
    }

    /** LAC: sends ICCN after {@link TunnelEvent.CallAnswered}. */
    public void connectIncomingCall(int localSessionId, CallParameters connect, long nowNs) {
        this.nowNs = nowNs;
        calls().connectIncoming(localSessionId, connect);
    }

    /** LNS: sends ICRP after {@link TunnelEvent.CallOffered}. */
    public void acceptCall(int localSessionId, long nowNs) {
        this.nowNs = nowNs;
        calls().accept(localSessionId);
    }

    /**
     * LNS: sends OCRQ. Returns the local session id, -1 when the tunnel is full or not established, or when the LAC cannot dial what is asked
     * for (RFC 2661 sections 4.4.4 and 6.9).
     */
    public int placeOutgoingCall(OutgoingCall call, long nowNs) {
        this.nowNs = nowNs;
        return state == TunnelState.ESTABLISHED && peerInfo.filter(call::isWithin).isPresent()
                ? calls().placeOutgoing(call, nowNs)
                : -1;
    }

    /** LAC: sends OCRP after {@link TunnelEvent.OutgoingCallRequested}. */
    public void answerOutgoingCall(int localSessionId, long nowNs) {
        this.nowNs = nowNs;
        calls().answerOutgoing(localSessionId);
    }

    /** LAC: sends OCCN after {@link #answerOutgoingCall}. */
    public void connectOutgoingCall(int localSessionId, CallParameters connect, long nowNs) {
        this.nowNs = nowNs;
        calls().connectOutgoing(localSessionId, connect);
    }

    /** Sends CDN: ends a call, or refuses one that was offered or requested. */
    public void hangUp(int localSessionId, CallDisconnect cause, long nowNs) {
        this.nowNs = nowNs;
        calls().hangUp(localSessionId, cause, nowNs);
    }

    /** LNS: sends SLI. */
    public void setLinkInfo(int localSessionId, LinkInfo info, long nowNs) {
        this.nowNs = nowNs;
        calls().inform(localSessionId, new Sli(info));
    }

    /** LAC: sends WEN. */
    public void reportWanErrors(int localSessionId, WanErrorCounts counts, long nowNs) {
        this.nowNs = nowNs;
        calls().inform(localSessionId, new Wen(counts));
    }

    /** LAC: sends CSUN (RFC 5515). */
    public void notifySpeeds(int localSessionId, long transmitBps, long receiveBps, long nowNs) {
        this.nowNs = nowNs;
        calls().notifySpeeds(localSessionId, transmitBps, receiveBps);
    }

    /** LNS: sends CSURQ (RFC 5515). */
    public void requestSpeeds(int localSessionId, long nowNs) {
        this.nowNs = nowNs;
        calls().requestSpeeds(localSessionId);
    }

    // State

    public TunnelState state() { return state; }

    public int localTunnelId() { return localTunnelId; }

    /** 0: not known yet. */
    public int peerTunnelId() { return peerTunnelId; }

    /** The value that our SCCRQ carries, for {@link TieBreaker#judge}. */
    public Optional<Octets> tieBreaker() {
        return tieBreaker;
    }

    /** Sessions that are not over. */
    public int sessionCount() { return calls == null ? 0 : calls.count(); }

    public TunnelStatistics statistics() {
        ChannelCounters counters = channel.counters();
        return new TunnelStatistics(channel.ns(), channel.nr(), channel.peerWindow(), channel.congestionWindow(),
                channel.slowStartThreshold(), channel.unacknowledgedCount(), channel.waitingCount(),
                counters.messagesSent(), counters.messagesReceived(), counters.acknowledgementsSent(),
                counters.acknowledgementsReceived(), counters.retransmissions(), counters.duplicates(),
                counters.heldOutOfOrder(), counters.outOfWindow(), malformed, sessionCount());
    }

    /** What the peer told of itself; empty before its SCCRQ or SCCRP. */
    public Optional<PeerInfo> peerInfo() {
        return peerInfo;
    }
}

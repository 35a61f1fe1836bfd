package org.lnsd.l2tp.tunnel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.avp.AvpHiding;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.control.ChannelCounters;
import org.lnsd.l2tp.control.DeliverySettings;
import org.lnsd.l2tp.control.ReliableChannel;
import org.lnsd.l2tp.header.ControlHeader;
import org.lnsd.l2tp.message.ControlMessage;
import org.lnsd.l2tp.message.Decoded;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.Hello;
import org.lnsd.l2tp.message.MessageDecoder;
import org.lnsd.l2tp.message.MessageEncoder;
import org.lnsd.l2tp.message.MessageType;
import org.lnsd.l2tp.message.PeerInfo;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.Scccn;
import org.lnsd.l2tp.message.Sccrp;
import org.lnsd.l2tp.message.Sccrq;
import org.lnsd.l2tp.message.StopCcn;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The control connection of a tunnel, for either end: set-up (RFC 2661 section 7.2.1), keepalive (section 6.5) and end (section 5.7), over
 * reliable delivery. It knows nothing of calls. Whatever happens, happens at the time that {@link #at} told last.
 */
final class ControlConnection {
    private static final int TIE_BREAKER_BYTES = 8;
    /** The Vendor Name of xl2tpd, which looks its secret up only after it has read the SCCRP: hidden AVPs in it end the tunnel. */
    private static final String UNABLE_TO_REVEAL_SCCRP = "xelerance.com";

    /** The tunnel, as its control connection sees it. */
    interface Host {
        /** No call outlives the control connection. */
        void endCalls(boolean byPeer);

        void emit(TunnelEvent event);
    }

    private final Host host;
    private final TunnelSettings settings;
    private final int localTunnelId;
    private final boolean initiator;
    private final ReliableChannel channel;
    private final MessageDecoder decoder;
    private final MessageEncoder encoder;
    private final TunnelAuthentication authentication;
    private final Optional<Octets> tieBreaker;

    private TunnelState state = TunnelState.IDLE;
    private int peerTunnelId;
    private Optional<PeerInfo> peerInfo = Optional.empty();
    private long nowNs;
    private long lastHeardNs;
    private long establishAtNs = Long.MAX_VALUE;
    private long releaseAtNs = Long.MAX_VALUE;
    private boolean peerStopped;

    ControlConnection(Host host, TunnelSettings settings, int localTunnelId, boolean initiator, RandomGenerator random,
            ByteBufAllocator allocator) {
        this.host = host;
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
    }

    private static Octets newTieBreaker(RandomGenerator random) {
        byte[] value = new byte[TIE_BREAKER_BYTES];
        random.nextBytes(value);
        return Octets.of(value);
    }

    /** What comes next happens at this time. */
    void at(long timeNs) { nowNs = timeNs; }

    long nowNs() { return nowNs; }

    // Set-up: RFC 2661 section 7.2.1

    /** The initiator sends SCCRQ. */
    void open() {
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

    void onSccrq(Sccrq sccrq) {
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

    void onSccrp(Sccrp sccrp) {
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

    void onScccn(Scccn scccn) {
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
        host.emit(new TunnelEvent.Opened(peer));
    }

    // Reception

    /**
     * Takes a datagram's numbers. True: its message comes next, then those of {@link #takeNext}.
     */
    boolean receive(ControlHeader header, ByteBuf controlDatagram) {
        lastHeardNs = nowNs;
        return channel.receive(header, controlDatagram, nowNs) == ReliableChannel.Verdict.IN_ORDER;
    }

    /** The next datagram that came too early, when its turn has come. */
    byte @Nullable [] takeNext() {
        return channel.takeNext();
    }

    Decoded decode(ControlHeader header, ByteBuf datagram) {
        return decoder.decode(datagram, datagram.readerIndex() + ControlHeader.LENGTH_BYTES,
                header.lengthBytes() - ControlHeader.LENGTH_BYTES);
    }

    // The end: RFC 2661 section 5.7

    void onStopCcn(int assignedTunnelId, ResultCode result, ErrorCode error, String message) {
        learnTunnelId(assignedTunnelId);
        channel.dropAll();
        peerStopped = true;
        finish(new TunnelEvent.Closed(result, error, message, CloseOrigin.PEER));
    }

    /**
     * After the last message, a StopCCN of the peer or the acknowledgement of ours, what the peer may repeat is acknowledged for a full cycle
     * of retransmissions (RFC 2661 sections 5.7 and 5.8).
     */
    void retainWhenStopped() {
        if (state == TunnelState.CLOSING && releaseAtNs == Long.MAX_VALUE && (peerStopped || channel.isIdle())) {
            releaseAtNs = nowNs + settings.retentionNs();
        }
    }

    /** The peer's id, from a message that tells it and nothing else of use. */
    void learnTunnelId(int assignedTunnelId) {
        if (peerTunnelId == 0) {
            peerTunnelId = assignedTunnelId;
        }
    }

    /** The peer ends, too, what ends here. */
    void onCrossingStopCcn() { peerStopped = true; }

    /** Sends StopCCN because of what the peer did. */
    void stop(ResultCode result, ErrorCode error, String message) {
        stop(result, error, message, CloseOrigin.PROTOCOL);
    }

    /** Sends StopCCN; all calls end. */
    void stop(ResultCode result, ErrorCode error, String message, CloseOrigin origin) {
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
    void discard() {
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
        host.endCalls(closed.origin() == CloseOrigin.PEER);
        host.emit(closed);
    }

    private void release() {
        channel.dropAll();
        releaseAtNs = Long.MAX_VALUE;
        transition(TunnelState.RELEASED);
        host.emit(new TunnelEvent.Released());
    }

    /** The only writer of the state. */
    private void transition(TunnelState to) { state = to; }

    // Time

    /** False: the tunnel is over. */
    boolean onTimeout() {
        if (state == TunnelState.RELEASED) {
            return false;
        }
        channel.onTimeout(nowNs);
        if (channel.isExhausted() || nowNs >= releaseAtNs) {
            giveUp();
            return false;
        }
        if (nowNs >= establishAtNs) {
            stop(ResultCode.STOP_CLEAR, ErrorCode.NONE, "not established in time", CloseOrigin.TIMEOUT);
        }
        return true;
    }

    /** Sends HELLO when it is time. */
    void keepAlive() {
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

    /** {@link Long#MAX_VALUE}: never. */
    long nextDeadlineNs() {
        return state == TunnelState.RELEASED
                ? Long.MAX_VALUE
                : Math.min(Math.min(establishAtNs, releaseAtNs), Math.min(helloAtNs(), channel.nextDeadlineNs()));
    }

    // Output

    void send(ControlMessage message, int peerSessionId) {
        channel.send(encoder.encode(message, peerTunnelId, peerSessionId));
    }

    /** Returns an owned buffer with a whole L2TP control message, null: nothing to send. */
    @Nullable
    ByteBuf pollTransmit() { return channel.pollTransmit(peerTunnelId, nowNs); }

    // State

    TunnelState state() { return state; }

    int localTunnelId() { return localTunnelId; }

    boolean initiator() { return initiator; }

    /** 0: not known yet. */
    int peerTunnelId() { return peerTunnelId; }

    /** What the peer told of itself; empty before its SCCRQ or SCCRP. */
    Optional<PeerInfo> peerInfo() {
        return peerInfo;
    }

    /** What our SCCRQ carries. */
    Optional<Octets> tieBreaker() { return tieBreaker; }

    TunnelStatistics statistics(long malformed, int sessions) {
        ChannelCounters counters = channel.counters();
        return new TunnelStatistics(channel.ns(), channel.nr(), channel.peerWindow(), channel.congestionWindow(),
                channel.slowStartThreshold(), channel.unacknowledgedCount(), channel.waitingCount(),
                counters.messagesSent(), counters.messagesReceived(), counters.acknowledgementsSent(),
                counters.acknowledgementsReceived(), counters.retransmissions(), counters.duplicates(),
                counters.heldOutOfOrder(), counters.outOfWindow(), malformed, sessions);
    }
}

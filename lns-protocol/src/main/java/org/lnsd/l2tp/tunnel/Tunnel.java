package org.lnsd.l2tp.tunnel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.OutgoingCall;
import org.lnsd.l2tp.message.PeerInfo;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.WanErrorCounts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * One control connection and all its calls (RFC 2661 section 7), for either end. One thread at a time.
 *
 * <p>Order of calls: after any input ({@code open}, {@code onDatagram}, {@code onTimeout} or a command) take all of {@link #pollTransmit},
 * then all of {@link #pollEvent}, then arm one timer for {@link #nextDeadlineNs}. Commands given while handling an event need another round.
 * A command for a session that is not in the state for it does nothing.
 */
public final class Tunnel {
    private final int localTunnelId;
    private final Deque<TunnelEvent> events = new ArrayDeque<>();

    private Tunnel(int localTunnelId) { this.localTunnelId = localTunnelId; }

    /** The end that is called: feed it the SCCRQ with {@link #onDatagram}. */
    public static Tunnel accept(TunnelSettings settings, int localTunnelId, RandomGenerator random,
            ByteBufAllocator allocator) {
        return new Tunnel(localTunnelId);
    }

    /** The end that calls: {@link #open} sends SCCRQ. */
    public static Tunnel initiate(TunnelSettings settings, int localTunnelId, RandomGenerator random,
            ByteBufAllocator allocator) {
        return new Tunnel(localTunnelId);
    }

    /** Sends SCCRQ; only for {@link #initiate}. */
    public void open(long nowNs) {}

    /** Borrows a whole L2TP control message; never throws for what it contains. */
    public void onDatagram(ByteBuf controlDatagram, long nowNs) {}

    public void onTimeout(long nowNs) {}

    /** When {@link #onTimeout} is due, {@link Long#MAX_VALUE}: never. */
    public long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    /** Returns an owned buffer with a whole L2TP control message, null: nothing to send. */
    public @Nullable ByteBuf pollTransmit() {
        return null;
    }

    public @Nullable TunnelEvent pollEvent() { return events.poll(); }

    /** Sends StopCCN; all calls end. */
    public void close(ResultCode result, ErrorCode error, String message, long nowNs) {}

    /** Ends without a word to the peer: the loser of a tie (RFC 2661 section 4.4.3). */
    public void discard(long nowNs) {}

    /** LAC: sends ICRQ. Returns the local session id, -1 when the tunnel is full or not established. */
    public int placeIncomingCall(IncomingCall call, long nowNs) {
        return -1;
    }

    /** LAC: sends ICCN after {@link TunnelEvent.CallAnswered}. */
    public void connectIncomingCall(int localSessionId, CallParameters connect, long nowNs) {}

    /** LNS: sends ICRP after {@link TunnelEvent.CallOffered}. */
    public void acceptCall(int localSessionId, long nowNs) {}

    /** LNS: sends OCRQ. Returns the local session id, -1 when the tunnel is full or not established. */
    public int placeOutgoingCall(OutgoingCall call, long nowNs) {
        return -1;
    }

    /** LAC: sends OCRP after {@link TunnelEvent.OutgoingCallRequested}. */
    public void answerOutgoingCall(int localSessionId, long nowNs) {}

    /** LAC: sends OCCN after {@link #answerOutgoingCall}. */
    public void connectOutgoingCall(int localSessionId, CallParameters connect, long nowNs) {}

    /** Sends CDN: ends a call, or refuses one that was offered or requested. */
    public void hangUp(int localSessionId, CallDisconnect cause, long nowNs) {}

    /** LNS: sends SLI. */
    public void setLinkInfo(int localSessionId, int sendAccm, int receiveAccm, long nowNs) {}

    /** LAC: sends WEN. */
    public void reportWanErrors(int localSessionId, WanErrorCounts counts, long nowNs) {}

    /** LAC: sends CSUN (RFC 5515). */
    public void notifySpeeds(int localSessionId, long transmitBps, long receiveBps, long nowNs) {}

    /** LNS: sends CSURQ (RFC 5515). */
    public void requestSpeeds(int localSessionId, long nowNs) {}

    public TunnelState state() { return TunnelState.IDLE; }

    public int localTunnelId() { return localTunnelId; }

    /** 0: not known yet. */
    public int peerTunnelId() { return 0; }

    /** Sessions that are not over. */
    public int sessionCount() { return 0; }

    public TunnelStatistics statistics() {
        return new TunnelStatistics(0, 0, 4, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** What the peer told of itself; empty before its SCCRQ or SCCRP. */
    public Optional<PeerInfo> peerInfo() {
        return Optional.empty();
    }
}

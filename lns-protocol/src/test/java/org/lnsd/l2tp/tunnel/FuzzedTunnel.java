package org.lnsd.l2tp.tunnel;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.header.ControlHeader;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.IncomingCall;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.OutgoingCall;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.WanErrorCounts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** A tunnel under the hand of a fuzzer: octets choose what its peer, its shell and the clock do, and its promises are watched. */
final class FuzzedTunnel {
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int LOCAL_TUNNEL = 7;
    private static final int MAXIMUM_SESSIONS = 8;
    private static final int FUZZED_BODY = 0;
    private static final int MESSAGE_KINDS = 20;

    private final ByteBuf input;
    private final Tunnel tunnel;
    private final boolean initiator;
    private final Set<Integer> sessions = new HashSet<>();
    private int ns;
    private int nr;
    private long nowNs;
    private boolean closed;
    private boolean released;

    FuzzedTunnel(byte[] octets, boolean initiator) {
        input = Unpooled.wrappedBuffer(octets);
        this.initiator = initiator;
        int choice = next();
        TunnelSettings.Builder settings = TunnelSettings.builder("lns").maximumSessions(MAXIMUM_SESSIONS)
                .strict((choice & 1) != 0).hideAvps((choice & 2) != 0).sendTieBreaker((choice & 4) != 0)
                .receiveWindow(1 + (choice >> 5)).helloIntervalNs(60 * SECOND_NS);
        if ((choice & 8) != 0) {
            settings.secret(Secret.of("s3cret"), (choice & 16) != 0);
        }
        tunnel = initiator
                ? Tunnel.initiate(settings.build(), LOCAL_TUNNEL, new SplittableRandom(1), ALLOCATOR)
                : Tunnel.accept(settings.build(), LOCAL_TUNNEL, new SplittableRandom(1), ALLOCATOR);
    }

    private int next() { return input.isReadable() ? input.readUnsignedByte() : 0; }

    boolean hasMore() { return input.isReadable() && !released; }

    void begin() {
        if (initiator) {
            tunnel.open(nowNs);
        }
        drain();
    }

    /** Of four turns the peer has two, the shell and the clock one each. */
    void step() {
        int choice = next();
        switch (choice & 3) {
            case 0, 1 -> receive(choice >> 2);
            case 2 -> command(choice >> 2);
            default -> pass((choice >> 2) * SECOND_NS / 4);
        }
    }

    private void receive(int choice) {
        int kind = choice % MESSAGE_KINDS;
        int skip = next();
        int sessionId = sessionId(next());
        byte[] body = kind == FUZZED_BODY ? fuzzedBody() : legal(kind, next()).toByteArray();
        boolean opening = !initiator && tunnel.state() == TunnelState.IDLE;
        // Mostly in its turn and with everything acknowledged.
        int messageNs = skip < 192 ? ns++ : ns + (byte) skip;
        int messageNr = skip % 16 == 15 ? nr - 1 : nr;
        ByteBuf datagram = Unpooled.buffer().writeShort(0xc802).writeShort(ControlHeader.LENGTH_BYTES + body.length)
                .writeShort(opening ? 0 : LOCAL_TUNNEL).writeShort(sessionId).writeShort(messageNs)
                .writeShort(messageNr).writeBytes(body);
        tunnel.onDatagram(datagram, nowNs);
        drain();
    }

    private byte[] fuzzedBody() {
        byte[] body = new byte[Math.min(next(), input.readableBytes())];
        input.readBytes(body);
        return body;
    }

    private int sessionId(int choice) {
        return choice == 0 ? 0 : sessions.stream().skip(choice % (sessions.size() + 1)).findFirst().orElse(choice);
    }

    private static ScriptedPeer.Avps legal(int kind, int number) {
        return switch (kind) {
            case 1 -> ScriptedPeer.sccrq();
            case 2 -> ScriptedPeer.message(2).number16(2, 0x0100).number32(3, 3).text(7, "lns").number16(9, 5)
                    .number32(4, 3).number16(10, 1 + number);
            case 4 -> ScriptedPeer.message(4).number16(9, ScriptedPeer.PEER_TUNNEL).number16(1, number & 7);
            case 7 -> ScriptedPeer.message(7).number16(14, number).number32(15, 1).number32(16, 1).number32(17, 2)
                    .number32(18, 1).number32(19, 1).text(21, "0800");
            case 8, 11 -> ScriptedPeer.message(kind).number16(14, number);
            case 9, 12 -> ScriptedPeer.message(kind).number32(24, 1_000_000).number32(19, 1);
            case 10 -> ScriptedPeer.icrq(number);
            case 13 -> ScriptedPeer.icrq(number).avp(true, 1999);
            case 14 -> ScriptedPeer.cdn(number);
            case 15 -> ScriptedPeer.message(15).avp(true, 34, new byte[26]);
            case 16 -> ScriptedPeer.message(16).avp(true, 35, new byte[10]);
            case 17, 18 -> ScriptedPeer.message(kind + 11).avp(false, 97, (byte) 0, (byte) 0, (byte) 0, (byte) number,
                    (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
            default -> ScriptedPeer.message(kind);
        };
    }

    private void command(int choice) {
        int session = sessionId(next());
        switch (choice % 10) {
            case 0 -> tunnel.acceptCall(session, nowNs);
            case 1 -> tunnel.hangUp(session, CallDisconnect.of(ResultCode.CDN_ADMINISTRATIVE, "fuzz"), nowNs);
            case 2 -> placed(tunnel.placeIncomingCall(IncomingCall.of(1, "a", "b"), nowNs));
            case 3 -> placed(tunnel.placeOutgoingCall(
                    new OutgoingCall(0, 7, 1, 2, 1, 1, "0800", Optional.empty(), List.of()), nowNs));
            case 4 -> tunnel.connectIncomingCall(session, CallParameters.of(1, 1), nowNs);
            case 5 -> {
                tunnel.answerOutgoingCall(session, nowNs);
                tunnel.connectOutgoingCall(session, CallParameters.of(1, 1), nowNs);
            }
            case 6 -> tunnel.setLinkInfo(session, LinkInfo.of(1, 2), nowNs);
            case 7 -> tunnel.reportWanErrors(session, new WanErrorCounts(1, 2, 3, 4, 5, 6), nowNs);
            case 8 -> {
                tunnel.requestSpeeds(session, nowNs);
                tunnel.notifySpeeds(session, 1, 2, nowNs);
            }
            default -> tunnel.close(ResultCode.STOP_CLEAR, ErrorCode.NONE, "fuzz", nowNs);
        }
        drain();
    }

    /** Time passes; what is due is done when it is due. */
    void pass(long durationNs) {
        long endNs = nowNs + durationNs;
        while (tunnel.nextDeadlineNs() <= endNs) {
            nowNs = Math.max(nowNs, tunnel.nextDeadlineNs());
            tunnel.onTimeout(nowNs);
            drain();
        }
        nowNs = endNs;
    }

    private void drain() {
        int answers = 0;
        for (ByteBuf out = tunnel.pollTransmit(); out != null; out = tunnel.pollTransmit()) {
            ControlHeader header = ControlHeader.read(out);
            require(header.lengthBytes() == out.readableBytes(), "sent " + header);
            if (!header.isZeroLengthBody() && header.ns() == (nr & 0xffff)) {
                nr++;
            }
            out.release();
            require(answers++ <= tunnel.statistics().peerWindow(),
                    answers + " messages at once, more than the peer's window and a ZLB");
        }
        for (TunnelEvent event = tunnel.pollEvent(); event != null; event = tunnel.pollEvent()) {
            watch(event);
        }
        require(tunnel.sessionCount() <= MAXIMUM_SESSIONS && tunnel.sessionCount() <= sessions.size(),
                tunnel.sessionCount() + " sessions, " + sessions.size() + " announced");
    }

    /** Each session begins once and ends once, nothing comes after the end of the tunnel. */
    private void watch(TunnelEvent event) {
        require(!released, event + " after the end");
        switch (event) {
            case TunnelEvent.CallOffered offered -> begins(offered.localSessionId());
            case TunnelEvent.OutgoingCallRequested requested -> begins(requested.localSessionId());
            case TunnelEvent.CallAnswered answered -> require(sessions.contains(answered.localSessionId()), "answered");
            case TunnelEvent.CallConnected connected -> require(sessions.contains(connected.localSessionId()),
                    "connected");
            case TunnelEvent.CallEnded ended -> require(sessions.remove(ended.localSessionId()), "ended twice");
            case TunnelEvent.Closed _ -> {
                require(!closed && tunnel.sessionCount() == 0, "closed");
                closed = true;
            }
            case TunnelEvent.Released() -> released = true;
            default -> {}
        }
    }

    private void placed(int localSessionId) {
        if (localSessionId > 0) {
            begins(localSessionId);
        }
    }

    private void begins(int localSessionId) { require(sessions.add(localSessionId), "session begins twice"); }

    void requireForgotten() {
        boolean begun = tunnel.state() != TunnelState.IDLE;
        require(!begun || (released && tunnel.state() == TunnelState.RELEASED), "left in " + tunnel.state());
        require(!begun || tunnel.nextDeadlineNs() == Long.MAX_VALUE, "a deadline is left");
        require(!released || closed, "released and not closed");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}

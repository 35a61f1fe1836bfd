package org.lnsd.l2tp.tunnel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.header.ControlHeader;
import org.lnsd.l2tp.message.ControlMessage;
import org.lnsd.l2tp.message.Decoded;
import org.lnsd.l2tp.message.MessageDecoder;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** A LAC made of octets: it writes its messages by hand, so that it can write wrong ones, and drives a {@link Tunnel} that accepts. */
final class ScriptedPeer {
    static final int LOCAL_TUNNEL = 0x2222;
    static final int PEER_TUNNEL = 0x1111;

    /** AVPs in the making. */
    static final class Avps {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        Avps raw(int flagsAndLength, int vendorId, int type, byte... value) {
            return put16(flagsAndLength).put16(vendorId).put16(type).put(value);
        }

        Avps avp(boolean mandatory, int type, byte... value) {
            return raw((mandatory ? 0x8000 : 0) | (6 + value.length), 0, type, value);
        }

        Avps number16(int type, int value) { return avp(true, type, (byte) (value >> 8), (byte) value); }

        Avps number32(int type, long value) {
            return avp(true, type, (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value);
        }

        Avps text(int type, String value) { return avp(true, type, value.getBytes(StandardCharsets.US_ASCII)); }

        private Avps put16(int value) {
            octets.write(value >> 8);
            octets.write(value);
            return this;
        }

        private Avps put(byte[] value) {
            octets.writeBytes(value);
            return this;
        }

        byte[] toByteArray() { return octets.toByteArray(); }
    }

    final Tunnel tunnel;
    final List<ControlMessage> received = new ArrayList<>();
    final List<ControlHeader> headers = new ArrayList<>();
    final List<TunnelEvent> events = new ArrayList<>();
    long nowNs = 1_000_000;
    int ns;
    int nr;
    int acknowledgements;
    private final MessageDecoder decoder = new MessageDecoder(null, true);

    ScriptedPeer(TunnelSettings settings) {
        this(Tunnel.accept(settings, LOCAL_TUNNEL, new SplittableRandom(7), UnpooledByteBufAllocator.DEFAULT));
    }

    private ScriptedPeer(Tunnel tunnel) { this.tunnel = tunnel; }

    /** The end that is called, by a tunnel that has sent its SCCRQ. */
    static ScriptedPeer called() {
        ScriptedPeer peer = new ScriptedPeer(Tunnel.initiate(TunnelSettings.builder("lac").build(), LOCAL_TUNNEL,
                new SplittableRandom(7), UnpooledByteBufAllocator.DEFAULT));
        peer.tunnel.open(peer.nowNs);
        peer.drain();
        return peer;
    }

    static ScriptedPeer established(TunnelSettings settings) {
        ScriptedPeer peer = new ScriptedPeer(settings);
        peer.send(0, sccrq());
        peer.send(0, message(3));
        return peer;
    }

    static ScriptedPeer established() { return established(TunnelSettings.builder("lns").build()); }

    static Avps message(int type) { return new Avps().number16(0, type); }

    static Avps sccrq() {
        return message(1).number16(2, 0x0100).number32(3, 3).text(7, "lac").number16(9, PEER_TUNNEL).number16(10, 8);
    }

    static Avps sccrp() {
        return message(2).number16(2, 0x0100).number32(3, 3).text(7, "lns").number16(9, PEER_TUNNEL).number16(10, 8);
    }

    static Avps icrq(int sessionId) { return message(10).number16(14, sessionId).number32(15, sessionId); }

    static Avps iccn() { return message(12).number32(24, 1_000_000).number32(19, 1); }

    static Avps cdn(int sessionId) { return message(14).number16(1, 3).number16(14, sessionId); }

    /** Sends the next message and takes what comes back. */
    void send(int sessionId, Avps avps) {
        sendAs(ns, sessionId, avps);
        ns = (ns + 1) & 0xffff;
    }

    /** Sends a message with a chosen Ns. */
    void sendAs(int messageNs, int sessionId, Avps avps) {
        datagram(tunnel.state() == TunnelState.IDLE ? 0 : LOCAL_TUNNEL, sessionId, messageNs, avps.toByteArray());
    }

    void acknowledge() { datagram(LOCAL_TUNNEL, 0, ns, new byte[0]); }

    void datagram(int tunnelId, int sessionId, int messageNs, byte[] body) {
        ByteBuf out = Unpooled.buffer();
        out.writeShort(0xc802).writeShort(12 + body.length).writeShort(tunnelId).writeShort(sessionId)
                .writeShort(messageNs).writeShort(nr).writeBytes(body);
        tunnel.onDatagram(out, nowNs);
        drain();
    }

    void advance(long durationNs) {
        long endNs = nowNs + durationNs;
        while (tunnel.nextDeadlineNs() <= endNs) {
            nowNs = Math.max(nowNs, tunnel.nextDeadlineNs());
            tunnel.onTimeout(nowNs);
            drain();
        }
        nowNs = endNs;
    }

    void drain() {
        for (ByteBuf out = tunnel.pollTransmit(); out != null; out = tunnel.pollTransmit()) {
            take(out);
            out.release();
        }
        for (TunnelEvent event = tunnel.pollEvent(); event != null; event = tunnel.pollEvent()) {
            events.add(event);
        }
    }

    private void take(ByteBuf out) {
        ControlHeader header = ControlHeader.read(out);
        if (header.isZeroLengthBody()) {
            acknowledgements++;
            return;
        }
        if (header.ns() == nr) {
            nr = (nr + 1) & 0xffff;
        }
        headers.add(header);
        if (decoder.decode(out, ControlHeader.LENGTH_BYTES,
                header.lengthBytes() - ControlHeader.LENGTH_BYTES) instanceof Decoded.Message message) {
            received.add(message.message());
        }
    }

    <T> T last(Class<T> type) { return type.cast(received.getLast()); }

    ControlHeader lastHeader() { return headers.getLast(); }

    <T extends TunnelEvent> @Nullable T event(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).reduce((_, second) -> second).orElse(null);
    }

    <T extends TunnelEvent> T need(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).reduce((_, second) -> second).orElseThrow();
    }

    /** Offers a call and accepts it; the local session id. */
    int accepted(int peerSessionId) {
        send(0, icrq(peerSessionId));
        int localSessionId = need(TunnelEvent.CallOffered.class).localSessionId();
        tunnel.acceptCall(localSessionId, nowNs);
        drain();
        return localSessionId;
    }

    int connected(int peerSessionId) {
        int localSessionId = accepted(peerSessionId);
        send(localSessionId, iccn());
        return localSessionId;
    }
}

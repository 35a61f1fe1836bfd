package org.lnsd.l2tp.tunnel;

import java.util.SplittableRandom;

import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.message.CallParameters;

import com.code_intelligence.jazzer.junit.FuzzTest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

/** A tunnel fed with anything neither throws nor grows. The input is a row of length-prefixed bodies. Fuzzes with JAZZER_FUZZ=1. */
class TunnelFuzzTest {
    private static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false, true);
    private static final int MAXIMUM_SESSIONS = 8;

    @FuzzTest(maxDuration = "1h")
    void talk(byte[] octets) {
        TunnelSettings settings = TunnelSettings.builder("lns").secret(Secret.of("s3cret"), false)
                .maximumSessions(MAXIMUM_SESSIONS).build();
        Tunnel tunnel = Tunnel.accept(settings, 7, new SplittableRandom(1), ALLOCATOR);
        ByteBuf input = Unpooled.wrappedBuffer(octets);
        long nowNs = 0;
        int ns = 0;
        feed(tunnel, ns++, 0, ScriptedPeer.sccrq().toByteArray(), nowNs);
        feed(tunnel, ns, 0, ScriptedPeer.message(3).toByteArray(), nowNs);
        while (input.readableBytes() > 4) {
            int lengthBytes = Math.min(input.readUnsignedByte(), input.readableBytes() - 3);
            int step = input.readByte();
            int sessionId = input.readUnsignedShort();
            byte[] body = new byte[Math.max(0, lengthBytes)];
            input.readBytes(body, 0, Math.min(body.length, input.readableBytes()));
            ns += step == 0 ? 1 : step;
            feed(tunnel, ns, sessionId, body, nowNs);
            nowNs += (step & 0x0f) * 1_000_000_000L;
            if (tunnel.nextDeadlineNs() <= nowNs) {
                tunnel.onTimeout(nowNs);
            }
            drain(tunnel, nowNs);
        }
    }

    private static void feed(Tunnel tunnel, int ns, int sessionId, byte[] body, long nowNs) {
        ByteBuf datagram = Unpooled.buffer().writeShort(0xc802).writeShort(12 + body.length).writeShort(ns == 0 ? 0 : 7)
                .writeShort(sessionId).writeShort(ns).writeShort(tunnel.statistics().ns()).writeBytes(body);
        tunnel.onDatagram(datagram, nowNs);
        drain(tunnel, nowNs);
    }

    private static void drain(Tunnel tunnel, long nowNs) {
        for (TunnelEvent event = tunnel.pollEvent(); event != null; event = tunnel.pollEvent()) {
            switch (event) {
                case TunnelEvent.CallOffered offered -> tunnel.acceptCall(offered.localSessionId(), nowNs);
                case TunnelEvent.OutgoingCallRequested requested -> {
                    tunnel.answerOutgoingCall(requested.localSessionId(), nowNs);
                    tunnel.connectOutgoingCall(requested.localSessionId(), CallParameters.of(1, 1), nowNs);
                }
                default -> {}
            }
        }
        for (ByteBuf out = tunnel.pollTransmit(); out != null; out = tunnel.pollTransmit()) {
            out.release();
        }
        if (tunnel.sessionCount() > MAXIMUM_SESSIONS) {
            throw new IllegalStateException(tunnel.sessionCount() + " sessions");
        }
    }
}

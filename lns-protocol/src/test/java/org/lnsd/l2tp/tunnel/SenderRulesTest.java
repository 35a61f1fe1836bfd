package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.lnsd.l2tp.header.ControlHeader;
import org.lnsd.l2tp.message.CallDisconnect;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.Cdn;
import org.lnsd.l2tp.message.ConnectSpeed;
import org.lnsd.l2tp.message.ControlMessage;
import org.lnsd.l2tp.message.Csun;
import org.lnsd.l2tp.message.Hello;
import org.lnsd.l2tp.message.Iccn;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.MessageEncoder;
import org.lnsd.l2tp.message.Ocrq;
import org.lnsd.l2tp.message.OutgoingCall;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.Sccrp;
import org.lnsd.l2tp.message.Sli;
import org.lnsd.l2tp.message.WanErrorCounts;
import org.lnsd.l2tp.message.Wen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** What a sender owes: RFC 2661 sections 3.1, 4.3, 4.4, 5.3, 6 and 6.5. */
class SenderRulesTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static TunnelSettings.Builder settings() { return TunnelSettings.builder("lns"); }

    private static String hex(ControlMessage message) {
        return HexFormat.of().formatHex(MessageEncoder.plain().encode(message, 1, 2));
    }

    // RFC 2661 sections 3.1, 4.4.3 and 5.3: flags of a control message; the ids are 0 until the peer has told its own
    @Test
    void idsAreZeroUntilThePeerHasAssignedThem() {
        Tunnel initiator = Tunnel.initiate(settings().build(), 7, new SplittableRandom(1),
                UnpooledByteBufAllocator.DEFAULT);
        initiator.open(0);
        ByteBuf sccrq = initiator.pollTransmit();
        assertThat(sccrq.getUnsignedShort(0)).isEqualTo(0xc802);
        assertThat(ControlHeader.read(sccrq)).isEqualTo(new ControlHeader(sccrq.readableBytes(), 0, 0, 0, 0));
        sccrq.release();

        ScriptedPeer peer = new ScriptedPeer(settings().build());
        peer.send(0, ScriptedPeer.sccrq().number32(4, 3));
        peer.send(0, ScriptedPeer.message(3));
        OutgoingCall call = new OutgoingCall(0, 1, 1, 2, 1, 1, "0800", Optional.empty(), List.of());
        int localSessionId = peer.tunnel.placeOutgoingCall(call, peer.nowNs);
        peer.drain();
        assertThat(peer.last(Ocrq.class).call().peerSessionId()).isEqualTo(localSessionId);
        assertThat(peer.lastHeader().sessionId()).isZero();
        assertThat(peer.headers).allMatch(header -> header.tunnelId() == ScriptedPeer.PEER_TUNNEL);
        peer.send(localSessionId, ScriptedPeer.message(8).number16(14, 99));
        peer.tunnel.hangUp(localSessionId, CallDisconnect.of(ResultCode.CDN_BUSY, ""), peer.nowNs);
        peer.drain();
        assertThat(peer.lastHeader().sessionId()).isEqualTo(99);
    }

    // RFC 2661 section 4.3: the H bit needs a shared secret
    @Test
    void nothingIsHiddenWithoutASecret() {
        ScriptedPeer peer = new ScriptedPeer(settings().hideAvps(true).build());
        peer.send(0, ScriptedPeer.sccrq());
        assertThat(peer.last(Sccrp.class).assignedTunnelId()).isEqualTo(ScriptedPeer.LOCAL_TUNNEL);
    }

    // RFC 2661 section 4.4.2: text is UTF-8
    @Test
    void textIsUtf8() {
        assertThat(hex(new Cdn(5, CallDisconnect.of(ResultCode.CDN_ADMINISTRATIVE, "für €"))))
                .contains("0003" + "0000" + "66c3bc7220e282ac");
    }

    // RFC 2661 sections 4.4.6 and 6: reserved fields are 0
    @Test
    void reservedFieldsAreZero() {
        assertThat(hex(new Wen(new WanErrorCounts(1, 2, 3, 4, 5, 6)))).contains("8020" + "00000022" + "0000"
                + "00000001" + "00000002" + "00000003" + "00000004" + "00000005" + "00000006");
        assertThat(hex(new Sli(LinkInfo.of(1, 2)))).contains("8010" + "00000023" + "0000" + "00000001" + "00000002");
    }

    // RFC 2661 section 4.4.5, RFC 5515 section 6.1: 32 bits for a speed, of lines that are faster
    @Test
    void aSpeedBeyond32BitsIsTheMostThatTheyHold() {
        assertThat(hex(new Iccn(CallParameters.builder().txConnectSpeedBps(10_000_000_000L)
                .rxConnectSpeedBps(5_000_000_000L).build()))).contains("800a00000018" + "ffffffff")
                .contains("000a00000026" + "ffffffff");
        assertThat(hex(new Csun(List.of(new ConnectSpeed(7, 10_000_000_000L, 1)))))
                .endsWith("00120000006100000007" + "ffffffff" + "00000001");
    }

    // RFC 2661 section 6.5: a peer need not send HELLO; its acknowledgements of ours are enough
    @Test
    void aPeerThatSendsNoHelloIsNotMissed() {
        ScriptedPeer peer = ScriptedPeer.established(settings().helloIntervalNs(60 * SECOND_NS).build());
        for (int minute = 0; minute < 30; minute++) {
            peer.advance(60 * SECOND_NS);
            peer.acknowledge();
        }
        assertThat(peer.tunnel.state()).isEqualTo(TunnelState.ESTABLISHED);
        assertThat(peer.received.stream().filter(Hello.class::isInstance)).hasSizeGreaterThan(20);
        assertThat(peer.headers).allMatch(header -> header.sessionId() == 0);
    }
}

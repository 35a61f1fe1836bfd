package org.lnsd.l2tp.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.l2tp.message.ControlMessage;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.l2tp.message.StopCcn;

/** The table of RFC 2661 section 7.2.1, cell by cell: what a control connection does with each message in each state, and what it sends. */
class TunnelTableTest {
    /** A session that does not exist. */
    private static final int STRAY_SESSION = 5;

    private static ScriptedPeer peerOf(String state) {
        ScriptedPeer peer = switch (state) {
            case "idle" -> new ScriptedPeer(TunnelSettings.builder("lns").build());
            case "wait-ctl-reply" -> ScriptedPeer.called();
            case "wait-ctl-conn" -> {
                ScriptedPeer waiting = new ScriptedPeer(TunnelSettings.builder("lns").build());
                waiting.send(0, ScriptedPeer.sccrq());
                yield waiting;
            }
            case "established" -> ScriptedPeer.established();
            case "closing" -> {
                ScriptedPeer closing = ScriptedPeer.established();
                closing.send(0, stopCcn());
                yield closing;
            }
            default -> throw new AssertionError(state);
        };
        assertThat(peer.tunnel.state().rfcName()).isEqualTo(state);
        return peer;
    }

    private static ScriptedPeer.Avps stopCcn() {
        return ScriptedPeer.message(4).number16(9, ScriptedPeer.PEER_TUNNEL).number16(1, 1);
    }

    private static void send(ScriptedPeer peer, String message) {
        switch (message) {
            case "SCCRQ" -> peer.send(0, ScriptedPeer.sccrq());
            case "SCCRP" -> peer.send(0, ScriptedPeer.sccrp());
            case "SCCCN" -> peer.send(0, ScriptedPeer.message(3));
            case "StopCCN" -> peer.send(0, stopCcn());
            case "HELLO" -> peer.send(0, ScriptedPeer.message(6));
            case "ICRQ" -> peer.send(0, ScriptedPeer.icrq(9));
            case "OCRQ" -> peer.send(0, ScriptedPeer.message(7).number16(14, 9).number32(15, 1).number32(16, 1)
                    .number32(17, 2).number32(18, 1).number32(19, 1).text(21, "123"));
            case "ICRP" -> peer.send(STRAY_SESSION, ScriptedPeer.message(11).number16(14, 9));
            case "OCRP" -> peer.send(STRAY_SESSION, ScriptedPeer.message(8).number16(14, 9));
            case "ICCN" -> peer.send(STRAY_SESSION, ScriptedPeer.iccn());
            case "OCCN" -> peer.send(STRAY_SESSION, ScriptedPeer.message(9).number32(24, 1).number32(19, 1));
            case "CDN" -> peer.send(STRAY_SESSION, ScriptedPeer.cdn(9));
            default -> throw new AssertionError(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "idle, SCCRQ, wait-ctl-conn, Sccrp", "idle, SCCRP, released, ''", "idle, SCCCN, released, ''",
            "idle, StopCCN, released, ''", "idle, HELLO, released, ''", "idle, ICRQ, released, ''",
            "wait-ctl-reply, SCCRP, established, Scccn", "wait-ctl-reply, SCCRQ, closing, StopCcn",
            "wait-ctl-reply, SCCCN, closing, StopCcn", "wait-ctl-reply, StopCCN, closing, ''",
            "wait-ctl-reply, HELLO, wait-ctl-reply, ''", "wait-ctl-reply, ICRQ, wait-ctl-reply, Cdn",
            "wait-ctl-reply, OCRQ, wait-ctl-reply, Cdn", "wait-ctl-reply, ICCN, wait-ctl-reply, ''",
            "wait-ctl-reply, CDN, wait-ctl-reply, ''",
            "wait-ctl-conn, SCCCN, established, ''", "wait-ctl-conn, SCCRQ, closing, StopCcn",
            "wait-ctl-conn, SCCRP, closing, StopCcn", "wait-ctl-conn, StopCCN, closing, ''",
            "wait-ctl-conn, HELLO, wait-ctl-conn, ''", "wait-ctl-conn, ICRQ, wait-ctl-conn, Cdn",
            "wait-ctl-conn, OCRQ, wait-ctl-conn, Cdn", "wait-ctl-conn, ICCN, wait-ctl-conn, ''",
            "wait-ctl-conn, CDN, wait-ctl-conn, ''",
            "established, SCCRQ, closing, StopCcn", "established, SCCRP, closing, StopCcn",
            "established, SCCCN, closing, StopCcn", "established, StopCCN, closing, ''",
            "established, HELLO, established, ''", "established, ICRQ, established, ''",
            "established, OCRQ, established, ''", "established, ICRP, established, Cdn",
            "established, OCRP, established, Cdn", "established, ICCN, established, Cdn",
            "established, OCCN, established, Cdn", "established, CDN, established, ''",
            "closing, SCCRQ, closing, ''", "closing, SCCCN, closing, ''", "closing, StopCCN, closing, ''",
            "closing, HELLO, closing, ''", "closing, ICRQ, closing, ''", "closing, ICCN, closing, ''"})
    void everyMessageInEveryState(String state, String message, String next, String sent) {
        ScriptedPeer peer = peerOf(state);
        int before = peer.received.size();
        int acknowledgedBefore = peer.acknowledgements;
        send(peer, message);
        assertThat(peer.tunnel.state().rfcName()).isEqualTo(next);
        List<ControlMessage> answers = peer.received.subList(before, peer.received.size());
        assertThat(answers).extracting(answer -> answer.getClass().getSimpleName())
                .isEqualTo(sent.isEmpty() ? List.of() : List.of(sent));
        if (!next.equals("released")) {
            // section 5.8: whatever it is, it is acknowledged, by a message or by itself
            assertThat(answers.size() + peer.acknowledgements).isGreaterThan(acknowledgedBefore);
        }
        if (sent.equals("StopCcn")) {
            assertThat(peer.last(StopCcn.class).resultCode()).isEqualTo(ResultCode.STOP_FSM_ERROR);
        }
        assertThat(peer.event(TunnelEvent.Closed.class) != null).as("told to the shell")
                .isEqualTo(next.equals("closing") || next.equals("released"));
    }
}

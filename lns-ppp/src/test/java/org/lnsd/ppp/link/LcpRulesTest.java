package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** LCP against a scripted peer, rule by rule. */
class LcpRulesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private final Script script = Script.started(AuthenticationProtocol.PAP);

    private String firstRequest() { return script.drained().getFirst(); }

    // RFC 1661 section 6: MRU, authentication, magic number
    @Test
    void asksForMruAuthenticationAndMagic() {
        assertThat(firstRequest()).matches("c02101..0012" + "010405dc" + "0304c023" + "0506.{8}");
    }

    // RFC 1661 section 5.4: all unknown options in one Reject, in order, unchanged
    @Test
    void unknownOptionsInOneReject() {
        firstRequest();
        assertThat(script.send(Script.LCP, 1, 5, "0d0306" + "0506a1b2c3d4" + "6304aabb" + "0304c023"))
                .containsExactly("c021" + Script.packet(4, 5, "0d0306" + "6304aabb" + "0304c023"));
    }

    // RFC 1661 section 6: "options MUST NOT be included more than once"
    @Test
    void repeatedOptionIsRejected() {
        firstRequest();
        assertThat(script.send(Script.LCP, 1, 5, "010405d4" + "010405d0"))
                .containsExactly("c021" + Script.packet(4, 5, "010405d0"));
    }

    // RFC 1661 section 5: invalid packets are silently discarded
    @ParameterizedTest
    @ValueSource(strings = {"0100", "0101", "01ff05dc", "010405dc05", "0506aabb"})
    void optionsThatRunOverTheEndAreNotAnswered(String options) {
        firstRequest();
        assertThat(script.send(Script.LCP, 1, 5, options)).isEmpty();
    }

    // RFC 1661 section 6: a known option with a wrong length is Nak'd with the right one
    @ParameterizedTest
    @ValueSource(strings = {"010305", "0106000005dc", "0504aabb", "070301", "0206000000000000"})
    void wrongOptionLengthIsNeverAcknowledged(String options) {
        firstRequest();
        assertThat(script.send(Script.LCP, 1, 5, options)).allMatch(answer -> !answer.startsWith("c02102"));
    }

    @Test
    void wrongMruLengthGetsNakWithMru() {
        firstRequest();
        assertThat(script.send(Script.LCP, 1, 5, "010305")).containsExactly("c021" + Script.packet(3, 5, "010405dc"));
    }

    // RFC 1661 section 5: octets beyond the length are padding
    @Test
    void paddingIsIgnored() {
        firstRequest();
        assertThat(script.raw("ff03c021" + Script.packet(1, 5, "0506a1b2c3d4") + "00000000"))
                .containsExactly("c021" + Script.packet(2, 5, "0506a1b2c3d4"));
    }

    // RFC 1661 section 5
    @ParameterizedTest
    @ValueSource(strings = {"ff03c021", "ff03c02101", "ff03c021010500", "ff03c02101050003", "ff03c02101050100", "ff",
            "ff03", "ff03c0", "", "00"})
    void runtsAreDropped(String frame) {
        firstRequest();
        assertThat(script.raw(frame)).isEmpty();
    }

    // RFC 1661 section 5.2: identifier and options must match
    @Test
    void acknowledgementThatDoesNotMatchDoesNotCount() {
        String request = firstRequest();
        int id = Integer.parseInt(request.substring(6, 8), 16);
        script.send(Script.LCP, 1, 1, "0506a1b2c3d4");
        script.send(Script.LCP, 2, id + 1 & 0xff, request.substring(12));
        script.send(Script.LCP, 2, id, "010405dc");
        script.send(Script.LCP, 2, id, "");
        assertThat(script.server.saw(LinkEvent.LcpOpened.class)).isFalse();
        script.acknowledge(request);
        assertThat(script.server.saw(LinkEvent.LcpOpened.class)).isTrue();
    }

    // RFC 1661 section 5.4: a Reject that names what was not asked is discarded
    @Test
    void rejectOfWhatWasNotAskedDoesNotCount() {
        String request = firstRequest();
        int id = Integer.parseInt(request.substring(6, 8), 16);
        assertThat(script.send(Script.LCP, 4, id, "0702")).isEmpty();
        assertThat(script.send(Script.LCP, 4, id, request.substring(28))).hasSize(1).first().asString()
                .matches("c02101..000c010405dc0304c023");
    }

    // RFC 1661 section 6.4
    @Test
    void ownMagicComesBackWithAnother() {
        String request = firstRequest();
        String magic = request.substring(28);
        assertThat(script.send(Script.LCP, 1, 5, magic)).hasSize(1).first().asString()
                .matches("c0210305000a0506.{8}").doesNotContain(magic);
    }

    // RFC 1661 section 6.4: a wire that returns everything
    @Test
    void loopIsFoundAndEndsTheLink() {
        List<String> frames = script.drained();
        for (int round = 0; round < 200 && !script.server.saw(LinkEvent.Down.class); round++) {
            var next = new java.util.ArrayList<String>();
            frames.forEach(frame -> next.addAll(script.raw("ff03" + frame)));
            frames = next.isEmpty() ? script.waitFor(SECOND) : next;
        }
        assertThat(script.server.all(LinkEvent.Down.class)).extracting(down -> down.cause().disconnectCode())
                .containsExactly(7);
    }

    // RFC 1661 section 4.6: beyond Max-Failure Naks come Rejects
    @Test
    void naksEndInReject() {
        firstRequest();
        for (int id = 0; id < 5; id++) {
            assertThat(script.send(Script.LCP, 1, id, "01040010"))
                    .containsExactly("c021" + Script.packet(3, id, "01040080"));
        }
        assertThat(script.send(Script.LCP, 1, 6, "01040010")).containsExactly("c021" + Script.packet(4, 6, "01040010"));
    }

    // RFC 1661 section 5.6
    @Test
    void unknownCodeIsRejected() {
        firstRequest();
        String odd = Script.packet(77, 3, "0102");
        assertThat(script.raw("ff03c021" + odd)).containsExactly("c021" + Script.packet(7, 1, odd));
    }

    // RFC 1661 section 5.8: only in Opened, with our magic number
    @Test
    void echoIsAnsweredInOpenedOnly() {
        String request = firstRequest();
        assertThat(script.send(Script.LCP, 9, 8, "a1b2c3d4cafe")).isEmpty();
        script.send(Script.LCP, 1, 1, "0506a1b2c3d4");
        script.acknowledge(request);
        assertThat(script.send(Script.LCP, 9, 8, "a1b2c3d4cafe"))
                .containsExactly("c021" + Script.packet(10, 8, request.substring(32) + "cafe"));
    }

    // RFC 1661 sections 5.8 and 6.1: a reply no longer than the peer's MRU
    @Test
    void echoReplyFitsThePeersMru() {
        script.openLcp("01040080");
        String reply = script.send(Script.LCP, 9, 8, "00000000" + "ab".repeat(400)).getFirst();
        assertThat(reply.length() / 2 - 2).isEqualTo(128);
        assertThat(script.server.link.peerMru()).isEqualTo(128);
    }

    // RFC 1661 section 5.9, RFC 1570 section 2
    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13})
    void discardIdentificationAndTimeRemainingAreTaken(int code) {
        script.openLcp("0506a1b2c3d4");
        assertThat(script.send(Script.LCP, code, 8, "a1b2c3d4cafe")).isEmpty();
    }

    // RFC 1661 section 5.5, RFC 3145 section 3: 3, at the peer
    @Test
    void terminateRequestIsAcknowledgedAndEndsTheLink() {
        script.openLcp("0506a1b2c3d4");
        assertThat(script.send(Script.LCP, 5, 8, "")).containsExactly("c021" + Script.packet(6, 8, ""));
        script.waitFor(SECOND);
        DownCause cause = script.server.all(LinkEvent.Down.class).getFirst().cause();
        assertThat(cause.disconnectCode()).isEqualTo(3);
        assertThat(cause.direction()).isEqualTo(1);
    }

    // RFC 1661 section 5.1: the same identifier again means that our Ack was lost
    @Test
    void repeatedRequestGetsTheAckAgainAndTheLinkStays() {
        script.openLcp("0506a1b2c3d4");
        assertThat(script.send(Script.LCP, 1, 1, "0506a1b2c3d4"))
                .containsExactly("c021" + Script.packet(2, 1, "0506a1b2c3d4"));
        assertThat(script.server.link.view().lcp()).isEqualTo("Opened");
    }

    // RFC 1661 section 4.1: RCR+ in Opened
    @Test
    void newRequestInOpenedNegotiatesAnew() {
        script.openLcp("0506a1b2c3d4");
        List<String> answers = script.send(Script.LCP, 1, 2, "0506a1b2c3d4");
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).startsWith("c02101");
        assertThat(answers.get(1)).isEqualTo("c021" + Script.packet(2, 2, "0506a1b2c3d4"));
        script.acknowledge(answers.getFirst());
        assertThat(script.server.all(LinkEvent.LcpOpened.class)).hasSize(2);
    }

    // RFC 3145 section 3: 6, no LCP was ever heard
    @Test
    void silenceEndsTheLinkAfterMaxConfigure() {
        assertThat(script.waitFor(40 * SECOND)).hasSize(10);
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode()).isEqualTo(6);
    }

    // RFC 1661 section 4.6: a peer that was not listening yet
    @Test
    void firstRequestIsRepeatedBeforeTheAckWhenThePeerStartsLate() {
        String request = firstRequest();
        script.waitFor(SECOND / 10);
        assertThat(script.send(Script.LCP, 1, 1, "0506a1b2c3d4"))
                .containsExactly(request, "c021" + Script.packet(2, 1, "0506a1b2c3d4"));
    }

    // RFC 1661 section 6.6: FF03 until agreed, and always with LCP
    @Test
    void addressAndControlAreLeftOutOnlyWhereAgreed() {
        script.openLcp("0506a1b2c3d4" + "0802");
        assertThat(script.server.link.sendWithAddressControl()).isFalse();
        script.server.receive("c023" + Script.packet(1, 9, "05616c69636506736563726574"), script.nowNs);
        script.server.handleEvents(script.nowNs);
        List<String> frames = script.server.transmitted();
        assertThat(frames.getFirst()).startsWith("c02302");
        script.server.link.close("x", script.nowNs);
        assertThat(script.server.transmitted().getLast()).startsWith("ff03c02105");
    }

    // RFC 1661 section 3.5: a peer that never authenticates; RFC 3145 section 2: the protocol that the code is about
    @Test
    void authenticationTimesOut() {
        script.openLcp("0506a1b2c3d4");
        for (int tick = 0; tick < 50; tick++) {
            script.waitFor(SECOND);
            script.send(Script.LCP, 10, 1, "a1b2c3d4");
        }
        DownCause cause = script.server.all(LinkEvent.Down.class).getFirst().cause();
        assertThat(cause.disconnectCode()).isEqualTo(13);
        assertThat(cause.controlProtocol()).isEqualTo(0xc023);
    }
}

package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** RFC 1661 section 5, packet by packet: identifiers, what refers to what, and what must be left unanswered. */
class LcpPacketRulesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Script script = Script.started(AuthenticationProtocol.PAP);
    private final String request = script.drained().getFirst();

    private static String options(String frame) { return frame.substring(12); }

    private void open(String peerOptions) {
        script.send(Script.LCP, 1, 1, peerOptions);
        script.acknowledge(request);
    }

    private String lcpState() { return script.server.link.view().lcp(); }

    private int disconnectCode() { return script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode(); }

    // section 5.1: unchanged in a repetition, another one when the content changes
    @Test
    void identifierChangesWithTheContentOnly() {
        assertThat(script.waitFor(3 * SECOND)).containsExactly(request);
        String next = script.send(Script.LCP, 3, Script.id(request), "010405a0").getFirst();
        assertThat(Script.id(next)).isEqualTo((Script.id(request) + 1) & 0xff);
        assertThat(options(next)).startsWith("010405a0").endsWith(options(request).substring(8));
        assertThat(script.waitFor(3 * SECOND)).containsExactly(next);
    }

    // section 5.3: a Nak with another identifier, or a second one for the same request, is discarded
    @Test
    void aNakCountsOnceAndForItsRequestOnly() {
        assertThat(script.send(Script.LCP, 3, Script.id(request) + 1 & 0xff, "010405a0")).isEmpty();
        assertThat(script.send(Script.LCP, 3, Script.id(request), "010405a0")).hasSize(1);
        assertThat(script.send(Script.LCP, 3, Script.id(request), "010405a0")).isEmpty();
    }

    // section 5.3: what has no value is rejected, not Nak'd
    @ParameterizedTest
    @ValueSource(strings = {"070301", "08040000"})
    void flagsWithAValueAreRejected(String flag) {
        assertThat(script.send(Script.LCP, 1, 5, flag + Script.PEER))
                .containsExactly("c021" + Script.packet(4, 5, flag));
    }

    // section 5.3: a Nak may ask for options that we do not have; we go on without
    @Test
    void aNakThatAsksForMoreIsAnsweredByWhatWeHave() {
        List<String> answers = script.send(Script.LCP, 3, Script.id(request), "0d0306" + "0408c02500000064");
        assertThat(answers).singleElement().satisfies(next -> {
            assertThat(options(next)).isEqualTo(options(request));
            assertThat(Script.id(next)).isNotEqualTo(Script.id(request));
        });
    }

    // section 6.1: a peer cannot make us promise to take more than is configured
    @Test
    void aLargerMruInANakIsNotTaken() {
        assertThat(options(script.send(Script.LCP, 3, Script.id(request), "01042328").getFirst()))
                .startsWith("010405dc");
    }

    // section 6.2: one authentication protocol a request, whatever the peer asks of us is rejected
    @Test
    void weDoNotAuthenticateToSubscribers() {
        assertThat(script.send(Script.LCP, 1, 5, "0304c023")).containsExactly("c021" + Script.packet(4, 5, "0304c023"));
    }

    // section 3.4: only LCP is heard before it is open
    @ParameterizedTest
    @ValueSource(strings = {Script.PAP, Script.CHAP, Script.IPCP, "80fd", "4321"})
    void othersAreNotAnsweredBeforeLcpIsOpen(String protocol) {
        assertThat(script.send(protocol, 1, 1, "")).isEmpty();
        assertThat(script.server.events).noneMatch(event -> !(event instanceof LinkEvent.Negotiation));
    }

    // section 5.6: a fresh identifier each, cut to the peer's MRU
    @Test
    void codeRejectsHaveIdentifiersOfTheirOwnAndFit() {
        open("01040080");
        String first = script.send(Script.LCP, 99, 3, "ab".repeat(300)).getFirst();
        String second = script.send(Script.LCP, 99, 3, "").getFirst();
        assertThat(first).startsWith("c02107");
        assertThat(first.length() / 2 - 2).isEqualTo(128);
        assertThat(Script.id(second)).isNotEqualTo(Script.id(first));
    }

    // section 5.6: what we can do without may be rejected
    @ParameterizedTest
    @ValueSource(strings = {"08", "09", "0a", "0c", "00", "63"})
    void aCodeRejectOfWhatIsNotNeededIsHarmless(String code) {
        open(Script.PEER);
        assertThat(script.send(Script.LCP, 7, 1, code + "000004")).isEmpty();
        assertThat(lcpState()).isEqualTo("Opened");
    }

    // section 5.6: without these there is no LCP
    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05", "06", "07"})
    void aCodeRejectOfWhatIsNeededEndsTheLink(String code) {
        open(Script.PEER);
        assertThat(script.send(Script.LCP, 7, 1, code + "000004").getFirst()).startsWith("c02105");
        script.waitFor(10 * SECOND);
        assertThat(script.server.saw(LinkEvent.Down.class)).isTrue();
    }

    // section 5.7: discarded outside Opened
    @Test
    void aProtocolRejectBeforeOpenedIsDiscarded() {
        assertThat(script.send(Script.LCP, 8, 1, "c021" + "01010004")).isEmpty();
        assertThat(script.server.saw(LinkEvent.Down.class)).isFalse();
        open(Script.PEER);
        assertThat(lcpState()).isEqualTo("Opened");
    }

    // section 5.7: a peer that rejects LCP itself
    @Test
    void aProtocolRejectOfLcpEndsTheLink() {
        open(Script.PEER);
        assertThat(script.send(Script.LCP, 8, 1, "c021" + "01010004").getFirst()).startsWith("c02105");
    }

    // RFC 3145 section 3: 15
    @Test
    void aProtocolRejectOfAuthenticationEndsTheLinkWithItsCause() {
        open(Script.PEER);
        script.send(Script.LCP, 8, 1, "c023" + "01010004");
        script.waitFor(10 * SECOND);
        assertThat(disconnectCode()).isEqualTo(15);
    }

    // section 3.7: only LCP is heard while the link is being ended
    @Test
    void whileTerminatingNothingButLcpIsHeard() {
        open(Script.PEER);
        script.authenticate();
        script.server.link.close("over", script.nowNs);
        assertThat(script.drained().getFirst()).startsWith("c02105");
        assertThat(script.send(Script.IPCP, 1, 1, "030600000000")).isEmpty();
        assertThat(script.authenticate()).isEmpty();
        assertThat(script.send("80fd", 1, 1, "")).isEmpty();
        assertThat(script.send(Script.LCP, 1, 9, Script.PEER)).as("Closing: section 4.1").isEmpty();
        assertThat(script.send(Script.LCP, 5, 9, "")).containsExactly("c021" + Script.packet(6, 9, ""));
    }

    // section 5.5: repeated until it is answered, at most Max-Terminate times
    @Test
    void ourTerminateRequestIsRepeated() {
        open(Script.PEER);
        script.server.link.close("over", script.nowNs);
        assertThat(script.drained()).singleElement().asString().endsWith("6f766572");
        assertThat(script.waitFor(10 * SECOND)).singleElement().asString().startsWith("c02105");
        assertThat(script.server.saw(LinkEvent.Down.class)).isTrue();
    }

    // section 4.1, simultaneous requests: each end acknowledges the other's
    @Test
    void requestsThatCrossOpenTheLinkInEitherOrder() {
        assertThat(script.acknowledge(request)).isEmpty();
        assertThat(lcpState()).isEqualTo("Ack-Rcvd");
        assertThat(script.send(Script.LCP, 1, 1, Script.PEER))
                .containsExactly("c021" + Script.packet(2, 1, Script.PEER));
        assertThat(lcpState()).isEqualTo("Opened");
    }

    // sections 3.4 and 4.1: in the middle of authentication, whose result then belongs to the past
    @Test
    void lcpNegotiatesAnewDuringAuthentication() {
        open(Script.PEER);
        List<String> answers = script.send(Script.LCP, 1, 2, Script.PEER);
        assertThat(script.authenticate()).as("LCP is not open").isEmpty();
        script.acknowledge(answers.getFirst());
        assertThat(script.authenticate().getFirst()).startsWith("c02302");
    }

    // section 5.8: no echo without its magic number; the data come back as they were
    @Test
    void anEchoWithoutMagicNumberIsDropped() {
        open(Script.PEER);
        assertThat(script.send(Script.LCP, 9, 4, "0000")).isEmpty();
        assertThat(script.send(Script.LCP, 9, 4, "00000000")).singleElement().asString().startsWith("c0210a040008");
    }

    // section 6.4: a peer without magic number is echoed with ours, one that rejects ours with 0
    @Test
    void aRejectedMagicNumberIsZeroInEchoes() {
        String magic = request.substring(28);
        String next = script.send(Script.LCP, 4, Script.id(request), magic).getFirst();
        assertThat(next).doesNotContain(magic);
        script.send(Script.LCP, 1, 1, Script.PEER);
        script.acknowledge(next);
        assertThat(script.send(Script.LCP, 9, 4, "a1b2c3d4aa")).containsExactly("c0210a040009" + "00000000" + "aa");
    }

    // section 2: padding behind an Echo-Request is not its data
    @Test
    void paddingIsNotEchoed() {
        open(Script.PEER);
        assertThat(script.raw("ff03c021" + "09040008" + "a1b2c3d4" + "ffff")).singleElement().asString()
                .startsWith("c0210a040008").hasSize(4 + 16);
    }
}

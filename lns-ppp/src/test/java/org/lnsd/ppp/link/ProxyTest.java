package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.ChapMd5;

/** RFC 2661 section 4.4.5: the LAC's proxied LCP and authentication. */
class ProxyTest {
    private static final byte[] CHALLENGE = hex("00112233445566778899aabbccddeeff");
    private static final String OUR_MAGIC = "01020304";
    private final Script script = new Script(LinkSettings.server());

    private static byte[] hex(String text) { return HexFormat.of().parseHex(text); }

    private static ProxyNegotiation chap(String sent, String received, String password) {
        return proxy(sent, received, 2, CHALLENGE, ChapMd5.response(0x21, password, CHALLENGE));
    }

    private static ProxyNegotiation proxy(String sent, String received, int type, byte @Nullable [] challenge,
            byte[] response) {
        return new ProxyNegotiation(hex(received), hex(sent), hex(received), type,
                "alice".getBytes(StandardCharsets.UTF_8), challenge, 0x21, response);
    }

    private List<String> start(ProxyNegotiation proxy) {
        script.server.link.start(proxy, script.nowNs);
        script.server.handleEvents(script.nowNs);
        return script.drained();
    }

    @Test
    void fittingLcpAndChapNeedNoExchange() {
        List<String> frames = start(chap("010405d40305c223050506" + OUR_MAGIC, "010405d40506a1b2c3d4", "secret"));
        assertThat(frames).hasSize(3);
        assertThat(frames.getFirst()).isEqualTo("c223" + Script.packet(3, 0x21, ""));
        assertThat(frames.subList(1, 3)).allMatch(frame -> frame.startsWith("80"));
        LcpAgreement agreement = script.server.all(LinkEvent.LcpOpened.class).getFirst().agreement();
        assertThat(agreement.proxied()).isTrue();
        assertThat(agreement.peerMru()).isEqualTo(1492);
        assertThat(agreement.localMagic()).isEqualTo(0x01020304);
        assertThat(script.send(Script.LCP, 9, 1, "a1b2c3d4")).containsExactly("c021" + Script.packet(10, 1, OUR_MAGIC));
    }

    @Test
    void wrongProxiedPasswordIsRefusedWithTheProxiedId() {
        List<String> frames = start(chap("010405d40305c223050506" + OUR_MAGIC, "0506a1b2c3d4", "wrong"));
        assertThat(frames.getFirst()).startsWith("c2230421");
        assertThat(frames.get(1)).startsWith("c02105");
    }

    @Test
    void fittingPapNeedsNoExchange() {
        List<String> frames = start(proxy("0304c0230506" + OUR_MAGIC, "0506a1b2c3d4", 3, null,
                "secret".getBytes(StandardCharsets.UTF_8)));
        assertThat(frames.getFirst()).isEqualTo("c023" + Script.packet(2, 0x21, "00"));
    }

    @Test
    void mruBeyondOursIsNegotiatedAgain() {
        assertThat(start(chap("010407d00305c223050506" + OUR_MAGIC, "0506a1b2c3d4", "secret"))).hasSize(1).first()
                .asString()
                .startsWith("c02101").contains("010405dc");
        assertThat(script.server.events).isEmpty();
    }

    @Test
    void peerMruBeyondTheLineIsNegotiatedAgain() {
        assertThat(start(chap("0305c223050506" + OUR_MAGIC, "010407d00506a1b2c3d4", "secret"))).hasSize(1).first()
                .asString()
                .startsWith("c02101");
    }

    @Test
    void authenticationThatIsNotAllowedIsNegotiatedAgain() {
        assertThat(start(chap("0305c223800506" + OUR_MAGIC, "0506a1b2c3d4", "secret")).getFirst()).startsWith("c02101");
    }

    @Test
    void noAuthenticationIsNegotiatedAgain() {
        assertThat(start(chap("0506" + OUR_MAGIC, "0506a1b2c3d4", "secret")).getFirst()).startsWith("c02101");
    }

    // the identifier goes on from the LAC's
    @Test
    void ourChallengeContinuesTheIdentifier() {
        List<String> frames = start(proxy("0305c223050506" + OUR_MAGIC, "0506a1b2c3d4", 4, null, new byte[0]));
        assertThat(frames).hasSize(1).first().asString().startsWith("c2230122");
    }

    @Test
    void peerMayStillNegotiateAnew() {
        start(chap("0305c223050506" + OUR_MAGIC, "0506a1b2c3d4", "secret"));
        List<String> answers = script.send(Script.LCP, 1, 1, "0506a1b2c3d4");
        assertThat(answers).hasSize(2);
        assertThat(script.acknowledge(answers.getFirst()).getFirst()).startsWith("c22301");
    }

    @Test
    void garbageIsNegotiatedAgain() {
        assertThat(start(new ProxyNegotiation(null, hex("01"), hex("00"), 9, null, null, -1, null)).getFirst())
                .startsWith("c02101");
    }

    @Test
    void wholePacketsInsteadOfOptionsAreUnderstood() {
        String sent = Script.packet(1, 7, "0305c223050506" + OUR_MAGIC);
        assertThat(start(chap(sent, Script.packet(1, 3, "0506a1b2c3d4"), "secret")).getFirst()).startsWith("c22303");
    }

    // RFC 2661 section 4.4.5: what the LAC has agreed to stands only where it is what this end would have agreed to
    @ParameterizedTest
    @CsvSource({"01030f, an MRU of one octet", "0104003f, an MRU that no IP packet fits into", "02050000, a short ACCM",
            "0506ffffffff0506, a magic number cut off", "050600000000, the magic number 0", "070300, PFC with a value",
            "080300, ACFC with a value", "0305c22306, an algorithm that is not configured",
            "0304c023, a protocol that is not configured", "110405dc, an MRRU without multilink",
            "1202, short sequence numbers without multilink", "130301, an endpoint without multilink",
            "0d0306, a callback", "0408c02500000064, a quality report", "ff02, an unknown option"})
    void whatTheLacMayNotPromiseForUsIsNegotiatedAgain(String option, String what) {
        Script strict = new Script(LinkSettings.server().authentication(List.of(AuthenticationProtocol.CHAP_MD5)));
        String sent = option.startsWith("03") ? option : "0305c22305" + option;
        strict.server.link.start(chap(sent, "0506a1b2c3d4", "secret"), strict.nowNs);
        strict.server.handleEvents(strict.nowNs);
        assertThat(strict.drained()).as(what).hasSize(1).first().asString().startsWith("c02101");
        assertThat(strict.server.all(LinkEvent.LcpOpened.class)).isEmpty();
    }

    // RFC 1990 section 5.1: the same for the options of multilink, where this end speaks it
    @ParameterizedTest
    @CsvSource({"110405dc, true", "11040400, true", "11040600, false", "110305, false", "110405dc1202, true",
            "110405dc130301, true", "1202, true"})
    void whatTheLacPromisesOfMultilink(String option, boolean stands) {
        Script bundled = new Script(LinkSettings.server().mrru(1500).shortSequenceNumbers(true)
                .authentication(List.of(AuthenticationProtocol.CHAP_MD5)));
        bundled.server.link.start(chap("0305c22305" + option, "0506a1b2c3d4" + option, "secret"), bundled.nowNs);
        bundled.server.handleEvents(bundled.nowNs);
        assertThat(bundled.drained().getFirst()).startsWith(stands ? "c22303" : "c02101");
    }

    @ParameterizedTest
    @CsvSource({"0104003f, an MRU that no IP packet fits into", "050600000000, the magic number 0",
            "0305c22305, that we authenticate", "ff02, an unknown option", "0506, a magic number cut off"})
    void whatWeWouldNotAcknowledgeIsNegotiatedAgain(String received, String what) {
        assertThat(start(chap("0305c223050506" + OUR_MAGIC, received, "secret")).getFirst()).as(what)
                .startsWith("c02101");
    }

    // RFC 2661 section 4.4.5: credentials that do not fit what was agreed prove nothing; LCP stands, and the peer is asked again
    @ParameterizedTest
    @CsvSource({"0304c023, 2, '', 736563726574, PAP agreed but CHAP proxied",
            "0304c023, 4, '', 736563726574, PAP agreed but none proxied",
            "0305c22305, 1, 00112233445566778899aabbccddeeff, 00112233445566778899aabbccddeeff, text proxied",
            "0305c22305, 2, 00112233445566, 00112233445566778899aabbccddeeff, a challenge of 7 octets",
            "0305c22305, 2, 0011223344556677, 0011, a response of 2 octets",
            "0305c22381, 5, 0011223344556677, 00, a challenge too short for MS-CHAPv2",
            "0305c22381, 5, 00112233445566778899aabbccddeeff, 00, a response too short for MS-CHAPv2"})
    void credentialsThatDoNotFitAreAskedForAgain(String agreed, int type, String challenge, String response,
            String what) {
        Script open = new Script(LinkSettings.server().authentication(List.of(AuthenticationProtocol.values())));
        open.server.link.start(proxy(agreed + "0506" + OUR_MAGIC, "0506a1b2c3d4", type,
                challenge.isEmpty() ? null : hex(challenge), hex(response)), open.nowNs);
        open.server.handleEvents(open.nowNs);
        assertThat(open.server.all(LinkEvent.LcpOpened.class)).as(what).hasSize(1);
        assertThat(open.server.all(LinkEvent.AuthenticationRequested.class)).as(what).isEmpty();
        assertThat(open.server.all(LinkEvent.Authenticated.class)).as(what).isEmpty();
    }

    // RFC 1994 section 4.1: a challenge of 8 octets is enough
    @Test
    void aProxiedChallengeOfEightOctetsIsJudged() {
        byte[] challenge = hex("0011223344556677");
        assertThat(start(proxy("0305c223050506" + OUR_MAGIC, "0506a1b2c3d4", 2, challenge,
                ChapMd5.response(0x21, "secret", challenge))).getFirst()).startsWith("c22303");
    }
}

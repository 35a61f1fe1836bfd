package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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
}

package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** What a LAC asks of our LCP, and what LCP makes of it: RFC 3437 sections 2.1 to 2.3. */
class LinkAdviceTest {
    private static final String MRU_1400 = "01040578";
    private static final String ACCM_A = "0206000a0000";
    private static final String MAGIC = "0506a1b2c3d4";

    private static LinkAdvice advice(String want, String allow) {
        return LinkAdvice.of(HexFormat.of().parseHex(want), HexFormat.of().parseHex(allow));
    }

    private static Script advised(LinkAdvice advice) {
        var script = new Script(LinkSettings.server().authentication(List.of(AuthenticationProtocol.PAP)));
        script.server.link.advise(advice);
        script.server.link.start(script.nowNs);
        return script;
    }

    private static LcpAgreement agreement(Script script) {
        return script.server.all(LinkEvent.LcpOpened.class).getLast().agreement();
    }

    // RFC 3437 section 2.1
    @Test
    void theMruAndTheAccmThatAreWantedAreAskedFor() {
        Script script = advised(advice(MRU_1400 + ACCM_A, ""));
        assertThat(script.drained().getFirst()).matches("c02101..0018" + MRU_1400 + ACCM_A + "0304c0230506.{8}");
    }

    @Test
    void moreThanIsConfiguredIsNotAskedFor() {
        Script script = advised(advice("01040640", ""));
        assertThat(script.drained().getFirst()).contains("010405dc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0104", "010305", "01020304050607", "ff", "01040000", "0104002c", "0204aabb"})
    void whatIsNoOptionOrNoValueIsNoWish(String want) {
        assertThat(advice(want, "").localMru()).isEmpty();
        assertThat(advice(want, "").localAccm()).isEmpty();
        assertThat(advice("", want).peerMru()).isEmpty();
    }

    // What a LAC writes is as hostile as anything else
    @Test
    void anyOctetsAreAdviceThatCanBeFollowed() {
        for (long seed = 0; seed < 20_000; seed++) {
            var random = new SplittableRandom(seed);
            byte[] want = new byte[random.nextInt(24)];
            byte[] allow = new byte[random.nextInt(24)];
            for (byte[] list : List.of(want, allow)) {
                random.nextBytes(list);
                for (int index = 0; index + 1 < list.length; index += 4) {
                    list[index] = (byte) random.nextInt(9);
                    list[index + 1] = (byte) random.nextInt(7);
                }
            }
            LinkAdvice advice = LinkAdvice.of(want, allow);
            assertThat(advice.localMru().orElse(68)).as("seed " + seed).isBetween(68, 65_535);
            assertThat(advice.peerMru().orElse(68)).as("seed " + seed).isBetween(68, 65_535);
            Script script = seed % 20 == 0 ? advised(advice) : null;
            if (script != null) {
                script.openLcp("010405dc" + MAGIC);
                assertThat(agreement(script).localMru()).as("seed " + seed).isBetween(68, 1500);
                assertThat(agreement(script).peerMru()).as("seed " + seed).isBetween(68, 1500);
            }
        }
    }

    // RFC 1662 section 7.1: a Nak of the ACCM adds characters
    @Test
    void aNakOfTheAccmAddsItsCharacters() {
        Script script = advised(advice(ACCM_A, ""));
        String request = script.drained().getFirst();
        int id = Integer.parseInt(request.substring(6, 8), 16);
        assertThat(script.send(Script.LCP, 3, id, "0206000000a0")).hasSize(1).first().asString()
                .contains("0206000a00a0");
    }

    @Test
    void aRejectedAccmIsNotAskedForAgain() {
        Script script = advised(advice(ACCM_A, ""));
        String request = script.drained().getFirst();
        int id = Integer.parseInt(request.substring(6, 8), 16);
        String next = script.send(Script.LCP, 4, id, ACCM_A).getFirst();
        assertThat(next).doesNotContain("0206");
        script.send(Script.LCP, 1, 1, MAGIC);
        script.acknowledge(next);
        assertThat(script.server.link.lcpOptions().localAccm()).isEqualTo(-1);
    }

    // RFC 3437 section 2.2
    @Test
    void whatTheLacDoesNotAllowIsNotUsed() {
        Script script = advised(advice("", "010405a0"));
        script.openLcp("010405dc" + MAGIC + "07020802");
        assertThat(agreement(script).peerMru()).isEqualTo(1440);
        assertThat(agreement(script).sendWithAddressControl()).isTrue();
        assertThat(agreement(script).sendProtocolCompressed()).isFalse();
        script = advised(advice("", "07020802"));
        script.openLcp("010405dc" + MAGIC + "07020802");
        assertThat(agreement(script).peerMru()).isEqualTo(1500);
        assertThat(agreement(script).sendWithAddressControl()).isFalse();
        assertThat(agreement(script).sendProtocolCompressed()).isTrue();
    }

    // RFC 3437 section 2.3
    @Test
    void theOptionsOfBothEndsAreKnownAfterwards() {
        Script script = advised(advice(ACCM_A, ""));
        String request = script.drained().getFirst();
        script.send(Script.LCP, 1, 1, "0d0306");
        script.send(Script.LCP, 1, 2, "010405d4" + MAGIC);
        script.acknowledge(request);
        LcpOptions options = script.server.link.lcpOptions();
        assertThat(HexFormat.of().formatHex(options.sent())).isEqualTo(request.substring(12));
        assertThat(HexFormat.of().formatHex(options.received())).isEqualTo("010405d4" + MAGIC);
        assertThat(options.localAccm()).isEqualTo(0x000a0000);
    }

    @Test
    void aNegotiationAnewFollowsTheAdviceToo() {
        Script script = advised(advice(MRU_1400 + ACCM_A, "010405a0"));
        script.openLcp(MAGIC);
        String again = script.send(Script.LCP, 1, 9, "010405d0" + MAGIC).getFirst();
        assertThat(again).contains(MRU_1400 + ACCM_A);
        script.acknowledge(again);
        assertThat(agreement(script).peerMru()).isEqualTo(1440);
        assertThat(HexFormat.of().formatHex(script.server.link.lcpOptions().received())).isEqualTo("010405d0" + MAGIC);
    }

    @Test
    void withoutAdviceNothingOfThePeerIsKept() {
        Script script = Script.inNetworkPhase();
        assertThat(script.server.link.lcpOptions().received()).isEmpty();
        assertThat(script.server.link.lcpOptions().localAccm()).isEqualTo(-1);
    }
}

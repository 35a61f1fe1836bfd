package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.ChapMd5;

/** PAP, CHAP and MS-CHAPv2 at the end that demands proof, packet by packet. */
class AuthenticationRulesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String ALICE = "616c696365";
    private static final HexFormat HEX = HexFormat.of();

    private static String value(String challenge) { return challenge.substring(14, 14 + 32); }

    private static String response(String challenge, String password) {
        return "10" + HEX.formatHex(ChapMd5.response(Script.id(challenge), password, HEX.parseHex(value(challenge))))
                + ALICE;
    }

    private static int disconnectCode(Script script) {
        script.waitFor(10 * SECOND);
        return script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode();
    }

    private static Script pap() {
        Script script = Script.started(AuthenticationProtocol.PAP);
        script.openLcp(Script.PEER);
        return script;
    }

    // RFC 1334 section 2.2.2: the Nak has the request's identifier and a counted message; RFC 3145 section 3: 16
    @Test
    void wrongPasswordIsNakedAndTheLinkEnds() {
        Script script = pap();
        List<String> answers = script.send(Script.PAP, 1, 77, "05" + ALICE + "03" + "626164");
        assertThat(answers.get(0)).startsWith("c023034d");
        int counted = Integer.parseInt(answers.get(0).substring(12, 14), 16);
        assertThat(answers.get(0)).hasSize(2 * (2 + 4 + 1 + counted));
        assertThat(answers.get(1)).startsWith("c02105");
        assertThat(disconnectCode(script)).isEqualTo(16);
    }

    // RFC 1334 section 2.2.1: a name or a password may be empty; the answer is a verdict, not silence
    @Test
    void emptyNamesGetAVerdict() { assertThat(pap().send(Script.PAP, 1, 1, "0000").getFirst()).startsWith("c0230301"); }

    // RFC 1334 section 2.2: what only the other end may send is dropped
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 4, 255})
    void otherPapCodesAreDropped(int code) {
        Script script = pap();
        assertThat(script.send(Script.PAP, code, 1, "05" + ALICE + "06" + "736563726574")).isEmpty();
        assertThat(script.server.saw(LinkEvent.AuthenticationRequested.class)).isFalse();
    }

    // RFC 1661 section 3.5: only the protocol that was agreed
    @Test
    void chapIsNotTakenWherePapWasAgreed() {
        assertThat(pap().send(Script.CHAP, 2, 1, "10" + "00".repeat(16) + ALICE)).isEmpty();
    }

    // RFC 1994 section 4.1: each challenge has another identifier and another value, and is repeated while nobody answers
    @Test
    void challengesAreRepeatedAndNeverTheSame() {
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        var challenges = new java.util.ArrayList<>(script.openLcp(Script.PEER));
        challenges.addAll(script.waitFor(20 * SECOND));
        challenges.removeIf(frame -> !frame.startsWith("c22301"));
        Set<String> values = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        challenges.forEach(challenge -> {
            values.add(value(challenge));
            ids.add(Script.id(challenge));
        });
        assertThat(challenges).hasSizeGreaterThan(4);
        assertThat(values).hasSameSizeAs(challenges);
        assertThat(ids).hasSameSizeAs(challenges);
    }

    // RFC 1994 section 4.2: Failure with the response's identifier, then the link ends
    @Test
    void wrongChapSecretFails() {
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        String challenge = script.openLcp(Script.PEER).getLast();
        List<String> answers = script.send(Script.CHAP, 2, Script.id(challenge), response(challenge, "wrong"));
        assertThat(answers.get(0)).startsWith("c22304%02x".formatted(Script.id(challenge)));
        assertThat(answers.get(1)).startsWith("c02105");
        assertThat(disconnectCode(script)).isEqualTo(16);
    }

    // RFC 1994 section 4.1: values of another length prove nothing
    @ParameterizedTest
    @ValueSource(strings = {"01ff" + ALICE, "0f" + "000102030405060708090a0b0c0d0e" + ALICE})
    void responsesOfAnotherLengthFail(String body) {
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        String challenge = script.openLcp(Script.PEER).getLast();
        assertThat(script.send(Script.CHAP, 2, Script.id(challenge), body).getFirst()).startsWith("c22304");
        assertThat(script.server.saw(LinkEvent.AuthenticationRequested.class)).isFalse();
    }

    // RFC 1994 section 4: a value size beyond the packet is malformed
    @ParameterizedTest
    @ValueSource(strings = {"", "00" + ALICE, "10", "1000", "ff" + ALICE})
    void malformedResponsesAreDropped(String body) {
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        String challenge = script.openLcp(Script.PEER).getLast();
        assertThat(script.send(Script.CHAP, 2, Script.id(challenge), body)).isEmpty();
        assertThat(script.send(Script.CHAP, 2, Script.id(challenge), response(challenge, "secret")).getFirst())
                .startsWith("c22303");
    }

    // RFC 1994 section 4: we are not challenged by a subscriber, nor do its verdicts count
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 6, 7, 8, 255})
    void otherChapCodesAreDropped(int code) {
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        String challenge = script.openLcp(Script.PEER).getLast();
        assertThat(script.send(Script.CHAP, code, Script.id(challenge), response(challenge, "secret"))).isEmpty();
        assertThat(script.server.saw(LinkEvent.AuthenticationRequested.class)).isFalse();
    }

    // RFC 1994 section 4.1: a recorded response is worth nothing after the link has begun anew
    @Test
    void aReplayedResponseFails() {
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        String challenge = script.openLcp(Script.PEER).getLast();
        String recorded = response(challenge, "secret");
        script.send(Script.CHAP, 2, Script.id(challenge), recorded);
        String anew = script.send(Script.LCP, 1, 2, Script.PEER).getFirst();
        String next = script.acknowledge(anew).getLast();
        assertThat(next).startsWith("c22301");
        assertThat(value(next)).isNotEqualTo(value(challenge));
        assertThat(script.send(Script.CHAP, 2, Script.id(next), recorded).getFirst()).startsWith("c22304");
    }

    // RFC 1994 section 4.2: Success has the identifier of the response, which the peer may give to a later challenge as well
    @Test
    void whoAnswersTwoChallengesIsToldWithTheIdentifierOfEach() {
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        String first = script.openLcp(Script.PEER).getLast();
        String second = script.waitFor(4 * SECOND).getLast();
        assertThat(Script.id(second)).isNotEqualTo(Script.id(first));
        assertThat(script.send(Script.CHAP, 2, Script.id(first), response(first, "secret")).getFirst())
                .startsWith("c22303%02x".formatted(Script.id(first)));
        assertThat(script.send(Script.CHAP, 2, Script.id(second), response(second, "secret")))
                .hasSize(1).first().asString().startsWith("c22303%02x".formatted(Script.id(second)));
        assertThat(script.server.all(LinkEvent.AuthenticationRequested.class)).hasSize(1);
        assertThat(script.send(Script.CHAP, 2, Script.id(second) + 1 & 0xff, response(second, "secret"))).isEmpty();
    }

    // RFC 2759 section 6: error 691, no retry, version 3
    @Test
    void wrongMsChapV2TellsTheError() {
        Script script = Script.started(AuthenticationProtocol.MSCHAPV2);
        String challenge = script.openLcp(Script.PEER).getLast();
        assertThat(Integer.parseInt(challenge.substring(12, 14), 16)).as("octets of challenge").isEqualTo(16);
        String failure = script.send(Script.CHAP, 2, Script.id(challenge), "31" + "00".repeat(49) + ALICE).getFirst();
        assertThat(failure).startsWith("c22304%02x".formatted(Script.id(challenge)));
        assertThat(new String(HEX.parseHex(failure.substring(12)), java.nio.charset.StandardCharsets.US_ASCII))
                .matches("E=691 R=0 C=[0-9A-F]{32} V=3 M=.*");
    }
}

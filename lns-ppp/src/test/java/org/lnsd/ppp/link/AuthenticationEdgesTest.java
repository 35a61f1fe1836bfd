package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.ChapMd5;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.auth.MsChapV2;

/** What subscribers, their modems and hostile ones send to the authenticator beside the usual: RFC 1334, 1994, 2759. */
class AuthenticationEdgesTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String ALICE = HEX.formatHex("alice".getBytes(StandardCharsets.US_ASCII));
    private static final String RIGHT = "05" + ALICE + "06" + "736563726574";
    private static final String WRONG = "05" + ALICE + "03" + "626164";

    private static byte[] challengeValue(String challenge) { return HEX.parseHex(challenge.substring(14, 14 + 32)); }

    /** A link that waits for proof, whose shell does not answer yet. */
    private static Script waiting(AuthenticationProtocol protocol, List<String> challenges) {
        Script script = Script.started(protocol);
        script.openLcp(Script.PEER).stream().filter(frame -> frame.startsWith("c22301")).forEach(challenges::add);
        return script;
    }

    private static Script pap() { return waiting(AuthenticationProtocol.PAP, new java.util.ArrayList<>()); }

    private static List<LinkEvent.AuthenticationRequested> asked(Script script) {
        return script.server.all(LinkEvent.AuthenticationRequested.class);
    }

    private static String chapBody(String challenge, String password, String name) {
        return "10" + HEX.formatHex(ChapMd5.response(Script.id(challenge), password, challengeValue(challenge))) + name;
    }

    // ---- PAP ----------------------------------------------------------------------------------------------------------

    // RFC 1334 section 2.2.1: name and password of up to 255 octets each
    @Test
    void theLongestNameAndPasswordAreTaken() {
        Script script = pap();
        script.send(Script.PAP, 1, 1, "ff" + "61".repeat(255) + "ff" + "62".repeat(255));
        assertThat(asked(script)).singleElement().satisfies(event -> {
            Credentials.Pap pap = (Credentials.Pap) event.credentials();
            assertThat(pap.user()).isEqualTo("a".repeat(255));
            assertThat(pap.password()).hasSize(255).containsOnly('b');
        });
    }

    // RFC 1334 section 2.2.1: names are octets; what is no UTF-8 is taken as ISO 8859-1, and none is lost
    @ParameterizedTest
    @CsvSource({"c3a4,ä", "e4,ä", "efbfbd,\uFFFD"})
    void namesOfAnyOctetsAreTaken(String octets, String name) {
        Script script = pap();
        script.send(Script.PAP, 1, 1, "%02x".formatted(octets.length() / 2) + octets + "00");
        assertThat(asked(script).getFirst().credentials().user()).isEqualTo(name);
    }

    // RFC 1334 section 2.2.1: a request that is repeated while we ask gets one verdict, with the identifier that came last
    @Test
    void aRequestRepeatedBeforeTheVerdictIsAskedAboutOnce() {
        Script script = pap();
        script.server.receive("ff03c023" + Script.packet(1, 4, RIGHT), script.nowNs);
        script.server.receive("ff03c023" + Script.packet(1, 5, RIGHT), script.nowNs);
        script.server.handleEvents(script.nowNs);
        assertThat(asked(script)).hasSize(1);
        assertThat(script.drained()).filteredOn(frame -> frame.startsWith("c023"))
                .containsExactly("c023" + Script.packet(2, 5, "00"));
    }

    // RFC 1334 section 2.2.1: after the phase is over the same reply code, whatever is shown then
    @Test
    void theVerdictStandsWhateverIsShownLater() {
        Script script = pap();
        script.send(Script.PAP, 1, 1, RIGHT);
        assertThat(script.send(Script.PAP, 1, 2, WRONG)).containsExactly("c023" + Script.packet(2, 2, "00"));
        assertThat(asked(script)).hasSize(1);
    }

    // RFC 1334 section 2.2.1: in any other phase silently discarded; a password that comes right too late does not help
    @Test
    void afterANakTheRightPasswordIsNotHeard() {
        Script script = pap();
        assertThat(script.send(Script.PAP, 1, 1, WRONG).getFirst()).startsWith("c02303");
        assertThat(script.send(Script.PAP, 1, 2, RIGHT)).isEmpty();
        assertThat(asked(script)).hasSize(1);
    }

    // ---- CHAP ---------------------------------------------------------------------------------------------------------

    // RFC 1994 section 4.1: the name may be empty, and any octets behind the value are the name
    @ParameterizedTest
    @CsvSource({"'',''", "616c696365,alice", "e4,ä"})
    void anyNameGetsAVerdict(String octets, String name) {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.CHAP_MD5, challenges);
        String challenge = challenges.getLast();
        assertThat(script.send(Script.CHAP, 2, Script.id(challenge), chapBody(challenge, "secret", octets)).getFirst())
                .startsWith("c22303");
        assertThat(asked(script).getFirst().credentials().user()).isEqualTo(name);
    }

    // RFC 1994 section 4.1: a Response before any Challenge, and one with an identifier that was never used
    @Test
    void responsesToNoChallengeAreDiscarded() {
        var challenges = new java.util.ArrayList<String>();
        Script script = Script.started(AuthenticationProtocol.CHAP_MD5);
        assertThat(script.send(Script.CHAP, 2, 0, "10" + "00".repeat(16) + ALICE))
                .allMatch(frame -> frame.startsWith("c021"));
        Script open = waiting(AuthenticationProtocol.CHAP_MD5, challenges);
        int used = Script.id(challenges.getLast());
        for (int identifier = 0; identifier < 256; identifier++) {
            if (identifier != used) {
                assertThat(open.send(Script.CHAP, 2, identifier, chapBody(challenges.getLast(), "secret", ALICE)))
                        .isEmpty();
            }
        }
        assertThat(asked(open)).isEmpty();
    }

    // RFC 1994 section 4.1: after Success a Response of the same identifier gets Success again, also with another value
    @Test
    void theVerdictOfAChallengeStands() {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.CHAP_MD5, challenges);
        String challenge = challenges.getLast();
        script.send(Script.CHAP, 2, Script.id(challenge), chapBody(challenge, "secret", ALICE));
        assertThat(script.send(Script.CHAP, 2, Script.id(challenge), chapBody(challenge, "guess", ALICE)))
                .singleElement().asString().startsWith("c22303");
        assertThat(asked(script)).as("a guess is not checked").hasSize(1);
    }

    // RFC 1994 sections 2 and 4.2: a challenge in the network phase that is not answered, or not rightly, ends the link
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLaterChallengeMustBeAnswered(boolean answered) {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.CHAP_MD5, challenges);
        String first = challenges.getLast();
        script.send(Script.CHAP, 2, Script.id(first), chapBody(first, "secret", ALICE)).stream()
                .filter(frame -> frame.startsWith("802101")).forEach(script::acknowledge);
        script.send(Script.IPCP, 1, 1, "0306cb007107");
        script.server.link.reauthenticate(script.nowNs);
        String second = script.drained().getLast();
        assertThat(second).startsWith("c22301");
        assertThat(Script.id(second)).isNotEqualTo(Script.id(first));
        assertThat(script.send(Script.CHAP, 2, Script.id(first), chapBody(first, "secret", ALICE))).as("of the past")
                .isEmpty();
        if (answered) {
            assertThat(script.send(Script.CHAP, 2, Script.id(second), chapBody(second, "wrong", ALICE)).getFirst())
                    .startsWith("c22304%02x".formatted(Script.id(second)));
        }
        script.waitFor(TimeUnit.SECONDS.toNanos(60));
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode())
                .isEqualTo(answered ? 16 : 13);
    }

    // RFC 1661 section 5.7: a Protocol-Reject counts for what we send; the cause is RFC 3145's 15
    @Test
    void aProtocolRejectOfALaterChallengeEndsTheLink() {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.CHAP_MD5, challenges);
        String first = challenges.getLast();
        script.send(Script.CHAP, 2, Script.id(first), chapBody(first, "secret", ALICE));
        assertThat(script.send(Script.LCP, 8, 1, "c223" + "01010004")).as("nothing is outstanding").isEmpty();
        script.server.link.reauthenticate(script.nowNs);
        script.drained();
        assertThat(script.send(Script.LCP, 8, 2, "c223" + "01010004").getFirst()).startsWith("c02105");
        script.waitFor(TimeUnit.SECONDS.toNanos(10));
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode()).isEqualTo(15);
    }

    // RFC 1661 section 5.7: of a protocol that we do not speak on this link
    @Test
    void aProtocolRejectOfAnotherAuthenticationIsHarmless() {
        Script script = pap();
        assertThat(script.send(Script.LCP, 8, 1, "c223" + "01010004")).isEmpty();
        assertThat(script.send(Script.PAP, 1, 1, RIGHT).getFirst()).startsWith("c02302");
    }

    // ---- MS-CHAPv2 ----------------------------------------------------------------------------------------------------

    private static final byte[] PEER_CHALLENGE = HEX.parseHex("000102030405060708090a0b0c0d0e0f");

    private static String msChapBody(String challenge, String reserved, String flags) {
        byte[] response = MsChapV2.ntResponse(challengeValue(challenge), PEER_CHALLENGE, "alice", "secret");
        return "31" + HEX.formatHex(PEER_CHALLENGE) + reserved + HEX.formatHex(response) + flags + ALICE;
    }

    // RFC 2759 section 4: reserved octets and flags must be zero when they are sent; who sends others is not shut out
    @ParameterizedTest
    @CsvSource({"0000000000000000,00", "ffffffffffffffff,00", "0000000000000000,01", "0102030405060708,ff"})
    void reservedOctetsAndFlagsAreNotLookedAt(String reserved, String flags) {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.MSCHAPV2, challenges);
        String challenge = challenges.getLast();
        String success = script.send(Script.CHAP, 2, Script.id(challenge), msChapBody(challenge, reserved, flags))
                .getFirst();
        assertThat(success).startsWith("c22303%02x".formatted(Script.id(challenge)));
        assertThat(new String(HEX.parseHex(success.substring(12)), StandardCharsets.US_ASCII))
                .matches("S=[0-9A-F]{40} M=welcome");
    }

    // RFC 2759 section 5: "S=" with the proof, " M=" with words; RFC 2548 section 2.3.3: as a server gave them
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"S=00 | '' | S=00 M=welcome", "S=00 | hello | S=00 M=hello",
            "S=00 M=from afar | hello | S=00 M=from afar"})
    void successHasTheProofAndWords(String proof, String message, String text) {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.MSCHAPV2, challenges);
        String challenge = challenges.getLast();
        script.server.receive("ff03c223" + Script.packet(2, Script.id(challenge),
                msChapBody(challenge, "0000000000000000", "00")), script.nowNs);
        script.server.link.authenticationSucceeded(new AuthenticationResult.Success(message, Optional.of(proof)),
                script.nowNs);
        assertThat(new String(HEX.parseHex(script.drained().getFirst().substring(12)), StandardCharsets.US_ASCII))
                .isEqualTo(text);
    }

    // RFC 2759 section 4: 49 octets, no more and no fewer
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 24, 48, 50, 255})
    void responsesOfAnotherLengthFail(int octets) {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.MSCHAPV2, challenges);
        String body = "%02x".formatted(octets) + "00".repeat(octets) + ALICE;
        assertThat(script.send(Script.CHAP, 2, Script.id(challenges.getLast()), body).getFirst()).startsWith("c22304");
        assertThat(asked(script)).isEmpty();
    }

    // RFC 2759 section 6, RFC 2548 section 2.1.5: the server's error number and words are the subscriber's, the rest is ours
    @Test
    void theErrorOfTheServerIsPassedOn() {
        var challenges = new java.util.ArrayList<String>();
        Script script = waiting(AuthenticationProtocol.MSCHAPV2, challenges);
        String challenge = challenges.getLast();
        script.server.receive("ff03c223" + Script.packet(2, Script.id(challenge),
                msChapBody(challenge, "0000000000000000", "00")), script.nowNs);
        script.server.link.authenticationFailed(
                "E=648 R=1 C=00112233445566778899AABBCCDDEEFF V=3 M=Your password has expired", script.nowNs);
        String failure = script.drained().getFirst();
        assertThat(new String(HEX.parseHex(failure.substring(12)), StandardCharsets.US_ASCII))
                .matches("E=648 R=0 C=[0-9A-F]{32} V=3 M=Your password has expired")
                .doesNotContain("00112233445566778899AABBCCDDEEFF");
        script.waitFor(TimeUnit.SECONDS.toNanos(10));
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().text())
                .isEqualTo("Your password has expired");
    }
}

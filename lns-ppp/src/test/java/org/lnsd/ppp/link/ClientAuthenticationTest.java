package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.ChapMd5;
import org.lnsd.ppp.auth.MsChapV2;

/** PAP, CHAP and MS-CHAPv2 at the end that proves itself, packet by packet. */
class ClientAuthenticationTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final HexFormat HEX = HexFormat.of();
    private static final String PAP = "0304c023";
    private static final String CHAP = "0305c22305";
    private static final String MS_CHAP_V2 = "0305c22381";
    private static final String ALICE = "616c696365";
    private static final String SECRET = "736563726574";
    private static final String CHALLENGE = "00112233445566778899aabbccddeeff";
    private static final String SERVER = "6c6e73";

    private final Script script = new Script(LinkSettings.client("alice", "secret"));

    /** LCP is open and the peer demands this; returns what the link says then. */
    private List<String> demanded(String authentication) {
        script.server.link.start(script.nowNs);
        return script.openLcp(Script.PEER + authentication);
    }

    private String challenge(int id, String value) {
        List<String> answers = script.send(Script.CHAP, 1, id, "%02x".formatted(value.length() / 2) + value + SERVER);
        return answers.isEmpty() ? "" : answers.getFirst();
    }

    private static String md5Response(int id, String challenge) {
        return "c223" + Script.packet(2, id,
                "10" + HEX.formatHex(ChapMd5.response(id, "secret", HEX.parseHex(challenge))) + ALICE);
    }

    private boolean isAuthenticated() { return script.server.saw(LinkEvent.Authenticated.class); }

    private DownCause.Reason end() {
        script.waitFor(10 * SECOND);
        return script.server.all(LinkEvent.Down.class).getFirst().cause().reason();
    }

    private List<String> papRequests(long durationNs) {
        List<String> requests = new ArrayList<>(demanded(PAP));
        requests.addAll(script.waitFor(durationNs));
        requests.removeIf(frame -> !frame.startsWith("c023"));
        return requests;
    }

    // RFC 1334 section 2.2.1: repeated until it is answered, a limited number of times, each with an identifier of its own
    @Test
    void papAsksUntilItIsAnswered() {
        List<String> requests = papRequests(60 * SECOND);
        assertThat(requests).hasSize(10).doesNotHaveDuplicates();
        for (String request : requests) {
            assertThat(request).isEqualTo("c023" + Script.packet(1, Script.id(request), "05" + ALICE + "06" + SECRET));
        }
        assertThat(end()).isEqualTo(DownCause.Reason.AUTHENTICATION_TIMEOUT);
    }

    // RFC 1334 section 2.2.2: the answer has the identifier of a request, perhaps of one that was repeated meanwhile
    @ParameterizedTest
    @CsvSource({"2,0,true", "2,-1,true", "2,-2,true", "2,-3,false", "2,1,false", "3,1,false", "3,-3,false", "1,0,false",
            "4,0,false"})
    void papTakesTheAnswersToItsRequestsOnly(int code, int idOffset, boolean taken) {
        String last = papRequests(7 * SECOND).getLast();
        script.send(Script.PAP, code, Script.id(last) + idOffset & 0xff, "00");
        assertThat(isAuthenticated()).isEqualTo(taken);
        assertThat(script.server.saw(LinkEvent.Down.class)).isFalse();
        script.send(Script.PAP, 2, Script.id(last), "00");
        script.send(Script.PAP, 2, Script.id(last), "00");
        assertThat(script.server.all(LinkEvent.Authenticated.class)).as("once").hasSize(1);
    }

    @Test
    void aPapNakEndsTheLinkWithTheWordsOfTheServer() {
        String request = demanded(PAP).getLast();
        script.send(Script.PAP, 3, Script.id(request), "04" + "6e6f7065");
        assertThat(end()).isEqualTo(DownCause.Reason.AUTHENTICATION_FAILED);
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().text()).contains("nope");
        assertThat(isAuthenticated()).isFalse();
    }

    // RFC 1994 section 4.1: a Response for each Challenge; the same one to the same Challenge
    @Test
    void chapAnswersEachChallenge() {
        assertThat(demanded(CHAP)).as("nothing before a challenge").isEmpty();
        assertThat(challenge(7, CHALLENGE)).isEqualTo(md5Response(7, CHALLENGE));
        assertThat(challenge(7, CHALLENGE)).isEqualTo(md5Response(7, CHALLENGE));
        assertThat(challenge(8, "ff" + CHALLENGE)).isEqualTo(md5Response(8, "ff" + CHALLENGE));
        script.send(Script.CHAP, 3, 7, "");
        assertThat(isAuthenticated()).as("the answer to the former one").isFalse();
        script.send(Script.CHAP, 3, 8, "");
        assertThat(isAuthenticated()).isTrue();
        assertThat(challenge(9, CHALLENGE)).as("later again").isEqualTo(md5Response(9, CHALLENGE));
        script.send(Script.CHAP, 3, 9, "");
        assertThat(script.server.all(LinkEvent.Authenticated.class)).hasSize(1);
    }

    // RFC 1994 section 4.2: a Failure at any time ends the link; without a Response of ours there is none
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChapFailureEndsTheLink(boolean later) {
        demanded(CHAP);
        script.send(Script.CHAP, 4, 0, "");
        script.send(Script.CHAP, 3, 0, "");
        assertThat(script.server.saw(LinkEvent.Down.class) || isAuthenticated()).isFalse();
        challenge(3, CHALLENGE);
        if (later) {
            script.send(Script.CHAP, 3, 3, "");
            challenge(4, CHALLENGE);
        }
        script.send(Script.CHAP, 4, later ? 4 : 3, "6e6f7065");
        assertThat(end()).isEqualTo(DownCause.Reason.AUTHENTICATION_FAILED);
    }

    // RFC 1994 section 4.1: at least one octet of challenge, and the counted ones must be there
    @ParameterizedTest
    @ValueSource(strings = {"", "10", "1000", "00"})
    void malformedChallengesAreNotAnswered(String body) {
        demanded(CHAP);
        assertThat(script.send(Script.CHAP, 1, 1, body)).isEmpty();
    }

    // RFC 2759 section 3: a challenge of 16 octets
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 15, 17, 255})
    void msChapV2ChallengesOfAnotherLengthAreNotAnswered(int octets) {
        demanded(MS_CHAP_V2);
        assertThat(challenge(1, "aa".repeat(octets))).isEmpty();
    }

    // RFC 2759 section 5: a server that does not prove that it knows the password is not believed
    @ParameterizedTest
    @CsvSource({"'%s', true", "'%s M=welcome', true", "'S=0000000000000000000000000000000000000000', false",
            "'M=welcome', false", "'', false", "'S=', false"})
    void msChapV2WantsTheProofOfTheServer(String success, boolean believed) {
        demanded(MS_CHAP_V2);
        byte[] response = HEX.parseHex(challenge(1, CHALLENGE).substring(14, 14 + 98));
        byte[] challenge = HEX.parseHex(CHALLENGE);
        byte[] peerChallenge = Arrays.copyOf(response, 16);
        byte[] ntResponse = Arrays.copyOfRange(response, 24, 48);
        assertThat(ntResponse).isEqualTo(MsChapV2.ntResponse(challenge, peerChallenge, "alice", "secret"));
        String proof = MsChapV2.authenticatorResponse("secret", ntResponse, peerChallenge, challenge, "alice");
        script.send(Script.CHAP, 3, 1, HEX.formatHex(success.formatted(proof).getBytes(StandardCharsets.US_ASCII)));
        assertThat(isAuthenticated()).isEqualTo(believed);
        if (!believed) {
            assertThat(end()).isEqualTo(DownCause.Reason.AUTHENTICATION_FAILED);
        }
    }

    // RFC 1661 section 5.7: a Protocol-Reject of what is outstanding ends the link, of what is done it does not
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProtocolRejectOfOurRequestEndsTheLink(boolean answered) {
        String request = demanded(PAP).getLast();
        if (answered) {
            script.send(Script.PAP, 2, Script.id(request), "00");
        }
        script.send(Script.LCP, 8, 1, request);
        script.waitFor(10 * SECOND); // LCP Terminate first
        assertThat(script.server.saw(LinkEvent.Down.class)).isEqualTo(!answered);
    }

    // RFC 1661 section 3.5: only the protocol that was agreed
    @ParameterizedTest
    @CsvSource({PAP + ",c223,1," + "10" + CHALLENGE + SERVER, CHAP + ",c023,2,00"})
    void packetsOfAnotherProtocolAreNotHeard(String agreed, String protocol, int code, String body) {
        demanded(agreed);
        for (int id = 0; id < 256; id++) {
            assertThat(script.send(protocol, code, id, body)).isEmpty();
        }
        assertThat(isAuthenticated()).isFalse();
    }
}

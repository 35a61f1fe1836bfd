package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** All 256 codes in every state in which a packet is heard. */
class ControlCodesTest {
    private static final long RESTART_TIMER_NS = TimeUnit.SECONDS.toNanos(3);

    private static Script lcpIn(String state) {
        Script script = Script.started(AuthenticationProtocol.PAP);
        String request = script.drained().getFirst();
        switch (state) {
            case "Req-Sent" -> {}
            case "Ack-Rcvd" -> script.acknowledge(request);
            case "Ack-Sent" -> script.send(Script.LCP, 1, 1, Script.PEER);
            default -> {
                script.send(Script.LCP, 1, 1, Script.PEER);
                script.acknowledge(request);
            }
        }
        if (state.equals("Closing")) {
            script.server.link.close("over", script.nowNs);
            script.drained();
        } else if (state.equals("Stopping")) {
            script.send(Script.LCP, 5, 1, "");
        }
        assertThat(script.server.link.view().lcp()).isEqualTo(state);
        return script;
    }

    private static List<String> rejected(Script script, String protocol, int code) {
        String packet = Script.packet(code, code ^ 0x55, "a1b2c3d400");
        List<String> answers = script.send(protocol, code, code ^ 0x55, "a1b2c3d400");
        assertThat(answers).as("code %d", code).singleElement().asString().matches(protocol + "07..000d" + packet);
        return answers;
    }

    // RFC 1661 section 5.6, RFC 2153 section 1.1 (code 0 is a vendor's: RUC), RFC 1570 section 2
    @ParameterizedTest
    @ValueSource(strings = {"Req-Sent", "Ack-Rcvd", "Ack-Sent", "Opened", "Closing", "Stopping"})
    void unknownCodesOfLcpAreRejectedInEveryState(String state) {
        Script script = lcpIn(state);
        int[] codes = IntStream.concat(IntStream.of(0), IntStream.rangeClosed(14, 255)).toArray();
        var identifiers = new java.util.HashSet<String>();
        for (int code : codes) {
            identifiers.add(rejected(script, Script.LCP, code).getFirst().substring(6, 8));
            assertThat(script.server.link.view().lcp()).isEqualTo(state);
        }
        assertThat(identifiers).as("a new identifier each").hasSameSizeAs(codes);
    }

    // RFC 1661 sections 5.7 to 5.9: outside of Opened they are silently discarded; RFC 1570 section 2.1: Identification at any time
    @ParameterizedTest
    @ValueSource(strings = {"Req-Sent", "Ack-Rcvd", "Ack-Sent", "Closing", "Stopping"})
    void codesOfTheOpenLinkAreDiscardedOutsideOfIt(String state) {
        Script script = lcpIn(state);
        for (int code = 8; code <= 13; code++) {
            assertThat(script.send(Script.LCP, code, 3, "c0210000000000")).as("code %d", code).isEmpty();
            assertThat(script.server.link.view().lcp()).isEqualTo(state);
        }
    }

    // RFC 1661 sections 5.7 to 5.9, RFC 1570 section 2: bodies too short for their fields
    @Test
    void codesOfTheOpenLinkWithoutTheirFieldsAreDiscarded() {
        Script script = lcpIn("Opened");
        for (int code = 8; code <= 13; code++) {
            for (String body : List.of("", "c0")) {
                assertThat(script.send(Script.LCP, code, 3, body)).as("code %d", code).isEmpty();
                assertThat(script.server.link.view().lcp()).isEqualTo("Opened");
            }
        }
    }

    // RFC 1332 section 3, RFC 5072 section 3: only codes 1 to 7, in any state
    @ParameterizedTest
    @CsvSource({Script.IPCP + ",0306cb007107", Script.IPV6CP + ",010a00000000000000aa"})
    void codesBeyondSevenOfNetworkProtocolsAreRejected(String protocol, String options) {
        Script script = Script.inNetworkPhase();
        String request = script.authenticate().stream().filter(frame -> frame.startsWith(protocol)).findFirst()
                .orElseThrow();
        int[] codes = IntStream.concat(IntStream.of(0), IntStream.rangeClosed(8, 255)).toArray();
        for (String state : List.of("Req-Sent", "Ack-Rcvd", "Opened")) {
            for (int code : codes) {
                rejected(script, protocol, code);
                assertThat(state(script, protocol)).isEqualTo(state);
            }
            if (state.equals("Req-Sent")) {
                script.acknowledge(request);
            } else {
                script.send(protocol, 1, 1, options);
            }
        }
    }

    private static String state(Script script, String protocol) {
        LinkView view = script.server.link.view();
        return Map.of(Script.IPCP, view.ipcp(), Script.IPV6CP, view.ipv6cp()).get(protocol);
    }

    // RFC 1661 section 4.1, the row RTA: a Terminate-Ack that nobody asked for
    @ParameterizedTest
    @CsvSource({"Req-Sent,Req-Sent", "Ack-Rcvd,Req-Sent", "Ack-Sent,Ack-Sent"})
    void terminateAckWhileNegotiatingEndsNothing(String before, String after) {
        Script script = lcpIn(before);
        assertThat(script.send(Script.LCP, 6, 77, "")).isEmpty();
        assertThat(script.server.link.view().lcp()).isEqualTo(after);
        assertThat(script.waitFor(RESTART_TIMER_NS)).singleElement().asString().startsWith("c02101");
    }

    // RFC 1661 section 4.1, the row RTR: acknowledged with its identifier in every state, and the negotiation begins anew
    @ParameterizedTest
    @ValueSource(strings = {"Req-Sent", "Ack-Rcvd", "Ack-Sent"})
    void terminateRequestWhileNegotiatingIsAcknowledged(String state) {
        Script script = lcpIn(state);
        assertThat(script.send(Script.LCP, 5, 77, "6279")).containsExactly("c021" + Script.packet(6, 77, ""));
        assertThat(script.server.link.view().lcp()).isEqualTo("Req-Sent");
    }

    // RFC 1661 section 4.1: while a link ends no request, reply or rejection changes that
    @ParameterizedTest
    @ValueSource(strings = {"Closing", "Stopping"})
    void nothingStopsTheEnd(String state) {
        Script script = lcpIn(state);
        for (int code = 1; code <= 4; code++) {
            assertThat(script.send(Script.LCP, code, 1, Script.PEER)).as("code %d", code).isEmpty();
            assertThat(script.server.link.view().lcp()).isEqualTo(state);
        }
        assertThat(script.send(Script.LCP, 5, 8, "")).containsExactly("c021" + Script.packet(6, 8, ""));
        script.send(Script.LCP, 6, 8, "");
        assertThat(script.server.saw(LinkEvent.Down.class)).isTrue();
    }
}

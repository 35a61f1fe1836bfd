package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** IPv6CP sentence by sentence: RFC 5072 sections 2 to 4, RFC 5172. */
class Ipv6cpRulesTest {
    private static final String THEIRS = "010a00000000000000aa";
    private static final String OURS = "010a0000000000000001";

    private static Script inNetworkPhase(LinkSettings.Builder settings, String peerOptions) {
        var script = new Script(settings.authentication(List.of(AuthenticationProtocol.PAP)));
        script.server.link.start(script.nowNs);
        script.openLcp(peerOptions);
        return script;
    }

    private static String ipv6Request(List<String> frames) {
        return frames.stream().filter(frame -> frame.startsWith("805701")).findFirst().orElseThrow();
    }

    private static long identifier(String frame) { return Long.parseUnsignedLong(frame.substring(16, 32), 16); }

    // section 2: a link that does not carry 1280 octets carries no IPv6; IPv4 is not disturbed
    @ParameterizedTest
    @CsvSource({"576,false", "1279,false", "1280,true", "1492,true"})
    void ipv6NeedsItsMinimumMtu(int mru, boolean offered) {
        Script script = inNetworkPhase(LinkSettings.server(), "0104%04x".formatted(mru) + Script.PEER);
        List<String> frames = script.authenticate();
        assertThat(frames).anyMatch(frame -> frame.startsWith("802101"));
        assertThat(frames.stream().anyMatch(frame -> frame.startsWith("805701"))).isEqualTo(offered);
        assertThat(script.send(Script.IPV6CP, 1, 3, THEIRS).getFirst())
                .startsWith(offered ? Script.IPV6CP + "02" : "c02108");
    }

    // section 2: over a bundle the MRRU counts (RFC 1990 section 5.1.1)
    @Test
    void aBundleCarriesIpv6OverLinksOfAnyMru() {
        Script script = inNetworkPhase(LinkSettings.server().mrru(1500), "01040240" + "110405dc" + Script.PEER);
        assertThat(script.authenticate()).anyMatch(frame -> frame.startsWith("805701"));
    }

    // section 2, RFC 1661 section 3.4: an MRU that is negotiated anew takes IPv6 away, and gives it back
    @Test
    void ipv6FollowsTheMruOfANewNegotiation() {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        String request = ipv6Request(script.authenticate());
        script.send(Script.IPV6CP, 1, 3, THEIRS);
        script.acknowledge(request);
        assertThat(script.server.all(LinkEvent.Ipv6Up.class)).hasSize(1);
        script.acknowledge(script.send(Script.LCP, 1, 9, "01040240" + Script.PEER).getFirst());
        assertThat(script.authenticate()).noneMatch(frame -> frame.startsWith("8057"));
        assertThat(script.send(Script.IPV6CP, 1, 3, THEIRS).getFirst()).startsWith("c02108");
        script.acknowledge(script.send(Script.LCP, 1, 10, "010405dc" + Script.PEER).getFirst());
        String again = ipv6Request(script.authenticate());
        script.send(Script.IPV6CP, 1, 4, THEIRS);
        script.acknowledge(again);
        assertThat(script.server.all(LinkEvent.Ipv6Up.class)).hasSize(2);
        assertThat(script.server.openLayers()).isEqualTo(1);
    }

    // section 2: a line that is for IPv6 alone and cannot carry it is of no use
    @Test
    void aLineForIpv6AloneThatCannotCarryItEnds() {
        var script = new Script(LinkSettings.server().authentication(List.of(AuthenticationProtocol.PAP)));
        script.server.networks = new NetworkSettings(Optional.empty(),
                Optional.of(new NetworkSettings.Ipv6(1, 0)));
        script.server.link.start(script.nowNs);
        script.openLcp("01040240" + Script.PEER);
        script.authenticate();
        script.waitFor(100_000_000_000L);
        assertThat(script.server.all(LinkEvent.Down.class)).hasSize(1);
    }

    // section 3: silently discarded before the network phase
    @Test
    void nothingIsAnsweredBeforeTheNetworkPhase() {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        assertThat(script.send(Script.IPV6CP, 1, 3, THEIRS)).isEmpty();
    }

    // section 4.1: what is suggested is neither 0 nor ours, differs each time, and its universal bit is clear
    @Test
    void suggestionsAreUsableIdentifiers() {
        for (String asked : List.of("010a0000000000000000", OURS, "", "0102", "0106aabbccdd",
                "010baabbccddeeff001122")) {
            Script fresh = inNetworkPhase(LinkSettings.server(), Script.PEER);
            fresh.authenticate();
            String answer = fresh.send(Script.IPV6CP, 1, 3, asked).getFirst();
            assertThat(answer).as(asked).matches("80570303000e010a.{16}");
            assertThat(identifier(answer)).isNotZero().isNotEqualTo(1);
            assertThat(identifier(answer) & 0x0200_0000_0000_0000L).isZero();
        }
    }

    // section 4.1: any other identifier MUST be acknowledged, also one that looks like an IEEE address
    @ParameterizedTest
    @ValueSource(strings = {"00000000000000aa", "021122fffe334455", "ffffffffffffffff", "0000000000000002"})
    void otherIdentifiersAreAcknowledged(String identifier) {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        script.authenticate();
        assertThat(script.send(Script.IPV6CP, 1, 3, "010a" + identifier))
                .containsExactly(Script.IPV6CP + Script.packet(2, 3, "010a" + identifier));
    }

    // section 4.1: the option is asked for once; who does not name one then does not know it
    @Test
    void theOptionIsAskedForOnce() {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        script.authenticate();
        assertThat(script.send(Script.IPV6CP, 1, 3, "").getFirst()).startsWith("80570303000e010a");
        assertThat(script.send(Script.IPV6CP, 1, 4, "")).containsExactly(Script.IPV6CP + Script.packet(2, 4, ""));
    }

    // section 4.1: the peer's suggestion MUST be taken
    @Test
    void theSuggestionOfThePeerIsTaken() {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        String request = ipv6Request(script.authenticate());
        assertThat(request).endsWith(OURS);
        String next = script.send(Script.IPV6CP, 3, Script.id(request), "010a0000000000000077").getFirst();
        assertThat(next).startsWith("805701").endsWith("010a0000000000000077");
    }

    // section 4.1: unless it is what we have just suggested to the peer, or what it has, or none
    @Test
    void aSuggestionThatWouldCollideIsNotTaken() {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        String request = ipv6Request(script.authenticate());
        String suggested = script.send(Script.IPV6CP, 1, 3, OURS).getFirst().substring(12);
        String second = script.send(Script.IPV6CP, 3, Script.id(request), suggested).getFirst();
        assertThat(second).startsWith("805701").doesNotEndWith(suggested).doesNotEndWith(OURS);
        script.send(Script.IPV6CP, 1, 4, THEIRS);
        String third = script.send(Script.IPV6CP, 3, Script.id(second), THEIRS).getFirst();
        assertThat(third).startsWith("805701").doesNotEndWith(THEIRS);
        String fourth = script.send(Script.IPV6CP, 3, Script.id(third), "010a0000000000000000").getFirst();
        assertThat(identifier(fourth)).isNotZero();
    }

    // section 4.1: after a Reject the option is left out
    @Test
    void afterARejectTheOptionIsLeftOut() {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        String request = ipv6Request(script.authenticate());
        String next = script.send(Script.IPV6CP, 4, Script.id(request), OURS).getFirst();
        assertThat(next).matches("805701..0004");
        script.send(Script.IPV6CP, 1, 3, THEIRS);
        script.acknowledge(next);
        assertThat(script.server.all(LinkEvent.Ipv6Up.class)).containsExactly(new LinkEvent.Ipv6Up(1, 0xaa));
    }

    // section 4.1: the tentative identifier is the same after each negotiation
    @Test
    void ourIdentifierOutlivesNegotiations() {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        String request = ipv6Request(script.authenticate());
        script.send(Script.IPV6CP, 1, 3, THEIRS);
        script.acknowledge(request);
        assertThat(script.send(Script.IPV6CP, 1, 4, THEIRS).getFirst()).startsWith("805701").endsWith(OURS);
        script.acknowledge(script.send(Script.LCP, 1, 9, Script.PEER + "0702").getFirst());
        assertThat(ipv6Request(script.authenticate())).endsWith(OURS);
    }

    // RFC 5172 section 2: datagram compression is not done, so its option is rejected, and the rest goes on
    @ParameterizedTest
    @ValueSource(strings = {"02040061", "0204004f", "02060061aabb", "0202", "0e02"})
    void otherOptionsAreRejected(String option) {
        Script script = inNetworkPhase(LinkSettings.server(), Script.PEER);
        script.authenticate();
        assertThat(script.send(Script.IPV6CP, 1, 3, THEIRS + option))
                .containsExactly(Script.IPV6CP + Script.packet(4, 3, option));
        assertThat(script.send(Script.IPV6CP, 1, 4, THEIRS))
                .containsExactly(Script.IPV6CP + Script.packet(2, 4, THEIRS));
    }
}

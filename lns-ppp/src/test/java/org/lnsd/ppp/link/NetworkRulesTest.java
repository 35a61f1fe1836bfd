package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** Authentication and the network phase against a scripted peer, rule by rule. */
class NetworkRulesTest {
    private final Script script = Script.inNetworkPhase();
    private List<String> requests = List.of();

    @BeforeEach
    void authenticate() { requests = script.authenticate(); }

    private String requestOf(String protocol) {
        return requests.stream().filter(frame -> frame.startsWith(protocol)).findFirst().orElseThrow();
    }

    // RFC 1334 section 2.2.2: the Ack may have been lost
    @Test
    void repeatedPapRequestIsAnsweredAgain() {
        assertThat(script.send(Script.PAP, 1, 10, "05616c69636506736563726574"))
                .containsExactly("c023" + Script.packet(2, 10, "00"));
        assertThat(script.server.all(LinkEvent.AuthenticationRequested.class)).hasSize(1);
    }

    // RFC 1661 section 3.5: nothing but LCP and authentication before success
    @Test
    void networkProtocolsAreNotHeardBeforeAuthentication() {
        Script early = Script.inNetworkPhase();
        assertThat(early.send(Script.IPCP, 1, 1, "030600000000")).isEmpty();
        assertThat(early.send("80fd", 1, 1, "")).isEmpty();
        assertThat(early.authenticate()).hasSize(3);
    }

    // RFC 1332 section 3.3, RFC 1877: zero is asked for and given
    @Test
    void zeroIsAnsweredWithTheAssignedValues() {
        assertThat(script.send(Script.IPCP, 1, 1, "030600000000" + "810600000000" + "830600000000"))
                .containsExactly("8021" + Script.packet(3, 1, "0306cb007107" + "810609090909" + "830695707070"));
    }

    // RFC 1332 section 3.2: compression is not offered; RFC 1877: no NBNS here
    @Test
    void compressionAndNbnsAreRejectedTogether() {
        assertThat(script.send(Script.IPCP, 1, 1, "0206002d0f01" + "030600000000" + "820600000000"))
                .containsExactly("8021" + Script.packet(4, 1, "0206002d0f01" + "820600000000"));
    }

    @Test
    void anotherAddressIsNotAcknowledged() {
        assertThat(script.send(Script.IPCP, 1, 1, "0306c0a80105"))
                .containsExactly("8021" + Script.packet(3, 1, "0306cb007107"));
        assertThat(script.send(Script.IPCP, 1, 2, "0306cb007107"))
                .containsExactly("8021" + Script.packet(2, 2, "0306cb007107"));
        script.acknowledge(requestOf("8021"));
        assertThat(script.server.saw(LinkEvent.Ipv4Up.class)).isTrue();
    }

    // RFC 5072 section 4.1: zero and equal identifiers
    @Test
    void interfaceIdentifiersMustDifferAndNotBeZero() {
        String ours = requestOf("8057").substring(16);
        assertThat(script.send(Script.IPV6CP, 1, 1, "010a" + "0".repeat(16)).getFirst())
                .matches("80570301000e010a.{16}");
        assertThat(script.send(Script.IPV6CP, 1, 2, "010a" + ours).getFirst()).matches("80570302000e010a.{16}")
                .doesNotEndWith(ours);
        assertThat(script.send(Script.IPV6CP, 1, 3, "010a00000000000000aa").getFirst()).startsWith("80570203");
    }

    // RFC 1661 section 5.7: unknown protocols are rejected and the others go on
    @Test
    void compressionControlIsRejectedAndIpcpGoesOn() {
        String ccp = Script.packet(1, 4, "1206000000001a04780018047800");
        List<String> answer = script.raw("ff0380fd" + ccp);
        assertThat(answer).hasSize(1).first().asString().startsWith("c02108").endsWith("80fd" + ccp);
        script.send(Script.IPCP, 1, 2, "0306cb007107");
        script.acknowledge(requestOf("8021"));
        assertThat(script.server.link.view().ipcp()).isEqualTo("Opened");
    }

    // RFC 1661 section 5.7: a peer without IPv6 keeps IPv4
    @Test
    void protocolRejectEndsOnlyThatProtocol() {
        script.send(Script.LCP, 8, 1, "8057" + Script.packet(1, 4, ""));
        assertThat(script.server.link.view().ipv6cp()).isEqualTo("Stopped");
        script.send(Script.IPCP, 1, 2, "0306cb007107");
        script.acknowledge(requestOf("8021"));
        assertThat(script.server.link.view().ipcp()).isEqualTo("Opened");
        assertThat(script.server.saw(LinkEvent.Down.class)).isFalse();
    }

    // RFC 3145 section 3: 18
    @Test
    void linkWithoutNetworkProtocolsEnds() {
        script.send(Script.LCP, 8, 1, "8057" + Script.packet(1, 4, ""));
        script.send(Script.LCP, 8, 2, "8021" + Script.packet(1, 4, ""));
        script.send(Script.LCP, 6, 1, "");
        assertThat(script.server.all(LinkEvent.Down.class).getFirst().cause().disconnectCode()).isEqualTo(18);
    }

    // RFC 1661 section 4.1: an NCP negotiates anew while the other stays
    @Test
    void ipcpNegotiatesAnewWhileOpen() {
        script.send(Script.IPCP, 1, 2, "0306cb007107");
        script.acknowledge(requestOf("8021"));
        List<String> answers = script.send(Script.IPCP, 1, 3, "0306cb007107");
        assertThat(answers).hasSize(2);
        script.acknowledge(answers.getFirst());
        assertThat(script.server.all(LinkEvent.Ipv4Up.class)).hasSize(2);
        assertThat(script.server.all(LinkEvent.Ipv4Down.class)).hasSize(1);
        assertThat(script.server.all(LinkEvent.LcpOpened.class)).hasSize(1);
    }

    // RFC 1661 section 4.1: LCP negotiates anew, everything above it too
    @Test
    void lcpNegotiatesAnewWhileIpv4Flows() {
        script.send(Script.IPCP, 1, 2, "0306cb007107");
        script.acknowledge(requestOf("8021"));
        List<String> answers = script.send(Script.LCP, 1, 50, "0506a1b2c3d5");
        script.acknowledge(answers.getFirst());
        requests = script.authenticate();
        script.send(Script.IPCP, 1, 2, "0306cb007107");
        script.acknowledge(requestOf("8021"));
        assertThat(script.server.events).extracting(event -> event.getClass().getSimpleName()).containsExactly(
                "LcpOpened",
                "AuthenticationRequested", "Authenticated", "Ipv4Up", "Ipv4Down", "LcpOpened",
                "AuthenticationRequested",
                "Authenticated", "Ipv4Up");
    }

    // RFC 1994 section 4.2: the Success may have been lost
    @Test
    void repeatedChapResponseIsAnsweredAgain() {
        Script chap = Script.started(AuthenticationProtocol.CHAP_MD5);
        String challenge = chap.openLcp("0506a1b2c3d4").getLast();
        int id = Integer.parseInt(challenge.substring(6, 8), 16);
        byte[] value = org.lnsd.ppp.auth.ChapMd5.response(id, "secret",
                java.util.HexFormat.of().parseHex(challenge.substring(14, 14 + 32)));
        String response = "10" + java.util.HexFormat.of().formatHex(value) + "616c696365";
        assertThat(chap.send(Script.CHAP, 2, id + 1 & 0xff, response)).isEmpty();
        String success = chap.send(Script.CHAP, 2, id, response).getFirst();
        assertThat(success).startsWith("c22303");
        assertThat(chap.send(Script.CHAP, 2, id, response)).containsExactly(success);
        assertThat(chap.server.all(LinkEvent.AuthenticationRequested.class)).hasSize(1);
    }

    // RFC 1994 section 4.1: the response goes with its challenge's identifier, also when the next challenge is on its way already
    @Test
    void aSlowResponseToAnEarlierChallengeCounts() {
        Script chap = Script.started(AuthenticationProtocol.CHAP_MD5);
        String challenge = chap.openLcp("0506a1b2c3d4").getLast();
        int id = Integer.parseInt(challenge.substring(6, 8), 16);
        assertThat(chap.waitFor(java.util.concurrent.TimeUnit.SECONDS.toNanos(4)))
                .anyMatch(frame -> frame.startsWith("c22301"));
        byte[] value = org.lnsd.ppp.auth.ChapMd5.response(id, "secret",
                java.util.HexFormat.of().parseHex(challenge.substring(14, 14 + 32)));
        assertThat(chap.send(Script.CHAP, 2, id, "10" + java.util.HexFormat.of().formatHex(value) + "616c696365")
                .getFirst()).startsWith("c22303%02x".formatted(id));
    }

    // RFC 1334 section 2.2.1: lengths that do not fit
    @Test
    void malformedPapIsNotAnswered() {
        Script early = Script.inNetworkPhase();
        assertThat(early.send(Script.PAP, 1, 1, "")).isEmpty();
        assertThat(early.send(Script.PAP, 1, 1, "ff61")).isEmpty();
        assertThat(early.send(Script.PAP, 1, 1, "0161")).isEmpty();
        assertThat(early.send(Script.PAP, 1, 1, "0161ff00")).isEmpty();
        assertThat(early.server.saw(LinkEvent.AuthenticationRequested.class)).isFalse();
    }

    // RFC 1332 section 3: new settings reach an open link
    @Test
    void changedNetworksAreNegotiatedAnew() {
        script.send(Script.IPCP, 1, 2, "0306cb007107");
        script.acknowledge(requestOf("8021"));
        var other = new NetworkSettings.Ipv4(Station.ip("100.64.0.1"), Station.ip("203.0.113.8"), List.of(), List.of());
        script.server.link.openNetworks(
                new NetworkSettings(java.util.Optional.of(other), Station.SERVER_NETWORKS.ipv6()),
                script.nowNs);
        script.server.handleEvents(script.nowNs);
        assertThat(script.server.events.getLast()).isEqualTo(new LinkEvent.Ipv4Down());
        assertThat(script.drained()).hasSize(1).first().asString().startsWith("802101");
    }

    // RFC 1661 section 5.3: a peer that wants another address of ours is not insisted with, the link needs none
    @Test
    void ourAddressIsNotInsistedOn() {
        String request = requestOf("8021");
        for (int naks = 0; request.contains("0306") && naks < 5; naks++) {
            int id = Integer.parseInt(request.substring(6, 8), 16);
            request = script.send(Script.IPCP, 3, id, "0306c0a80101").getFirst();
        }
        assertThat(request).matches("802101..0004");
        script.send(Script.IPCP, 1, 7, "0306cb007107");
        script.acknowledge(request);
        assertThat(script.server.saw(LinkEvent.Ipv4Up.class)).isTrue();
    }

    // A network protocol that begins anew for ever ends the link, and one that does so now and then does not
    @Test
    void aPeerThatNegotiatesAnewForEverIsEnded() {
        openIpcp(requestOf("8021"), 1);
        int times = 0;
        while (!script.server.saw(LinkEvent.Down.class) && times < 2 * RenegotiationLimit.BURST) {
            List<String> answers = script.send(Script.IPCP, 1, times & 0xff, "0306cb007107");
            answers.stream().filter(frame -> frame.startsWith("802101")).forEach(script::acknowledge);
            answers.stream().filter(frame -> frame.startsWith("c02105")).forEach(
                    frame -> script.send(Script.LCP, 6, Integer.parseInt(frame.substring(6, 8), 16), ""));
            times++;
        }
        assertThat(times).isBetween(RenegotiationLimit.BURST, RenegotiationLimit.BURST + 2);
        assertThat(script.server.all(LinkEvent.Down.class)).hasSize(1);
    }

    @Test
    void aPeerMayNegotiateAnewNowAndThen() {
        openIpcp(requestOf("8021"), 1);
        for (int times = 0; times < 3 * RenegotiationLimit.BURST; times++) {
            script.waitFor(RenegotiationLimit.REFILL_NS);
            List<String> answers = script.send(Script.IPCP, 1, times & 0xff, "0306cb007107");
            answers.stream().filter(frame -> frame.startsWith("802101")).forEach(script::acknowledge);
        }
        assertThat(script.server.saw(LinkEvent.Down.class)).isFalse();
    }

    private void openIpcp(String request, int id) {
        script.send(Script.IPCP, 1, id, "0306cb007107");
        script.acknowledge(request);
    }

    // RFC 1661 section 6: no option may stand in a request twice, whatever its number
    @Test
    void repeatedNetworkOptionIsRejected() {
        assertThat(script.send(Script.IPCP, 1, 7, "810609090909" + "810609090909"))
                .containsExactly(Script.IPCP + Script.packet(4, 7, "810609090909"));
    }

    // RFC 1661 section 5.7, RFC 1990 section 4: a further link of a bundle has no network protocols, and lives on without
    @Test
    void linkThatIsToHaveNoNetworkProtocolRejectsThemAndStays() {
        Script bundled = Script.inNetworkPhase();
        bundled.server.networks = NetworkSettings.NONE;
        bundled.authenticate();
        assertThat(bundled.send("80fd", 1, 1, "120600000001")).singleElement().asString()
                .matches("c02108..0010" + "80fd" + "0101000a120600000001");
        bundled.waitFor(50_000_000_000L);
        bundled.send(Script.LCP, 10, 1, "a1b2c3d4");
        bundled.waitFor(50_000_000_000L);
        assertThat(bundled.server.saw(LinkEvent.Down.class)).isFalse();
    }
}

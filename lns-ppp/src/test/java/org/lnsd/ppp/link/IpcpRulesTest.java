package org.lnsd.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.ppp.auth.AuthenticationProtocol;

/** IPCP option by option (RFC 1332, RFC 1877), and its coming and going while the link stays (RFC 1661 sections 3.6, 3.7). */
class IpcpRulesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String ASSIGNED = "0306cb007107";

    /** A link for IPv4 alone with these servers, LCP open. */
    private static Script opened(List<Inet4Address> dns, List<Inet4Address> wins) {
        var script = new Script(LinkSettings.server().authentication(List.of(AuthenticationProtocol.PAP)));
        script.server.networks = new NetworkSettings(Optional.of(
                new NetworkSettings.Ipv4(Station.ip("100.64.0.1"), Station.ip("203.0.113.7"), dns, wins)),
                Optional.empty());
        script.server.link.start(script.nowNs);
        script.openLcp(Script.PEER);
        return script;
    }

    private static Script ipv4Only() { return opened(List.of(), List.of()); }

    private static String ipcpRequest(List<String> frames) {
        return frames.stream().filter(frame -> frame.startsWith("802101")).findFirst().orElseThrow();
    }

    private static void bringUp(Script script, String request) {
        assertThat(script.send(Script.IPCP, 1, 2, ASSIGNED)).last().asString().startsWith("802102");
        script.acknowledge(request);
        assertThat(script.server.link.view().ipcp()).isEqualTo("Opened");
    }

    private static void assertAnswer(Script script, String asked, int code, String answer) {
        script.authenticate();
        assertThat(script.send(Script.IPCP, 1, 5, asked))
                .containsExactly(Script.IPCP + Script.packet(code, 5, answer));
    }

    // RFC 1332 sections 3.1 (the old option of two addresses), 3.2, 3.3; option 4 is Mobile-IPv4 (RFC 2290)
    @ParameterizedTest
    @CsvSource({"010ac0a8010100000000,4,010ac0a8010100000000", "0206002d0f01,4,0206002d0f01", "0204002d,4,0204002d",
            "02040061,4,02040061", "040600000000,4,040600000000", "0306cb007107,2,0306cb007107",
            "030600000000,3,0306cb007107", "0306ffffffff,3,0306cb007107", "030664400001,3,0306cb007107",
            "0302,3,0306cb007107", "0305cb0071,3,0306cb007107", "0307cb00710700,3,0306cb007107", "'',3,0306cb007107"})
    void addressAndCompression(String asked, int code, String answer) { assertAnswer(ipv4Only(), asked, code, answer); }

    // RFC 1332 section 3.3: the peer may have what it asks for, if the shell says so; then that stays its address
    @Test
    void anAddressThatThePeerMayChooseIsTakenAndStays() {
        var script = new Script(LinkSettings.server().authentication(List.of(AuthenticationProtocol.PAP)));
        Inet4Address wished = Station.ip("203.0.113.9");
        NetworkSettings.AddressChoice choice = wished::equals;
        var given = new NetworkSettings.Ipv4(Station.ip("100.64.0.1"), Station.ip("203.0.113.7"), List.of(), List.of(),
                choice);
        script.server.networks = new NetworkSettings(Optional.of(given), Optional.empty());
        script.server.link.start(script.nowNs);
        script.openLcp(Script.PEER);
        String request = ipcpRequest(script.authenticate());
        assertThat(script.send(Script.IPCP, 1, 1, "0306cb007108")).first().asString().endsWith(ASSIGNED);
        assertThat(script.send(Script.IPCP, 1, 2, "030600000000")).first().asString().endsWith(ASSIGNED);
        assertThat(script.send(Script.IPCP, 1, 3, "0306cb007109")).last().asString().startsWith("802102");
        script.acknowledge(request);
        assertThat(script.server.all(LinkEvent.Ipv4Up.class)).singleElement()
                .satisfies(up -> assertThat(up.peer()).isEqualTo(wished));
        script.server.link.openNetworks(new NetworkSettings(Optional.of(given.withPeer(wished)), Optional.empty()),
                script.nowNs);
        assertThat(script.server.link.view().ipcp()).as("nothing new").isEqualTo("Opened");
        assertThat(script.send(Script.IPCP, 1, 4, ASSIGNED)).last().asString().startsWith("802103")
                .endsWith("0306cb007109");
    }

    @Test
    void aPeerThatChangesItsMindForEverKeepsWhatItHas() {
        var script = new Script(LinkSettings.server().authentication(List.of(AuthenticationProtocol.PAP)));
        script.server.networks = new NetworkSettings(Optional.of(new NetworkSettings.Ipv4(Station.ip("100.64.0.1"),
                Station.ip("203.0.113.7"), List.of(), List.of(), _ -> true)), Optional.empty());
        script.server.link.start(script.nowNs);
        script.openLcp(Script.PEER);
        script.authenticate();
        for (int wish = 1; wish <= 8; wish++) {
            assertThat(script.send(Script.IPCP, 1, wish, "0306cb00710" + wish)).last().asString().startsWith("802102");
        }
        assertThat(script.send(Script.IPCP, 1, 9, "0306cb007109")).last().asString().startsWith("802103")
                .endsWith("0306cb007108");
    }

    // RFC 1332 section 3.1: both forms at once; the old one goes, the new one stays
    @Test
    void theOldAddressOptionIsRejectedBesideTheNewOne() {
        assertAnswer(ipv4Only(), ASSIGNED + "010acb00710764400001", 4, "010acb00710764400001");
    }

    // RFC 1877 sections 1.1 to 1.4: what is configured is given, by a Nak; what is not is rejected
    @ParameterizedTest
    @CsvSource({"810600000000,3,810609090909", "810608080808,3,810609090909", "810609090909,2,810609090909",
            "8102,3,810609090909", "830600000000,4,830600000000", "82060a000001,2,82060a000001",
            "820600000000,3,82060a000001", "840600000000,3,84060a000002", "8405aabbcc,3,84060a000002"})
    void nameServers(String asked, int code, String answer) {
        Script script = opened(List.of(Station.ip("9.9.9.9")), List.of(Station.ip("10.0.0.1"), Station.ip("10.0.0.2")));
        assertAnswer(script, ASSIGNED + asked, code, code == 2 ? ASSIGNED + answer : answer);
    }

    // RFC 1877: without servers all four are rejected, in one answer
    @Test
    void nameServersThatAreNotConfiguredAreRejected() {
        String all = "810600000000" + "820600000000" + "830600000000" + "840600000000";
        assertAnswer(ipv4Only(), ASSIGNED + all, 4, all);
    }

    // RFC 1661 section 4.6: a peer that insists on another name server, or address, loses the option
    @ParameterizedTest
    @CsvSource({"0306cb007107810608080808,810608080808", "0306c0a80105,0306c0a80105"})
    void whatIsInsistedOnIsRejectedInTheEnd(String asked, String rejected) {
        Script script = opened(List.of(Station.ip("9.9.9.9")), List.of());
        script.authenticate();
        for (int identifier = 1; identifier <= 5; identifier++) {
            assertThat(script.send(Script.IPCP, 1, identifier, asked).getFirst()).startsWith("802103");
        }
        assertThat(script.send(Script.IPCP, 1, 6, asked))
                .containsExactly(Script.IPCP + Script.packet(4, 6, rejected));
    }

    // RFC 1332 section 3.3: a link needs no address of ours; who rejects the option is asked without it
    @Test
    void ourAddressMayBeRejected() {
        Script script = ipv4Only();
        String request = ipcpRequest(script.authenticate());
        assertThat(request).endsWith("030664400001");
        String next = script.send(Script.IPCP, 4, Script.id(request), "030664400001").getFirst();
        assertThat(next).matches("802101..0004");
        bringUp(script, next);
        assertThat(script.server.all(LinkEvent.Ipv4Up.class)).singleElement()
                .satisfies(up -> assertThat(up.peer()).isEqualTo(Station.ip("203.0.113.7")));
    }

    // RFC 1332 section 3: a Nak may bring options that we did not ask for; we go on without
    @Test
    void aNakWithMoreOptionsAddsNone() {
        Script script = ipv4Only();
        String request = ipcpRequest(script.authenticate());
        String next = script.send(Script.IPCP, 3, Script.id(request), "0206002d0f01" + "810608080808").getFirst();
        assertThat(next.substring(12)).isEqualTo(request.substring(12));
        assertThat(Script.id(next)).isNotEqualTo(Script.id(request));
    }

    // RFC 1661 section 3.7: that the only network protocol has closed is no reason to end the link; section 3.6: it may come back
    @Test
    void theOnlyNetworkProtocolMayCloseAndComeBack() {
        Script script = ipv4Only();
        bringUp(script, ipcpRequest(script.authenticate()));
        assertThat(script.send(Script.IPCP, 5, 9, "")).containsExactly(Script.IPCP + Script.packet(6, 9, ""));
        assertThat(script.waitFor(30 * SECOND)).noneMatch(frame -> frame.startsWith("c02105"));
        assertThat(script.server.link.view().ipcp()).isEqualTo("Stopped");
        assertThat(script.server.openLayers()).isZero();
        List<String> answers = script.send(Script.IPCP, 1, 10, ASSIGNED);
        assertThat(answers).hasSize(2).last().asString().startsWith("8021020a");
        script.acknowledge(ipcpRequest(answers));
        for (int tick = 0; tick < 20; tick++) {
            script.waitFor(10 * SECOND);
            script.send(Script.LCP, 10, 1, "a1b2c3d4");
        }
        assertThat(script.server.openLayers()).isEqualTo(1);
        assertThat(script.server.saw(LinkEvent.Down.class)).isFalse();
    }

    // RFC 3145 section 3: 17, when it does not come back
    @Test
    void aLinkThatStaysWithoutNetworkProtocolEnds() {
        Script script = ipv4Only();
        bringUp(script, ipcpRequest(script.authenticate()));
        script.send(Script.IPCP, 5, 9, "");
        for (int tick = 0; tick < 8; tick++) {
            script.waitFor(10 * SECOND);
            script.send(Script.LCP, 10, 1, "a1b2c3d4");
        }
        assertThat(script.server.all(LinkEvent.Down.class)).extracting(down -> down.cause().disconnectCode())
                .containsExactly(17);
    }

    // RFC 1661 section 4.6: Max-Configure holds for network protocols, too; the other one is not disturbed
    @Test
    void anUnansweredNetworkProtocolIsGivenUpAlone() {
        Script script = Script.inNetworkPhase();
        bringUp(script, ipcpRequest(script.authenticate()));
        int requests = 1;
        for (int tick = 0; tick < 8; tick++) {
            requests += (int) script.waitFor(5 * SECOND).stream().filter(frame -> frame.startsWith("805701")).count();
            script.send(Script.LCP, 10, 1, "a1b2c3d4");
        }
        assertThat(requests).isEqualTo(10);
        assertThat(script.server.link.view().ipv6cp()).isEqualTo("Stopped");
        assertThat(script.server.openLayers()).isEqualTo(1);
        List<String> late = script.send(Script.IPV6CP, 1, 3, "010a00000000000000aa");
        assertThat(late).as("a peer may still begin").hasSize(2);
    }

    // RFC 1661 section 5.7: the data protocol stands for its control protocol
    @Test
    void aProtocolRejectOfItsDataClosesIpcp() {
        Script script = Script.inNetworkPhase();
        bringUp(script, ipcpRequest(script.authenticate()));
        script.send(Script.LCP, 8, 1, "0021" + "45000014");
        assertThat(script.server.openLayers()).isZero();
        assertThat(script.server.link.view().lcp()).isEqualTo("Opened");
    }
}

package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.forwarding.SessionPath;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.message.CallParameters;
import org.lnsd.l2tp.message.LinkInfo;
import org.lnsd.l2tp.message.ProxyAuthentication;
import org.lnsd.l2tp.message.ProxyLcp;
import org.lnsd.l2tp.tunnel.TunnelEvent;
import org.lnsd.ppp.link.LinkSettings;

/** What a LAC wishes of LCP and what it is told of it (RFC 3437), and the speeds that it tells later (RFC 5515). */
class LacWishesTest {

    private static final Octets WANT = octets("01040578");
    private static final Octets ALLOW = octets("010405a0");

    private final Scenario scenario = new Scenario();
    private final ScriptedLac lac = scenario.openLac();

    private static Octets octets(String hex) { return Octets.of(HexFormat.of().parseHex(hex)); }

    private static CallParameters.Builder parameters() {
        return CallParameters.builder().txConnectSpeedBps(80_000_000);
    }

    private Subscriber call(CallParameters.Builder parameters) {
        Subscriber line = lac.call(LinkSettings.client("alice", "secret").mru(1492).build(), parameters.build());
        scenario.pass(2);
        assertThat(scenario.table.all()).allMatch(session -> session.state() == SessionState.OPEN);
        return line;
    }

    private List<LinkInfo> told() {
        return lac.tunnelEvents.stream().filter(TunnelEvent.LinkInfoSet.class::isInstance)
                .map(event -> ((TunnelEvent.LinkInfoSet) event).info()).toList();
    }

    // RFC 3437 sections 2.1 to 2.3
    @Test
    void aLacWithWishesIsHeardAndToldWhatWasAgreed() {
        Subscriber line = call(parameters().lcpOptions(Optional.of(WANT), Optional.of(ALLOW)));
        assertThat(line.link.peerMru()).as("what the subscriber may send").isEqualTo(1400);
        assertThat(scenario.forwarding.rows.values()).allMatch(row -> row.path.mtu() == 1440);
        assertThat(told()).hasSize(1);
        assertThat(told().getFirst().sendAccm()).isEqualTo(-1);
        assertThat(told().getFirst().lnsLastSent().orElseThrow().toString()).startsWith("01040578");
        assertThat(told().getFirst().lnsLastReceived().orElseThrow().toString()).startsWith("010405d4");
    }

    @Test
    void aNegotiationAnewIsToldToo() {
        call(parameters().lcpOptions(Optional.empty(), Optional.of(ALLOW)));
        SessionPath path = scenario.forwarding.rows.values().iterator().next().path;
        ByteBuf request = Unpooled.wrappedBuffer(HexFormat.of().parseHex("ff03c021" + "014d000a" + "050612345678"));
        scenario.forwarding.arrive(path.tunnel().localTunnelId(), path.localSessionId(), request);
        scenario.pass(10);
        assertThat(told()).hasSizeGreaterThan(1);
    }

    @Test
    void aLacWithoutWishesIsToldNothing() {
        call(parameters());
        assertThat(told()).isEmpty();
    }

    // RFC 3437 section 2: proxied LCP may be taken over, and its author knows it
    @Test
    void whatTheLacHasNegotiatedItselfIsNotToldAgain() {
        ProxyLcp lcp = new ProxyLcp(Optional.of(octets("010405d4" + "050611223344")),
                Optional.of(octets("010405d4" + "0304c023" + "050600000005")),
                Optional.of(octets("010405d4" + "050611223344")));
        ProxyAuthentication pap = new ProxyAuthentication(ProxyAuthentication.PAP, "alice", Octets.EMPTY, 1,
                Octets.of("secret".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        lac.call(LinkSettings.client("alice", "secret").build(), parameters().proxyLcp(lcp)
                .proxyAuthentication(Optional.of(pap)).lcpOptions(Optional.of(WANT), Optional.empty()).build());
        lac.subscribers.values().forEach(subscriber -> subscriber.deaf = true);
        scenario.pass(1);
        assertThat(scenario.table.all()).hasSize(1).allMatch(session -> session.user().equals("alice"));
        assertThat(told()).isEmpty();
    }

    // RFC 2661 section 6.14
    @Test
    void anAsynchronousLineLearnsBothMaps() {
        call(parameters().framingType(CallParameters.ASYNCHRONOUS)
                .lcpOptions(Optional.of(octets("0206000a0000")), Optional.empty()));
        assertThat(told()).hasSize(1);
        assertThat(told().getFirst().receiveAccm()).isEqualTo(0x000a0000);
    }

    // RFC 5515 sections 4.2 and 6.2
    @Test
    void aLacThatWillTellTheSpeedsAndHasToldNoneIsAsked() {
        call(CallParameters.builder().speedUpdates(true));
        assertThat(lac.tunnelEvents).hasAtLeastOneElementOfType(TunnelEvent.SpeedsRequested.class);
        int id = lac.subscribers.keySet().iterator().next();
        lac.tunnel.notifySpeeds(id, 7_000_000, 1_000_000, scenario.loop.nowNs());
        lac.drain();
        scenario.pass(1);
        assertThat(scenario.table.all().iterator().next().record().transmitBps()).isEqualTo(7_000_000);
    }

    @Test
    void aLacThatHasToldTheSpeedsOrNeverWillIsNotAsked() {
        call(parameters().speedUpdates(true));
        scenario.aaa.user("bob", "secret", Profile.empty());
        lac.call(LinkSettings.client("bob", "secret").build(), CallParameters.builder().build());
        scenario.pass(2);
        assertThat(lac.tunnelEvents).noneMatch(TunnelEvent.SpeedsRequested.class::isInstance);
    }
}

package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult;
import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.aaa.SessionSelector;
import org.lnsd.daemon.forwarding.Forwarding;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.LinkEvent;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.NetworkSettings;

/** A bundle lives as long as one of its links (RFC 1990 section 4): what the subscriber has above PPP passes to that one. */
class BundleHandoverTest {
    private static final String CONFIGURATION = Scenario.CONFIGURATION.replace("maximum-sessions = 3",
            "maximum-sessions = 9") + "[ppp]\nmultilink = true\n";

    private final Scenario scenario = new Scenario(CONFIGURATION);
    private ScriptedLac lac;
    private ScriptedLac otherLac;
    private Subscriber one;
    private Subscriber two;
    private Session first;
    private Session second;
    private int lineRow;

    /** How the link ends that the network protocols came up on. */
    private enum Ending {
        TERMINATE, CDN, TUNNEL, SILENCE, CLEARED
    }

    @BeforeEach
    void twoLinks() {
        lac = scenario.openLac();
        otherLac = scenario.lac("192.0.2.10");
        otherLac.open();
        scenario.pass(1);
        open();
    }

    private void open() {
        one = link(lac, true);
        two = link(otherLac, false);
        List<Session> all = List.copyOf(scenario.table.all());
        first = all.stream().filter(session -> session.seat.holder() == session).findFirst().orElseThrow();
        second = all.stream().filter(session -> session != first).findFirst().orElseThrow();
        lineRow = first.row();
    }

    private Subscriber link(ScriptedLac over, boolean leads) {
        Subscriber subscriber = over.call(ScriptedLac.multilink().build());
        subscriber.networks = leads ? subscriber.networks : NetworkSettings.NONE;
        scenario.pass(2);
        return subscriber;
    }

    private void end(Ending ending) {
        switch (ending) {
            case TERMINATE -> {
                one.link.close("good bye", scenario.loop.nowNs());
                lac.drain();
            }
            case CDN -> lac.hangUp(one, ResultCode.CDN_ADMINISTRATIVE);
            case TUNNEL -> lac.close();
            case SILENCE -> one.deaf = true;
            case CLEARED -> first.close(SessionEnd.cleared("test"), scenario.loop.nowNs());
        }
        scenario.pass(ending == Ending.SILENCE ? 90 : 8);
    }

    private void packetDown() {
        scenario.forwarding.rows.get(lineRow).sink.onPacket(lineRow,
                Unpooled.buffer().writeByte(0x45).writeZero(999), scenario.loop.nowNs());
        scenario.pass(1);
    }

    private void fragment(Subscriber link, ScriptedLac over, int sequence) {
        ByteBuf frame = Unpooled.buffer().writeInt(0xff03_003d).writeInt(0xc000_0000 | sequence).writeShort(0x21)
                .writeByte(0x45).writeZero(499);
        scenario.forwarding.arrive(over.tunnel.peerTunnelId(), link.peerSessionId, frame);
    }

    private long started() { return scenario.aaa.accounts.stream().filter(line -> line.startsWith("start")).count(); }

    private List<String> stops() {
        return scenario.aaa.accounts.stream().filter(line -> line.startsWith("stop")).toList();
    }

    private MemoryForwarding.Row line() { return scenario.forwarding.rows.get(lineRow); }

    // RFC 1990 section 4, RFC 2866 sections 5.11 and 5.12
    @ParameterizedTest
    @EnumSource
    void theLineGoesOnOverTheLinkThatIsLeft(Ending ending) {
        Inet4Address address = one.ipv4().peer().equals(one.ipv4().local()) ? one.ipv4().peer() : one.ipv4().local();
        var networks = line().networks;
        assertThat(networks).isNotNull();
        fragment(one, lac, 0);
        end(ending);
        assertThat(scenario.table.all()).containsExactly(second);
        assertThat(second.state()).isEqualTo(SessionState.OPEN);
        assertThat(second.linkView()).extracting(view -> view.ipcp()).isEqualTo("Opened");
        assertThat(two.ended).isNull();
        assertThat(line().networks).as("never detached").isSameAs(networks);
        assertThat(scenario.table.named(address.getHostAddress())).containsExactly(second);
        assertThat(scenario.kernel.installed).hasSize(1);
        assertThat(stops()).singleElement().asString().startsWith("stop alice").endsWith(" 500/0");
        assertThat(second.record().identity().multiSessionId()).isEqualTo(first.id());
        assertThat(second.accounts().read().links()).isEqualTo(2);
        packetDown();
        assertThat(second.accounts().counters().octetsOut).isEqualTo(1000);
        int injected = scenario.forwarding.injectedUp.size();
        fragment(two, otherLac, 1);
        assertThat(scenario.forwarding.injectedUp.subList(injected, injected + 1)).containsExactly(lineRow);
        otherLac.hangUp(two, ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(8);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(scenario.table.all()).isEmpty();
        assertThat(scenario.table.bundles()).isEmpty();
        assertThat(scenario.forwarding.rows).isEmpty();
        assertThat(scenario.kernel.installed).isEmpty();
        assertThat(scenario.pools.statistics()).allMatch(pool -> pool.used() == 0);
        assertThat(stops()).hasSize((int) started());
    }

    @Test
    void networkProtocolsAreTheRemainingLinksToo() { // RFC 1990 section 4
        two.link.adoptNetworks(one.link, scenario.loop.nowNs()); // what the subscriber's end does
        end(Ending.CDN);
        assertThat(two.events).noneMatch(LinkEvent.Ipv4Down.class::isInstance);
        two.deaf = true;
        scenario.forwarding.arrive(otherLac.tunnel.peerTunnelId(), two.peerSessionId,
                Unpooled.buffer().writeInt(0xff03_8021).writeInt(0x0509_0004)); // Terminate-Request
        assertThat(line().networks).as("IPCP was closed over the second link").isNull();
        assertThat(second.state()).isEqualTo(SessionState.NETWORK);
        scenario.pass(1); // gives back what is on its way
    }

    @Test
    void aLinkJoinsInPlaceOfTheOneThatEnded() {
        end(Ending.TERMINATE);
        Subscriber three = link(lac, false);
        assertThat(scenario.table.all()).hasSize(2);
        assertThat(second.accounts().read().links()).isEqualTo(3);
        end(two, otherLac);
        assertThat(three.ended).isNull();
        assertThat(scenario.table.all()).singleElement()
                .satisfies(session -> assertThat(session.networks()).hasSize(1))
                .satisfies(session -> assertThat(session.record().identity().multiSessionId()).isEqualTo(first.id()));
        packetDown();
        assertThat(scenario.table.all().iterator().next().accounts().counters().octetsOut).isEqualTo(1000);
        end(three, lac);
        assertNothingIsLeft();
    }

    private void end(Subscriber link, ScriptedLac over) {
        over.hangUp(link, ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(8);
    }

    // RFC 1661 section 3.4: a link that negotiates anew is not authenticated; RFC 1990: the others carry meanwhile
    @Test
    void aHolderThatNegotiatesAnewLeavesTheLineToTheOthersAndJoinsAgain() {
        var networks = line().networks;
        two.link.adoptNetworks(one.link, scenario.loop.nowNs());
        fragment(one, lac, 0);
        renegotiate();
        assertThat(second.seat.holder()).isSameAs(second);
        assertThat(line().networks).isSameAs(networks);
        assertThat(scenario.table.all()).hasSize(2).allMatch(session -> session.state() == SessionState.OPEN);
        assertThat(started()).isEqualTo(2);
        assertThat(stops()).isEmpty();
        assertThat(first.row()).isNotIn(lineRow, second.row(), Forwarding.NO_ROW);
        packetDown();
        assertThat(first.accounts().counters().octetsOut).as("sent over both again").isBetween(499L, 501L);
        assertThat(first.accounts().counters().octetsIn).as("of both its rows").isEqualTo(500);
        end(one, lac);
        assertThat(stops()).singleElement().asString().contains(" 500/");
        end(two, otherLac);
        assertNothingIsLeft();
    }

    @Test
    void aRecordThatIsReadWhileTheLinkChangesItsRowCountsItsOctetsOnce() { // RFC 2866 section 5.3
        fragment(one, lac, 0);
        List<Long> read = new ArrayList<>();
        scenario.forwarding.meanwhile = () -> read.add(first.accounts().read().octetsIn());
        renegotiate();
        assertThat(read).containsExactly(500L);
        assertThat(first.accounts().read().octetsIn()).isEqualTo(500);
    }

    private void renegotiate() {
        ByteBuf frame = Unpooled.buffer().writeInt(0xff03_c021)
                .writeBytes(io.netty.buffer.ByteBufUtil.decodeHexDump("01ee000a0506a1b2c3d4"));
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), one.peerSessionId, frame);
        scenario.pass(5);
    }

    // While LCP is not open, nothing but LCP is taken from the link (RFC 1661 section 3.4)
    @Test
    void whatALinkSendsBeforeItIsAuthenticatedAgainIsDropped() {
        one.deaf = true;
        ByteBuf request = Unpooled.buffer().writeInt(0xff03_c021)
                .writeBytes(io.netty.buffer.ByteBufUtil.decodeHexDump("01ee000a0506a1b2c3d4"));
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), one.peerSessionId, request);
        fragment(one, lac, 0);
        ByteBuf plain = Unpooled.buffer().writeInt(0xff03_0021).writeByte(0x45).writeZero(99);
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), one.peerSessionId, plain);
        assertThat(scenario.forwarding.injectedUp).isEmpty();
        fragment(two, otherLac, 0);
        assertThat(scenario.forwarding.injectedUp).containsExactly(lineRow);
        scenario.pass(1); // gives back what is on its way
    }

    @Test
    void theOnlyLinkThatNegotiatesAnewBeginsItsNumbersAnew() { // RFC 1990 section 4.1
        end(two, otherLac);
        for (int sequence = 0; sequence < 100; sequence++) {
            fragment(one, lac, sequence);
        }
        renegotiate();
        assertThat(first.state()).isEqualTo(SessionState.OPEN);
        scenario.forwarding.injectedUp.clear();
        fragment(one, lac, 0);
        assertThat(scenario.forwarding.injectedUp).hasSize(1);
    }

    @Test
    void limitsOfTheLineEndAllItsLinks() {
        both(Profile.empty().toBuilder().sessionTimeout(Duration.ofSeconds(60)).build());
        end(Ending.CDN);
        scenario.pass(40);
        assertThat(two.ended).isNull();
        Subscriber three = link(lac, false);
        scenario.pass(20);
        assertThat(two.ended).as("the time of the line, not of its second link").isNotNull();
        assertThat(three.ended).isNotNull();
        assertNothingIsLeft();
    }

    @Test
    void volumeAndRatesPassOn() {
        both(Profile.empty().toBuilder().rateDown(new RateLimit(4_000_000, 0, 0)).line(LineRules.ofVolume(2000))
                .build());
        var limits = line().limits;
        assertThat(limits.rateOut().bps()).isEqualTo(4_000_000);
        fragment(one, lac, 0);
        end(Ending.CDN);
        assertThat(line().limits).isEqualTo(limits);
        fragment(two, otherLac, 1);
        fragment(two, otherLac, 2);
        scenario.pass(10);
        assertThat(two.ended).as("1500 octets").isNull();
        fragment(two, otherLac, 3);
        scenario.pass(10);
        assertThat(two.ended).as("2000 octets").isNotNull();
    }

    private void both(Profile profile) {
        end(one, lac);
        end(two, otherLac);
        scenario.aaa.accounts.clear();
        scenario.aaa.user("alice", "secret", profile);
        open();
    }

    @Test
    void aDisconnectByAddressEndsTheLineAndOneBySessionEndsTheLink() { // RFC 5176 section 3
        List<DynamicAuthorizationResult> answers = new ArrayList<>();
        SessionAuthorization radius = new SessionAuthorization(scenario.sessions.services());
        Inet4Address address = (Inet4Address) first.networks().getFirst().address();
        radius.disconnect(selector(Optional.of(first.id()), Optional.empty(), Optional.empty()), answers::add);
        scenario.pass(8);
        assertThat(answers).containsExactly(new DynamicAuthorizationResult.Done(1));
        assertThat(scenario.table.all()).containsExactly(second);
        Subscriber three = link(lac, false);
        radius.disconnect(selector(Optional.empty(), Optional.empty(), Optional.of(address)), answers::add);
        scenario.pass(8);
        assertThat(answers).last().isEqualTo(new DynamicAuthorizationResult.Done(2));
        assertThat(three.ended).isNotNull();
        assertNothingIsLeft();
        open();
        radius.disconnect(selector(Optional.empty(), Optional.of(first.id()), Optional.empty()), answers::add);
        scenario.pass(8);
        assertThat(answers).last().isEqualTo(new DynamicAuthorizationResult.Done(2));
        assertNothingIsLeft();
    }

    private static SessionSelector selector(Optional<String> session, Optional<String> bundle,
            Optional<Inet4Address> address) {
        return new SessionSelector(session, bundle, Optional.empty(), address, List.of(), List.of(), Optional.empty(),
                OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                Optional.empty());
    }

    @Test
    void shutdownEndsAllLinks() {
        List<String> gone = new ArrayList<>();
        scenario.sessions.endAll(SessionEnd.shutdown(), () -> gone.add("all"));
        scenario.pass(1);
        assertThat(gone).hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void nobodyPassesALineToALinkThatIsClosingItself() {
        second.close(SessionEnd.cleared("test"), scenario.loop.nowNs());
        first.close(SessionEnd.cleared("test"), scenario.loop.nowNs());
        scenario.pass(8);
        assertNothingIsLeft();
    }

    @Test
    void aFullTableCostsTheLinkThatNegotiatesAnewNotTheLine() {
        scenario.forwarding.capacity = scenario.forwarding.rows.size();
        renegotiate();
        scenario.pass(8);
        assertThat(scenario.table.all()).containsExactly(second);
        packetDown();
        assertThat(second.accounts().counters().octetsOut).isEqualTo(1000);
        end(two, otherLac);
        assertNothingIsLeft();
    }

    // RFC 1990 section 2: no link is negotiated or closed through the bundle
    @Test
    void terminateRequestsInFragmentsAreDropped() {
        for (int code = 1; code <= 6; code++) {
            ByteBuf frame = Unpooled.buffer().writeInt(0xff03_003d).writeInt(0xc000_0000 | code - 1)
                    .writeShort(0xc021).writeByte(code).writeByte(9).writeShort(4);
            scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), one.peerSessionId, frame);
        }
        assertThat(scenario.forwarding.injectedUp).isEmpty();
        ByteBuf echo = Unpooled.buffer().writeInt(0xff03_003d).writeInt(0xc000_0006).writeShort(0xc021)
                .writeInt(0x0909_0008).writeInt(0);
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), one.peerSessionId, echo);
        assertThat(scenario.forwarding.injectedUp).hasSize(1);
    }

    @Test
    void aLinkOfAnotherDiscriminatorOrUserIsAnotherBundle() { // RFC 1990 section 5.1.3
        scenario.aaa.user("bob", "secret", Profile.empty());
        expectOwnLine(LinkSettings.client("alice", "secret").mrru(1500)
                .endpointDiscriminator(List.of((byte) 1, (byte) 8)).build());
        expectOwnLine(LinkSettings.client("bob", "secret").mrru(1500)
                .endpointDiscriminator(List.of((byte) 1, (byte) 7)).build());
        expectOwnLine(LinkSettings.client("alice", "secret").mrru(1500).build());
    }

    private void expectOwnLine(LinkSettings settings) {
        Subscriber other = lac.call(settings);
        scenario.pass(2);
        Consumer<Session> own = session -> assertThat(session.networks()).hasSize(1);
        assertThat(scenario.table.all()).filteredOn(session -> session != first && session != second)
                .last().satisfies(own);
        assertThat(other.ended).isNull();
    }
}

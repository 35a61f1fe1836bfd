package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.LinkSettings;
import org.lnsd.ppp.link.PppLink;

/** Accounts of the links of a bundle: each its own, joined by Acct-Multi-Session-Id (RFC 2866 section 5.11). */
class BundleAccountingTest {
    private static final int IPV4_OCTETS = 1000;

    private final Scenario scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nmultilink = true\n");
    private ScriptedLac lac;
    private Subscriber one;
    private Subscriber two;
    private MemoryForwarding.Row first;
    private MemoryForwarding.Row second;

    @BeforeEach
    void twoLinks() {
        lac = scenario.openLac();
        one = link();
        two = link();
        List<MemoryForwarding.Row> rows = List.copyOf(scenario.forwarding.rows.values());
        first = rows.getFirst();
        second = rows.getLast();
    }

    private Subscriber link() {
        Subscriber subscriber = lac.call(ScriptedLac.multilink().build());
        scenario.pass(2);
        return subscriber;
    }

    /** Sends 00 21 and IP octets in two fragments. */
    private void fragments(int sequence, int octetsOnTheFirst) {
        ByteBuf packet = Unpooled.buffer().writeShort(0x21).writeByte(0x45).writeZero(IPV4_OCTETS - 1);
        fragment(one, 0x8000_0000 | sequence, packet.readSlice(2 + octetsOnTheFirst));
        fragment(two, 0x4000_0000 | sequence + 1, packet);
    }

    private void fragment(Subscriber link, int header, ByteBuf data) {
        ByteBuf frame = Unpooled.buffer().writeInt(0xff03_003d).writeInt(header).writeBytes(data.slice());
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), link.peerSessionId, frame);
    }

    private void packetDown() {
        first.sink.onPacket(rowOfFirst(), Unpooled.buffer().writeByte(0x45).writeZero(IPV4_OCTETS - 1),
                scenario.loop.nowNs());
        scenario.pass(1);
    }

    private int rowOfFirst() { return scenario.forwarding.rows.keySet().iterator().next(); }

    @Test
    void octetsCountOnTheLinkThatCarriedThem() {
        fragments(0, 300);
        packetDown();
        assertThat(first.counters.octetsIn).isEqualTo(300);
        assertThat(second.counters.octetsIn).isEqualTo(700);
        assertThat(first.counters.octetsOut + second.counters.octetsOut).isEqualTo(IPV4_OCTETS);
        assertThat(first.counters.octetsOut).isBetween(499L, 501L);
    }

    @Test
    void eachLinkHasItsStartAndItsStopUnderOneName() {
        assertThat(scenario.aaa.accounts).filteredOn(line -> line.startsWith("start alice 100.64.0.")).hasSize(2);
        assertThat(scenario.aaa.accounted).extracting(subject -> subject.session().multiSessionId())
                .containsOnly(scenario.aaa.accounted.getFirst().session().acctSessionId());
        assertThat(scenario.aaa.accounted).extracting(subject -> subject.session().acctSessionId())
                .doesNotHaveDuplicates();
        fragments(0, 300);
        lac.hangUp(two, ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(2);
        assertThat(scenario.aaa.accounts).last().asString().startsWith("stop alice").endsWith(" 700/0");
        lac.hangUp(one, ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(2);
        assertThat(scenario.aaa.accounts).last().asString().startsWith("stop alice").endsWith(" 300/0");
        assertThat(scenario.table.all()).isEmpty();
    }

    @Test
    void eachAccountTellsHowManyLinksTheBundleHasHad() { // RFC 2866 section 5.12
        assertThat(scenario.table.all()).extracting(session -> session.accounts().read().links())
                .containsExactly(2, 2);
        lac.hangUp(two, ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(2);
        link();
        assertThat(scenario.table.all()).extracting(session -> session.accounts().read().links())
                .containsExactly(3, 3);
    }

    @Test
    void aPacketWithoutMultilinkHeaderIsTheBundlesOnAnyLink() { // RFC 1990 section 2
        ByteBuf frame = Unpooled.buffer().writeInt(0xff03_0021).writeByte(0x45).writeZero(99);
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), two.peerSessionId, frame);
        assertThat(second.counters.octetsIn).isEqualTo(100);
        assertThat(scenario.forwarding.injectedUp).containsExactly(rowOfFirst());
    }

    @Test
    void trafficOfAnyLinkCountsForTheLimitsOfTheLine() {
        scenario.aaa.user("alice", "secret", Profile.empty().toBuilder().idleTimeout(Duration.ofSeconds(15))
                .line(LineRules.ofVolume(2000)).build());
        lac.hangUp(one, ResultCode.CDN_ADMINISTRATIVE);
        scenario.pass(2);
        twoLinks();
        scenario.pass(8);
        fragment(two, 0xc000_0000, Unpooled.buffer().writeShort(0x21).writeByte(0x45).writeZero(999));
        scenario.pass(8);
        assertThat(one.ended).as("the other link was not idle").isNull();
        fragment(two, 0xc000_0001, Unpooled.buffer().writeShort(0x21).writeByte(0x45).writeZero(999));
        scenario.pass(5);
        assertThat(one.ended).as("the volume of all links is used up").isNotNull();
    }

    @Test
    void aLinkThatNegotiatesAnewJoinsAgain() {
        renegotiate(two);
        assertThat(scenario.table.all()).hasSize(2).allMatch(session -> session.state() == SessionState.OPEN);
        assertThat(scenario.aaa.accounts).filteredOn(line -> line.startsWith("start")).hasSize(2);
        packetDown();
        assertThat(second.counters.octetsOut).as("sent over both again").isBetween(499L, 501L);
    }

    @Test
    void aLinkThatNoLongerFitsEndsAndTheOthersGoOn() {
        two.link.lowerDown(scenario.loop.nowNs());
        two.link = new PppLink(LinkSettings.client("alice", "secret").build(), new Random(3),
                UnpooledByteBufAllocator.DEFAULT); // a modem that has forgotten multilink
        two.link.start(scenario.loop.nowNs());
        lac.drain();
        scenario.pass(10);
        assertThat(two.ended).isNotNull();
        assertThat(two.ended.message()).contains("no longer fits");
        assertThat(one.ended).isNull();
        assertThat(scenario.table.all()).hasSize(1);
    }

    private void renegotiate(Subscriber link) {
        ByteBuf frame = Unpooled.buffer().writeInt(0xff03_c021)
                .writeBytes(io.netty.buffer.ByteBufUtil.decodeHexDump("01ee000a0506a1b2c3d4"));
        scenario.forwarding.arrive(lac.tunnel.peerTunnelId(), link.peerSessionId, frame);
        scenario.pass(5);
    }
}

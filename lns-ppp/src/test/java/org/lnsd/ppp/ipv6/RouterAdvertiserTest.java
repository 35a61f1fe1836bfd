package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterAdvertiserTest {
    private static final long SECOND = 1_000_000_000L;
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final Ipv6Address ROUTER = Ipv6Address.linkLocal(1);
    private static final Ipv6Address HOST = Ipv6Address.linkLocal(2);
    private static final Ipv6Prefix PREFIX = new Ipv6Prefix(new Ipv6Address(0x20010db8_0100_0001L, 0), 64);
    private static final Ipv6Prefix OTHER = new Ipv6Prefix(new Ipv6Address(0x20010db8_0100_0002L, 0), 64);
    private static final Ipv6Address DNS = new Ipv6Address(0x262000fe_00000000L, 0xfe);

    private final RouterAdvertiser advertiser = new RouterAdvertiser(settings(PREFIX), new Random(1), ALLOCATOR);
    private final RouterSolicitor host = new RouterSolicitor(HOST, ALLOCATOR);

    private static RouterSettings settings(Ipv6Prefix prefix) { return settings(prefix, List.of(DNS)); }

    private static RouterSettings settings(Ipv6Prefix prefix, List<Ipv6Address> dnsServers) {
        return RouterSettings.of(ROUTER, List.of(new AdvertisedPrefix(prefix, 3600, 7200, false, true)), 1492,
                dnsServers,
                List.of("example.net", "lab.example.net"), false);
    }

    private List<RouterSolicitor.Advertisement> advertised() {
        List<RouterSolicitor.Advertisement> all = new ArrayList<>();
        for (ByteBuf packet = advertiser.pollTransmit(); packet != null; packet = advertiser.pollTransmit()) {
            host.onPacket(packet);
            packet.release();
        }
        for (var a = host.pollEvent(); a != null; a = host.pollEvent()) {
            all.add(a);
        }
        return all;
    }

    private void solicit(Ipv6Address source, long nowNs) {
        feed(NeighborDiscovery.routerSolicitation(ALLOCATOR, source), nowNs);
    }

    private void feed(ByteBuf packet, long nowNs) {
        advertiser.onPacket(packet, nowNs);
        packet.release();
    }

    @AfterEach
    void close() {
        advertiser.close();
        ByteBuf rest = host.pollTransmit();
        assertThat(rest).isNull();
    }

    @Test
    void startAdvertisesEverythingAtOnce() { // RFC 4861 section 6.2.4, RFC 8106 section 5
        advertiser.start(0);
        var advertisement = advertised().getFirst();
        assertThat(advertisement.router()).isEqualTo(ROUTER);
        assertThat(advertisement.routerLifetimeSeconds()).isEqualTo(1800);
        assertThat(advertisement.mtuBytes()).isEqualTo(1492);
        assertThat(advertisement.prefixes()).containsExactly(new AdvertisedPrefix(PREFIX, 3600, 7200, false, true));
        assertThat(advertisement.dnsServers()).containsExactly(DNS);
        assertThat(advertisement.searchDomains()).containsExactly("example.net", "lab.example.net");
        assertThat(advertisement.otherConfiguration()).isTrue();
        assertThat(advertisement.managed()).isFalse();
    }

    @Test
    void threeInitialAdvertisementsThenTheLongInterval() { // RFC 4861 section 6.2.4
        advertiser.start(0);
        long now = 0;
        List<Long> gaps = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long next = advertiser.nextDeadlineNs();
            gaps.add((next - now) / SECOND);
            now = next;
            advertiser.onTimeout(now);
        }
        assertThat(gaps.subList(0, 2)).allMatch(gap -> gap <= 16);
        assertThat(gaps.subList(2, 5)).allMatch(gap -> gap >= 200 && gap <= 600);
        assertThat(advertised()).hasSize(6);
    }

    @Test
    void solicitationIsAnsweredWithinHalfASecondToItsSource() { // RFC 4861 section 6.2.6
        advertiser.start(0);
        advertised();
        solicit(HOST, SECOND);
        assertThat(advertiser.nextDeadlineNs()).isBetween(SECOND, SECOND + SECOND / 2);
        advertiser.onTimeout(advertiser.nextDeadlineNs());
        ByteBuf answer = advertiser.pollTransmit();
        assertThat(Ipv6Packet.destination(answer)).isEqualTo(HOST);
        answer.release();
    }

    @Test
    void multicastAnswersKeepThreeSecondsApart() { // RFC 4861 section 6.2.6, MIN_DELAY_BETWEEN_RAS
        advertiser.start(0);
        advertised();
        solicit(Ipv6Address.UNSPECIFIED, SECOND);
        assertThat(advertiser.nextDeadlineNs()).isGreaterThanOrEqualTo(3 * SECOND);
        advertiser.onTimeout(advertiser.nextDeadlineNs());
        assertThat(advertised()).hasSize(1);
    }

    @Test
    void twoSolicitorsAreBothAnswered() { // RFC 4861 section 6.2.6
        advertiser.start(0);
        advertised();
        solicit(HOST, 10 * SECOND);
        solicit(Ipv6Address.linkLocal(3), 10 * SECOND);
        advertiser.onTimeout(10 * SECOND + SECOND / 2);
        List<Ipv6Address> destinations = new ArrayList<>();
        for (ByteBuf packet = advertiser.pollTransmit(); packet != null; packet = advertiser.pollTransmit()) {
            destinations.add(Ipv6Packet.destination(packet));
            packet.release();
        }
        assertThat(destinations).containsExactlyInAnyOrder(HOST, Ipv6Address.ALL_NODES);
    }

    @Test
    void floodOfSolicitationsGivesOneAnswer() {
        advertiser.start(0);
        advertised();
        for (int i = 0; i < 10_000; i++) {
            solicit(HOST, SECOND);
        }
        advertiser.onTimeout(2 * SECOND);
        assertThat(advertised()).hasSize(1);
    }

    @Test
    void invalidSolicitationsAreDropped() { // RFC 4861 section 6.1.1
        advertiser.start(0);
        advertised();
        List<Consumer<ByteBuf>> damages = List.of(p -> p.setByte(7, 254), p -> p.setByte(42, 0x55),
                p -> p.setByte(41, 1),
                p -> p.setByte(0, 0x40), p -> p.setShort(4, 200), p -> p.writerIndex(44), p -> p.writerIndex(0));
        for (Consumer<ByteBuf> damage : damages) {
            ByteBuf packet = NeighborDiscovery.routerSolicitation(ALLOCATOR, HOST);
            damage.accept(packet);
            feed(packet, SECOND);
        }
        ByteBuf zeroOption = NeighborDiscovery.routerSolicitation(ALLOCATOR, HOST);
        zeroOption.writeLong(0);
        Ipv6Packet.finish(zeroOption, 2);
        feed(zeroOption, SECOND);
        ByteBuf linkLayer = NeighborDiscovery.routerSolicitation(ALLOCATOR, Ipv6Address.UNSPECIFIED);
        linkLayer.writeLong(0x0101_0200_0000_0002L); // a source link-layer address without a source
        Ipv6Packet.finish(linkLayer, 2);
        feed(linkLayer, SECOND);
        assertThat(advertiser.dropped()).isEqualTo(damages.size() + 2);
        assertThat(advertiser.nextDeadlineNs()).isGreaterThan(2 * SECOND);
    }

    @Test
    void prefixThatGoesIsDeprecatedWithLifetimeZero() { // RFC 4861 section 6.2.4, RFC 4862 section 5.5.3
        advertiser.start(0);
        advertised();
        advertiser.update(settings(OTHER), 10 * SECOND);
        assertThat(advertised().getFirst().prefixes()).containsExactly(
                new AdvertisedPrefix(OTHER, 3600, 7200, false, true),
                new AdvertisedPrefix(PREFIX, 0, 0, false, true));
        advertiser.update(settings(PREFIX), 20 * SECOND);
        assertThat(advertised().getFirst().prefixes())
                .extracting(AdvertisedPrefix::prefix, AdvertisedPrefix::validSeconds)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(PREFIX, 7200L),
                        org.assertj.core.groups.Tuple.tuple(OTHER, 0L));
        solicit(HOST, 8000 * SECOND);
        advertiser.onTimeout(8001 * SECOND);
        assertThat(advertised().getFirst().prefixes()).extracting(AdvertisedPrefix::prefix).containsExactly(PREFIX);
    }

    @Test
    void changesAreAdvertisedThreeSecondsApart() { // RFC 4861 section 6.2.6, MIN_DELAY_BETWEEN_RAS
        advertiser.start(0);
        advertised();
        advertiser.update(settings(OTHER), SECOND);
        advertiser.update(settings(PREFIX), 2 * SECOND);
        assertThat(advertised()).isEmpty();
        assertThat(advertiser.nextDeadlineNs()).isEqualTo(3 * SECOND);
        advertiser.onTimeout(3 * SECOND);
        assertThat(advertised()).hasSize(1).first().satisfies(said -> assertThat(said.prefixes())
                .extracting(AdvertisedPrefix::prefix).containsExactly(PREFIX, OTHER));
        assertThat(advertiser.nextDeadlineNs()).as("said three times soon").isLessThanOrEqualTo(19 * SECOND);
    }

    @Test
    void formerNameServersAreToldWithLifetimeZero() { // RFC 8106 section 5.1
        advertiser.start(0);
        advertised();
        Ipv6Address other = new Ipv6Address(0x262000fe_00000000L, 0x10);
        advertiser.update(settings(PREFIX, List.of(other)), 10 * SECOND);
        ByteBuf packet = advertiser.pollTransmit();
        assertThat(servers(packet)).containsExactly("1800 " + other, "0 " + DNS);
        packet.release();
        advertiser.update(settings(PREFIX, List.of(DNS)), 20 * SECOND);
        packet = advertiser.pollTransmit();
        assertThat(servers(packet)).containsExactly("1800 " + DNS, "0 " + other);
        packet.release();
        advertiser.onTimeout(1821 * SECOND); // nobody remembers it
        assertThat(advertised()).hasSize(1);
        solicit(HOST, 1822 * SECOND);
        advertiser.onTimeout(1823 * SECOND);
        packet = advertiser.pollTransmit();
        assertThat(servers(packet)).containsExactly("1800 " + DNS);
        packet.release();
    }

    /** "lifetime server" of each RDNSS option with one server. */
    private static List<String> servers(ByteBuf packet) {
        List<String> all = new ArrayList<>();
        for (int at = 56; at < packet.readableBytes(); at += packet.getUnsignedByte(at + 1) * 8) {
            if (packet.getUnsignedByte(at) == NeighborDiscovery.OPTION_RDNSS) {
                all.add(packet.getUnsignedInt(at + 4) + " " + Ipv6Address.get(packet, at + 8));
            }
        }
        return all;
    }

    // RFC 4861 section 6.2.1: MaxRtrAdvInterval 4 to 1800 s, MinRtrAdvInterval 3 s to 3/4 of it, AdvDefaultLifetime 0 or from it to 9000 s
    @ParameterizedTest
    @CsvSource({"200,600,1800,true", "3,4,4,true", "3,4,0,true", "1350,1800,9000,true", "2,4,1800,false",
            "4,4,1800,false", "1351,1800,1800,false", "3,3,1800,false", "200,1801,1801,false", "200,600,599,false",
            "200,600,9001,false", "200,600,-1,false"})
    void variablesKeepToTheirRanges(int minimum, int maximum, int lifetime, boolean good) {
        ThrowingCallable make = () -> new RouterSettings(ROUTER, List.of(), false, true, 1492, 64, lifetime, List.of(),
                List.of(), minimum * SECOND, maximum * SECOND);
        if (good) {
            assertThatCode(make).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(make).isInstanceOf(IllegalArgumentException.class);
        }
    }

    // RFC 4861 section 6.2.1 and 4.2: the variables that are not ours to set are unspecified, what is reserved is 0
    @Test
    void unspecifiedVariablesAreZero() {
        advertiser.start(0);
        ByteBuf packet = advertiser.pollTransmit();
        assertThat(packet.getUnsignedByte(44)).as("AdvCurHopLimit").isEqualTo((short) 64);
        assertThat(packet.getUnsignedByte(45)).as("O; RFC 4191: medium preference").isEqualTo((short) 0x40);
        assertThat(packet.getInt(48)).as("AdvReachableTime").isZero();
        assertThat(packet.getInt(52)).as("AdvRetransTimer").isZero();
        assertThat(packet.getUnsignedByte(59)).as("A, and not L here").isEqualTo((short) 0x40);
        assertThat(packet.getInt(68)).as("reserved").isZero();
        packet.release();
    }

    @Test
    void stopSaysThatWeAreNoRouterAnyMore() { // RFC 4861 section 6.2.5
        advertiser.start(0);
        advertised();
        advertiser.stop(SECOND);
        var last = advertised().getFirst();
        assertThat(last.routerLifetimeSeconds()).isZero();
        assertThat(last.prefixes()).allMatch(prefix -> prefix.validSeconds() == 0);
        assertThat(advertiser.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void neighborSolicitationForOurAddressIsAnswered() { // RFC 4861 section 7.2.4
        advertiser.start(0);
        advertised();
        feed(neighborSolicitation(HOST, ROUTER.solicitedNode(), ROUTER), SECOND);
        ByteBuf answer = advertiser.pollTransmit();
        assertThat(Ipv6Packet.checksumHolds(answer)).isTrue();
        assertThat(Ipv6Packet.destination(answer)).isEqualTo(HOST);
        assertThat(answer.getUnsignedByte(40)).isEqualTo((short) NeighborDiscovery.NEIGHBOR_ADVERTISEMENT);
        assertThat(answer.getUnsignedByte(44)).isEqualTo((short) 0xe0);
        answer.release();
        feed(neighborSolicitation(Ipv6Address.UNSPECIFIED, ROUTER.solicitedNode(), ROUTER), SECOND); // RFC 4862 section 5.4.3: somebody wants our address
        answer = advertiser.pollTransmit();
        assertThat(Ipv6Packet.destination(answer)).isEqualTo(Ipv6Address.ALL_NODES);
        answer.release();
        feed(neighborSolicitation(HOST, HOST.solicitedNode(), HOST), SECOND);
        assertThat(advertiser.pollTransmit()).isNull();
    }

    @Test
    void whatNeighboursAdvertiseChangesNothing() { // RFC 4861 sections 7.2.5 and 6.2.7: the link has no link-layer addresses, and one router
        advertiser.start(0);
        advertised();
        for (int type : new int[]{NeighborDiscovery.NEIGHBOR_ADVERTISEMENT, NeighborDiscovery.ROUTER_ADVERTISEMENT}) {
            ByteBuf packet = Ipv6Packet.begin(ALLOCATOR, Ipv6Packet.ICMPV6, 255, HOST, Ipv6Address.ALL_NODES);
            packet.writeByte(type).writeByte(0).writeShort(0).writeInt(0x2000_0000);
            ROUTER.write(packet);
            Ipv6Packet.finish(packet, 2);
            feed(packet, SECOND);
        }
        assertThat(advertiser.pollTransmit()).isNull();
        feed(neighborSolicitation(HOST, ROUTER, ROUTER), SECOND);
        ByteBuf answer = advertiser.pollTransmit();
        assertThat(Ipv6Packet.source(answer)).isEqualTo(ROUTER);
        answer.release();
    }

    private static ByteBuf neighborSolicitation(Ipv6Address source, Ipv6Address destination, Ipv6Address target) {
        ByteBuf packet = Ipv6Packet.begin(ALLOCATOR, Ipv6Packet.ICMPV6, 255, source, destination);
        packet.writeByte(NeighborDiscovery.NEIGHBOR_SOLICITATION).writeByte(0).writeShort(0).writeInt(0);
        target.write(packet);
        Ipv6Packet.finish(packet, 2);
        return packet;
    }

    @Test
    void echoRequestIsAnsweredAndBounded() { // RFC 4443 section 4.2
        advertiser.start(0);
        advertised();
        for (int i = 0; i < 1000; i++) {
            feed(ping(ROUTER, 8), SECOND);
        }
        int replies = 0;
        for (ByteBuf reply = advertiser.pollTransmit(); reply != null; reply = advertiser.pollTransmit(), replies++) {
            assertThat(Ipv6Packet.checksumHolds(reply)).isTrue();
            assertThat(reply.getLong(48)).isEqualTo(42);
            reply.release();
        }
        assertThat(replies).isBetween(1, 20);
    }

    private static ByteBuf ping(Ipv6Address destination, int bytes) {
        ByteBuf ping = Ipv6Packet.begin(ALLOCATOR, Ipv6Packet.ICMPV6, 64, HOST, destination);
        ping.writeByte(NeighborDiscovery.ECHO_REQUEST).writeByte(0).writeShort(0).writeInt(0x1234_0001)
                .writeLong(42).writeZero(bytes - 8);
        Ipv6Packet.finish(ping, 2);
        return ping;
    }

    @Test
    void subnetRouterAnycastAddressIsOurs() { // RFC 4291 section 2.6.1
        advertiser.start(0);
        advertised();
        feed(ping(PREFIX.address(), 8), SECOND);
        ByteBuf reply = advertiser.pollTransmit();
        assertThat(Ipv6Packet.source(reply)).isEqualTo(ROUTER);
        reply.release();
        feed(ping(new Ipv6Address(PREFIX.address().high(), 5), 8), SECOND);
        feed(ping(OTHER.address(), 8), SECOND);
        assertThat(advertiser.pollTransmit()).isNull();
    }

    @Test
    void whatIsForAnotherNodeGoesNowhere() { // RFC 4443 section 3.1: codes 3 and 2; RFC 4291 section 2.5.6
        advertiser.start(0);
        advertised();
        assertThat(refusal(ping(Ipv6Address.linkLocal(9), 8))).isEqualTo("1/3");
        assertThat(refusal(ping(DNS, 8))).isEqualTo("1/2");
        assertThat(refusal(ping(Ipv6Address.ALL_NODES, 8))).isEqualTo("taken");
        assertThat(refusal(ping(ROUTER, 8))).isEqualTo("taken");
        assertThat(refusal(ping(PREFIX.address(), 8))).isEqualTo("taken");
        ByteBuf error = ping(DNS, 8);
        assertThat(refusal(error.setByte(40, 3))).as("an error").isEqualTo("silent");
        ByteBuf anonymous = ping(DNS, 8);
        assertThat(refusal(anonymous.setLong(8, 0).setLong(16, 0))).isEqualTo("silent");
        for (int i = 0; i < 100; i++) {
            refusal(ping(DNS, 8));
        }
        assertThat(refusal(ping(DNS, 8))).as("section 2.4 f").isEqualTo("silent");
    }

    private String refusal(ByteBuf packet) {
        boolean elsewhere = advertiser.isForAnother(packet, SECOND);
        packet.release();
        ByteBuf answer = advertiser.pollTransmit();
        if (answer == null) {
            return elsewhere ? "silent" : "taken";
        }
        assertThat(Ipv6Packet.source(answer)).isEqualTo(ROUTER);
        assertThat(Ipv6Packet.checksumHolds(answer)).isTrue();
        String said = answer.getUnsignedByte(40) + "/" + answer.getUnsignedByte(41);
        answer.release();
        return said;
    }

    private static ByteBuf packet(int nextHeader, Ipv6Address from, Ipv6Address to, int octets) {
        ByteBuf packet = ALLOCATOR.buffer().writeInt(0x6000_0000).writeShort(octets).writeByte(nextHeader)
                .writeByte(64);
        packet.writeLong(from.high()).writeLong(from.low()).writeLong(to.high()).writeLong(to.low());
        return packet.writeZero(octets);
    }

    /** Type, code and pointer of what is told about a packet that nobody here takes, "" for nothing. */
    private String toldOf(ByteBuf packet) {
        advertiser.onOther(packet, SECOND);
        ByteBuf error = advertiser.pollTransmit();
        String told = "";
        if (error != null) {
            assertThat(Ipv6Packet.checksumHolds(error)).isTrue();
            assertThat(Ipv6Packet.destination(error)).isEqualTo(HOST);
            assertThat(error.readableBytes()).isEqualTo(Math.min(1280, 48 + packet.readableBytes()));
            assertThat(error.slice(48, error.readableBytes() - 48)).as("quoted")
                    .isEqualTo(packet.slice(0, error.readableBytes() - 48));
            told = error.getUnsignedByte(40) + "/" + error.getUnsignedByte(41) + "/" + error.getInt(44);
            error.release();
        }
        packet.release();
        return told;
    }

    // RFC 4443 sections 3.1 (code 4) and 3.4 (code 1); section 2.4 (e): not about what is for a group or from nobody; (f): at a bounded rate
    @Test
    void whatNobodyHereTakesIsToldToItsSender() {
        advertiser.start(0);
        advertised();
        assertThat(toldOf(packet(17, HOST, ROUTER, 8))).as("UDP").isEqualTo("1/4/0");
        assertThat(toldOf(packet(17, HOST, ROUTER, 1400))).as("UDP, more than is quoted").isEqualTo("1/4/0");
        for (int nextHeader : new int[]{6, 47, 50, 59, 132, 253}) {
            assertThat(toldOf(packet(nextHeader, HOST, ROUTER, 20))).isEqualTo("4/1/6");
        }
        assertThat(toldOf(packet(17, HOST, Ipv6Address.ALL_NODES, 8))).isEmpty();
        assertThat(toldOf(packet(17, Ipv6Address.UNSPECIFIED, ROUTER, 8))).isEmpty();
        assertThat(toldOf(packet(17, Ipv6Address.ALL_NODES, ROUTER, 8))).isEmpty();
        long told = 0;
        for (int i = 0; i < 100; i++) {
            told += toldOf(packet(17, HOST, ROUTER, 8)).isEmpty() ? 0 : 1;
        }
        assertThat(told).as("of 20, eight are told already").isEqualTo(12);
    }

    @Test
    void whoIsNoRouterAnyMoreTellsNothing() {
        advertiser.start(0);
        advertised();
        advertiser.stop(SECOND);
        advertised();
        assertThat(toldOf(packet(17, HOST, ROUTER, 8))).isEmpty();
        ByteBuf packet = packet(17, HOST, ROUTER, 8);
        assertThat(advertiser.open(packet, SECOND)).isNull();
        packet.release();
        advertiser.update(settings(OTHER), SECOND);
        assertThat(advertised()).isEmpty();
    }

    @Test
    void replyBeyondTheMtuIsFragmented() { // RFC 4443 section 4.2, RFC 8200 section 4.5
        advertiser.start(0);
        advertised();
        feed(ping(ROUTER, 1480), SECOND);
        Fragments fragments = new Fragments(ALLOCATOR);
        List<Fragments.Outcome> outcomes = new ArrayList<>();
        for (ByteBuf part = advertiser.pollTransmit(); part != null; part = advertiser.pollTransmit()) {
            assertThat(part.readableBytes()).isLessThanOrEqualTo(1492);
            outcomes.add(fragments.add(part, Ipv6Packet.HEADER_BYTES, SECOND));
            part.release();
        }
        assertThat(outcomes).containsExactly(Fragments.Outcome.KEPT, Fragments.Outcome.WHOLE);
        ByteBuf reply = fragments.take();
        assertThat(Ipv6Packet.payloadLength(reply)).isEqualTo(1488);
        assertThat(Ipv6Packet.checksumHolds(reply)).isTrue();
        reply.release();
    }
}

package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

    private static RouterSettings settings(Ipv6Prefix prefix) {
        return RouterSettings.of(ROUTER, List.of(new AdvertisedPrefix(prefix, 3600, 7200, false, true)), 1492,
                List.of(DNS),
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
        advertiser.update(settings(OTHER), SECOND);
        assertThat(advertised().getFirst().prefixes()).containsExactly(
                new AdvertisedPrefix(OTHER, 3600, 7200, false, true),
                new AdvertisedPrefix(PREFIX, 0, 0, false, true));
        advertiser.update(settings(PREFIX), 2 * SECOND);
        assertThat(advertised().getFirst().prefixes())
                .extracting(AdvertisedPrefix::prefix, AdvertisedPrefix::validSeconds)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(PREFIX, 7200L),
                        org.assertj.core.groups.Tuple.tuple(OTHER, 0L));
        solicit(HOST, 8000 * SECOND);
        advertiser.onTimeout(8001 * SECOND);
        assertThat(advertised().getFirst().prefixes()).extracting(AdvertisedPrefix::prefix).containsExactly(PREFIX);
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
            ByteBuf ping = Ipv6Packet.begin(ALLOCATOR, Ipv6Packet.ICMPV6, 64, HOST, ROUTER);
            ping.writeByte(NeighborDiscovery.ECHO_REQUEST).writeByte(0).writeShort(0).writeInt(0x1234_0001)
                    .writeLong(42);
            Ipv6Packet.finish(ping, 2);
            feed(ping, SECOND);
        }
        int replies = 0;
        for (ByteBuf reply = advertiser.pollTransmit(); reply != null; reply = advertiser.pollTransmit(), replies++) {
            assertThat(Ipv6Packet.checksumHolds(reply)).isTrue();
            assertThat(reply.getLong(48)).isEqualTo(42);
            reply.release();
        }
        assertThat(replies).isBetween(1, 20);
    }
}

package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.ppp.ipv6.Dhcp6Client.Event;
import org.lnsd.ppp.ipv6.Dhcp6Option.Association;
import org.lnsd.ppp.ipv6.Dhcp6Option.Duid;
import org.lnsd.ppp.ipv6.Dhcp6Option.Lease;

/** The client's rules (RFC 8415 sections 15, 16 and 18.2), against a server that is written by hand. */
class Dhcp6ClientTest {
    private static final long SECOND = Dhcp6Link.SECOND;
    private static final Duid CLIENT = new Duid(Dhcp6Link.CLIENT_DUID);
    private static final Duid SERVER = new Duid(Dhcp6Link.SERVER_DUID);

    private final Dhcp6Client client = new Dhcp6Client(Dhcp6Link.CLIENT, Dhcp6Link.CLIENT_DUID, true, true, true,
            new Random(8415), Dhcp6Link.ALLOCATOR);

    private @Nullable Dhcp6Message sent() {
        ByteBuf packet = client.pollTransmit();
        if (packet == null) {
            return null;
        }
        assertThat(Ipv6Packet.checksumHolds(packet)).isTrue();
        assertThat(Ipv6Packet.destination(packet)).isEqualTo(Ipv6Address.ALL_DHCP_SERVERS);
        Dhcp6Message message = Dhcp6Codec.decode(Ipv6Packet.payload(packet).skipBytes(8));
        packet.release();
        return message;
    }

    private Dhcp6Message expect(int type) {
        Dhcp6Message message = sent();
        assertThat(message).isNotNull();
        assertThat(message.type()).isEqualTo(type);
        assertThat(message.clientId()).contains(CLIENT);
        return message;
    }

    private static ByteBuf packet(int port, Dhcp6Message message) {
        ByteBuf packet = Ipv6Packet.beginUdp(Dhcp6Link.ALLOCATOR, Dhcp6Link.SERVER, Dhcp6Server.SERVER_PORT,
                Dhcp6Link.CLIENT, port);
        Dhcp6Codec.encode(message, packet);
        Ipv6Packet.finishUdp(packet);
        return packet;
    }

    private void receive(ByteBuf packet, long nowNs) {
        client.onPacket(packet, nowNs);
        packet.release();
    }

    private void answer(int type, Dhcp6Message question, long nowNs, Dhcp6Option... options) {
        List<Dhcp6Option> all = new ArrayList<>(List.of(new Dhcp6Option.ClientId(CLIENT),
                new Dhcp6Option.ServerId(SERVER)));
        all.addAll(List.of(options));
        receive(packet(Dhcp6Server.CLIENT_PORT, new Dhcp6Message(type, question.transactionId(), all)), nowNs);
    }

    /** T1 after 100 s, T2 after 160 s, valid for 200 s. */
    private static Association lease(boolean delegation, Ipv6Prefix prefix) {
        return new Association(delegation, delegation ? 1 : 2, 100, 160, List.of(new Lease(prefix, 150, 200)),
                Optional.empty());
    }

    private static Dhcp6Option[] leases() {
        return new Dhcp6Option[]{lease(true, Dhcp6Link.PREFIX), lease(false, new Ipv6Prefix(Dhcp6Link.ADDRESS, 128)),
                new Dhcp6Option.DnsServers(List.of(Dhcp6Link.DNS)), new Dhcp6Option.RapidCommit()};
    }

    private void bind(long nowNs) {
        client.start(nowNs);
        answer(Dhcp6Message.REPLY, expect(Dhcp6Message.SOLICIT), nowNs, leases());
        assertThat(client.pollEvent()).isInstanceOf(Event.Bound.class);
    }

    /** What is sent until then when nobody answers. */
    private List<Integer> typesUntil(long endNs) {
        List<Integer> types = new ArrayList<>();
        for (long nowNs = client.nextDeadlineNs(); nowNs <= endNs; nowNs = client.nextDeadlineNs()) {
            client.onTimeout(nowNs);
            for (Dhcp6Message message = sent(); message != null; message = sent()) {
                types.add(message.type());
            }
        }
        return types;
    }

    // RFC 8415 sections 18.2.1, 21.7, 21.14
    @Test
    void solicitAsksForEverythingOfAnyServer() {
        client.start(0);
        Dhcp6Message solicit = expect(Dhcp6Message.SOLICIT);
        assertThat(solicit.serverId()).isEmpty();
        assertThat(solicit.has(Dhcp6Option.RapidCommit.class)).isTrue();
        assertThat(solicit.associations()).extracting(Association::delegation).containsExactly(true, false);
        assertThat(solicit.requests(Dhcp6Option.DNS_SERVERS)).isTrue();
        assertThat(solicit.requests(Dhcp6Option.RAPID_COMMIT)).isFalse();
    }

    // RFC 8415 section 18.2.10.1: a Reply to a Solicit counts with Rapid Commit only
    @Test
    void replyToASolicitNeedsRapidCommit() {
        client.start(0);
        Dhcp6Message solicit = expect(Dhcp6Message.SOLICIT);
        answer(Dhcp6Message.REPLY, solicit, 0, lease(true, Dhcp6Link.PREFIX));
        assertThat(client.pollEvent()).isNull();
        answer(Dhcp6Message.REPLY, solicit, 0, leases());
        assertThat(client.pollEvent()).isEqualTo(new Event.Bound(List.of(Dhcp6Link.PREFIX),
                List.of(Dhcp6Link.ADDRESS), List.of(Dhcp6Link.DNS)));
        assertThat(client.nextDeadlineNs()).isEqualTo(100 * SECOND);
    }

    // RFC 8415 sections 18.2.2, 18.2.9
    @Test
    void advertisedLeasesAreRequestedOfThatServer() {
        client.start(0);
        Dhcp6Message solicit = expect(Dhcp6Message.SOLICIT);
        answer(Dhcp6Message.ADVERTISE, solicit, 0, new Association(true, 1, 0, 0, List.of(),
                Optional.of(new Dhcp6Option.Status(Dhcp6Option.Status.NO_PREFIX_AVAIL, ""))));
        assertThat(sent()).as("an Advertise without leases is passed over").isNull();
        answer(Dhcp6Message.ADVERTISE, solicit, 0, lease(true, Dhcp6Link.PREFIX));
        Dhcp6Message request = expect(Dhcp6Message.REQUEST);
        assertThat(request.serverId()).contains(SERVER);
        assertThat(request.transactionId()).isNotEqualTo(solicit.transactionId());
        assertThat(request.associations().getFirst().leases()).extracting(Lease::prefix)
                .containsExactly(Dhcp6Link.PREFIX);
        answer(Dhcp6Message.REPLY, request, 0, lease(true, Dhcp6Link.PREFIX));
        assertThat(client.pollEvent()).isEqualTo(new Event.Bound(List.of(Dhcp6Link.PREFIX), List.of(), List.of()));
    }

    // RFC 8415 section 15: RT = 2 RTprev + RAND RTprev, RAND between -0.1 and 0.1
    @Test
    void retransmissionsAreSpacedByTwiceTheTime() {
        client.start(0);
        Dhcp6Message first = expect(Dhcp6Message.SOLICIT);
        long sentNs = 0;
        for (long timeoutNs = SECOND; timeoutNs <= 64 * SECOND; timeoutNs *= 2) {
            long waitedNs = client.nextDeadlineNs() - sentNs;
            assertThat(waitedNs).isBetween(timeoutNs * 9 / 10, timeoutNs * 11 / 10);
            sentNs = client.nextDeadlineNs();
            client.onTimeout(sentNs - 1);
            assertThat(sent()).as("before its time").isNull();
            client.onTimeout(sentNs);
            assertThat(expect(Dhcp6Message.SOLICIT).transactionId()).isEqualTo(first.transactionId());
        }
    }

    // RFC 8415 section 18.2.2: REQ_MAX_RC, then it begins anew
    @Test
    void anUnansweredRequestIsGivenUpAfterTenTries() {
        client.start(0);
        answer(Dhcp6Message.ADVERTISE, expect(Dhcp6Message.SOLICIT), 0, lease(true, Dhcp6Link.PREFIX));
        expect(Dhcp6Message.REQUEST);
        List<Integer> types = typesUntil(2_000 * SECOND);
        assertThat(types.subList(0, 9)).containsOnly(Dhcp6Message.REQUEST);
        assertThat(types.get(9)).isEqualTo(Dhcp6Message.SOLICIT);
    }

    // RFC 8415 sections 18.2.4, 18.2.5, 18.2.10.1
    @Test
    void leasesAreRenewedThenReboundThenForgotten() {
        bind(0);
        assertThat(typesUntil(159 * SECOND)).hasSizeBetween(2, 3).containsOnly(Dhcp6Message.RENEW);
        assertThat(typesUntil(199 * SECOND)).hasSizeBetween(2, 3).containsOnly(Dhcp6Message.REBIND);
        assertThat(client.pollEvent()).isNull();
        assertThat(typesUntil(200 * SECOND)).containsExactly(Dhcp6Message.SOLICIT);
        assertThat(client.pollEvent()).isEqualTo(new Event.Unbound("leases expired"));
    }

    // RFC 8415 sections 18.2.4, 18.2.5: Renew names its server, Rebind asks any; the answer of another one counts
    @Test
    void aRebindIsAnsweredByAnyServer() {
        bind(0);
        client.onTimeout(100 * SECOND);
        assertThat(expect(Dhcp6Message.RENEW).serverId()).contains(SERVER);
        while (client.nextDeadlineNs() < 160 * SECOND) {
            client.onTimeout(client.nextDeadlineNs());
            expect(Dhcp6Message.RENEW);
        }
        client.onTimeout(160 * SECOND);
        Dhcp6Message rebind = expect(Dhcp6Message.REBIND);
        assertThat(rebind.serverId()).isEmpty();
        Duid other = new Duid(Dhcp6Link.OTHER_DUID);
        receive(packet(Dhcp6Server.CLIENT_PORT, new Dhcp6Message(Dhcp6Message.REPLY, rebind.transactionId(),
                List.of(new Dhcp6Option.ClientId(CLIENT), new Dhcp6Option.ServerId(other),
                        lease(true, Dhcp6Link.SECOND_PREFIX)))),
                161 * SECOND);
        assertThat(client.pollEvent())
                .isEqualTo(new Event.Bound(List.of(Dhcp6Link.SECOND_PREFIX), List.of(), List.of()));
        client.renew(162 * SECOND);
        assertThat(expect(Dhcp6Message.RENEW).serverId()).contains(other);
    }

    // RFC 8415 section 18.2.10.1: lifetimes of 0 take the lease away
    @Test
    void aReplyWithoutLivingLeasesEndsThem() {
        bind(0);
        client.renew(SECOND);
        answer(Dhcp6Message.REPLY, expect(Dhcp6Message.RENEW), SECOND, new Association(true, 1, 100, 160,
                List.of(new Lease(Dhcp6Link.PREFIX, 0, 0)), Optional.empty()));
        assertThat(client.pollEvent()).isEqualTo(new Event.Unbound("server has no lease for us"));
        assertThat(client.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    // RFC 8415 section 18.2.7
    @Test
    void aReleaseNamesWhatIsGivenBackAndEndsWithTheReply() {
        bind(0);
        client.release(SECOND);
        Dhcp6Message release = expect(Dhcp6Message.RELEASE);
        assertThat(release.serverId()).contains(SERVER);
        assertThat(release.associations()).allSatisfy(held -> assertThat(held.leases()).hasSize(1));
        answer(Dhcp6Message.REPLY, release, SECOND);
        assertThat(client.pollEvent()).isEqualTo(new Event.Unbound("released"));
        client.release(2 * SECOND);
        client.renew(2 * SECOND);
        assertThat(sent()).as("nothing is held").isNull();
    }

    // RFC 8415 section 18.2.7: REL_MAX_RC
    @Test
    void anUnansweredReleaseEndsAfterTenTries() {
        bind(0);
        client.release(SECOND);
        expect(Dhcp6Message.RELEASE);
        assertThat(typesUntil(10_000 * SECOND)).hasSize(9).containsOnly(Dhcp6Message.RELEASE);
        assertThat(client.pollEvent()).isEqualTo(new Event.Unbound("release was not answered"));
    }

    /** What is wrong with an answer. */
    private enum Fault {
        TRANSACTION, NO_CLIENT, OTHER_CLIENT, NO_SERVER, PORT, CHECKSUM, CUT, NO_UDP
    }

    // RFC 8415 sections 16.3 and 16.10
    @ParameterizedTest
    @EnumSource
    void whatDoesNotAnswerOurQuestionIsDiscarded(Fault fault) {
        client.start(0);
        Dhcp6Message solicit = expect(Dhcp6Message.SOLICIT);
        List<Dhcp6Option> options = new ArrayList<>(List.of(leases()));
        if (fault != Fault.NO_CLIENT) {
            options.add(new Dhcp6Option.ClientId(fault == Fault.OTHER_CLIENT ? SERVER : CLIENT));
        }
        if (fault != Fault.NO_SERVER) {
            options.add(new Dhcp6Option.ServerId(SERVER));
        }
        int transactionId = solicit.transactionId() ^ (fault == Fault.TRANSACTION ? 1 : 0);
        ByteBuf packet = packet(fault == Fault.PORT ? 547 : Dhcp6Server.CLIENT_PORT,
                new Dhcp6Message(Dhcp6Message.REPLY, transactionId, options));
        switch (fault) {
            case CHECKSUM -> packet.setByte(packet.writerIndex() - 1, 0x55);
            case CUT -> packet.writerIndex(packet.writerIndex() - 1);
            case NO_UDP -> packet.setByte(packet.readerIndex() + 6, Ipv6Packet.ICMPV6);
            default -> {}
        }
        receive(packet, 0);
        assertThat(client.pollEvent()).isNull();
        assertThat(sent()).isNull();
        answer(Dhcp6Message.REPLY, solicit, 0, leases());
        assertThat(client.pollEvent()).as("the right answer still counts").isInstanceOf(Event.Bound.class);
    }
}

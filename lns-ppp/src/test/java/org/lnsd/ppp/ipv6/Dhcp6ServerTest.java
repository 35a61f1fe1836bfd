package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lnsd.ppp.ipv6.Dhcp6Link.ADDRESS;
import static org.lnsd.ppp.ipv6.Dhcp6Link.CLIENT;
import static org.lnsd.ppp.ipv6.Dhcp6Link.OTHER_DUID;
import static org.lnsd.ppp.ipv6.Dhcp6Link.PREFIX;
import static org.lnsd.ppp.ipv6.Dhcp6Link.SECOND;
import static org.lnsd.ppp.ipv6.Dhcp6Link.SECOND_PREFIX;
import static org.lnsd.ppp.ipv6.Dhcp6Link.na;
import static org.lnsd.ppp.ipv6.Dhcp6Link.pd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.ppp.ipv6.Dhcp6Option.Association;
import org.lnsd.ppp.ipv6.Dhcp6Option.Status;

class Dhcp6ServerTest {
    private final Dhcp6Link link = new Dhcp6Link(Dhcp6Link.settings(List.of(PREFIX, SECOND_PREFIX), List.of(ADDRESS)));

    private static Ipv6Prefix lease(Dhcp6Message message, int index) {
        return message.associations().get(index).leases().getFirst().prefix();
    }

    private static int status(Association association) { return association.status().orElseThrow().code(); }

    private static int status(Dhcp6Message message) { return message.first(Status.class).orElseThrow().code(); }

    private Dhcp6Message request(long nowNs, Association... associations) {
        return link.ask(Dhcp6Message.REQUEST, true, nowNs, associations).orElseThrow();
    }

    @Test
    void solicitIsAnsweredByAdvertiseThatBindsNothing() { // RFC 8415 section 18.3.9
        Dhcp6Message answer = link.ask(Dhcp6Message.SOLICIT, false, 0, pd(1), na(1)).orElseThrow();
        assertThat(answer.type()).isEqualTo(Dhcp6Message.ADVERTISE);
        assertThat(answer.transactionId()).isEqualTo(0xabcdef);
        assertThat(lease(answer, 0)).isEqualTo(PREFIX);
        assertThat(lease(answer, 1)).isEqualTo(new Ipv6Prefix(ADDRESS, 128));
        assertThat(answer.first(Dhcp6Option.Preference.class).orElseThrow().value()).isEqualTo(255);
        assertThat(answer.first(Dhcp6Option.DnsServers.class).orElseThrow().servers()).containsExactly(Dhcp6Link.DNS);
        assertThat(answer.first(Dhcp6Option.DomainList.class).orElseThrow().domains()).containsExactly("example.net");
        assertThat(link.events()).isEmpty();
    }

    @Test
    void rapidCommitIsAnsweredByReply() { // RFC 8415 section 18.3.1
        Dhcp6Message answer = link.ask(Dhcp6Message.SOLICIT, false, 0, new Dhcp6Option.RapidCommit(), pd(1))
                .orElseThrow();
        assertThat(answer.type()).isEqualTo(Dhcp6Message.REPLY);
        assertThat(answer.has(Dhcp6Option.RapidCommit.class)).isTrue();
        assertThat(link.events()).containsExactly(new Dhcp6Event.Granted(PREFIX, true, 7200 * SECOND));
    }

    @Test
    void requestBindsWithConsistentTimes() { // RFC 8415 sections 18.3.2, 21.4: T1 <= T2 <= preferred <= valid
        Dhcp6Message answer = request(0, pd(1));
        Association given = answer.associations().getFirst();
        assertThat(given.t1Seconds()).isEqualTo(1800);
        assertThat(given.t2Seconds()).isEqualTo(2880);
        assertThat(given.leases().getFirst().preferredSeconds()).isEqualTo(3600);
        assertThat(given.leases().getFirst().validSeconds()).isEqualTo(7200);
        assertThat(link.events()).containsExactly(new Dhcp6Event.Granted(PREFIX, true, 7200 * SECOND));
        assertThat(link.server.nextDeadlineNs()).isEqualTo(7200 * SECOND);
    }

    @Test
    void severalAssociationsGetOneEachUntilThereIsNone() { // RFC 8415 section 18.3.2, NoPrefixAvail
        Dhcp6Message answer = request(0, pd(1), pd(2), pd(3), na(1), na(2));
        assertThat(lease(answer, 0)).isEqualTo(PREFIX);
        assertThat(lease(answer, 1)).isEqualTo(SECOND_PREFIX);
        assertThat(status(answer.associations().get(2))).isEqualTo(Status.NO_PREFIX_AVAIL);
        assertThat(lease(answer, 3).address()).isEqualTo(ADDRESS);
        assertThat(status(answer.associations().get(4))).isEqualTo(Status.NO_ADDRS_AVAIL);
    }

    @Test
    void renewExtends() { // RFC 8415 section 18.3.4
        request(0, pd(1));
        link.events();
        Dhcp6Message answer = link.ask(Dhcp6Message.RENEW, true, 1800 * SECOND, pd(1, PREFIX)).orElseThrow();
        assertThat(lease(answer, 0)).isEqualTo(PREFIX);
        assertThat(link.events()).containsExactly(new Dhcp6Event.Granted(PREFIX, true, 9000 * SECOND));
        link.server.onTimeout(7201 * SECOND);
        assertThat(link.events()).isEmpty();
        link.server.onTimeout(9000 * SECOND);
        assertThat(link.events()).containsExactly(new Dhcp6Event.Ended(PREFIX, true, Dhcp6Event.Cause.EXPIRED));
    }

    @Test
    void renewOfOurPrefixAfterARestartIsGranted() { // RFC 8415 section 18.3.4: no binding, but appropriate for the link
        Dhcp6Message answer = link.ask(Dhcp6Message.RENEW, true, 0, pd(1, PREFIX)).orElseThrow();
        assertThat(lease(answer, 0)).isEqualTo(PREFIX);
        assertThat(link.events()).hasSize(1);
    }

    @Test
    void renewAndRebindOfAForeignPrefixEndIt() { // RFC 8415 sections 18.3.4 and 18.3.5: lifetime 0
        for (int type : new int[]{Dhcp6Message.RENEW, Dhcp6Message.REBIND}) {
            Ipv6Prefix foreign = Dhcp6Link.prefix(0x20010db8_ffff_0000L);
            Dhcp6Message answer = link.ask(type, type == Dhcp6Message.RENEW, 0, pd(1, foreign)).orElseThrow();
            Association association = answer.associations().getFirst();
            assertThat(association.leases().getFirst().prefix()).isEqualTo(foreign);
            assertThat(association.leases().getFirst().validSeconds()).isZero();
            assertThat(association.leases().get(1).prefix()).isEqualTo(PREFIX);
        }
    }

    @Test
    void renewOfNothingUnknownIsNoBinding() { // RFC 8415 section 18.3.4
        assertThat(status(link.ask(Dhcp6Message.RENEW, true, 0, pd(9)).orElseThrow().associations().getFirst()))
                .isEqualTo(Status.NO_BINDING);
    }

    @Test
    void releaseEndsAndIsConfirmed() { // RFC 8415 section 18.3.7
        request(0, pd(1));
        link.events();
        Dhcp6Message answer = link.ask(Dhcp6Message.RELEASE, true, SECOND, pd(1, PREFIX)).orElseThrow();
        assertThat(status(answer)).isEqualTo(Status.SUCCESS);
        assertThat(link.events()).containsExactly(new Dhcp6Event.Ended(PREFIX, true, Dhcp6Event.Cause.RELEASED));
        answer = link.ask(Dhcp6Message.RELEASE, true, SECOND, pd(1, PREFIX)).orElseThrow();
        assertThat(status(answer.associations().getFirst())).isEqualTo(Status.NO_BINDING);
        assertThat(link.events()).isEmpty();
    }

    @Test
    void declinedAddressIsNotGivenAgain() { // RFC 8415 section 18.3.8
        request(0, na(1));
        assertThat(link.ask(Dhcp6Message.DECLINE, true, SECOND, na(1, ADDRESS))).isPresent();
        assertThat(link.events()).last()
                .isEqualTo(new Dhcp6Event.Ended(new Ipv6Prefix(ADDRESS, 128), false, Dhcp6Event.Cause.DECLINED));
        assertThat(status(request(SECOND, na(1)).associations().getFirst())).isEqualTo(Status.NO_ADDRS_AVAIL);
    }

    @Test
    void confirmTellsWhetherTheAddressIsOfThisLink() { // RFC 8415 section 18.3.3
        assertThat(status(link.ask(Dhcp6Message.CONFIRM, false, 0, na(1, ADDRESS)).orElseThrow()))
                .isEqualTo(Status.SUCCESS);
        Ipv6Address formed = new Ipv6Address(Dhcp6Link.LINK.address().high(), 0x99); // not the client's, but of this link
        assertThat(status(link.ask(Dhcp6Message.CONFIRM, false, 0, na(1, formed)).orElseThrow()))
                .isEqualTo(Status.SUCCESS);
        Ipv6Address foreign = new Ipv6Address(1, 1);
        assertThat(status(link.ask(Dhcp6Message.CONFIRM, false, 0, na(1, foreign)).orElseThrow()))
                .isEqualTo(Status.NOT_ON_LINK);
        assertThat(link.ask(Dhcp6Message.CONFIRM, false, 0, na(1))).isEmpty();
    }

    @Test
    void informationRequestGetsConfiguration() { // RFC 8415 section 18.3.6
        Dhcp6Message answer = link.ask(Dhcp6Message.INFORMATION_REQUEST, false, 0).orElseThrow();
        assertThat(answer.first(Dhcp6Option.DnsServers.class)).isPresent();
        assertThat(answer.associations()).isEmpty();
        assertThat(link.ask(Dhcp6Message.INFORMATION_REQUEST, false, 0, pd(1))).isEmpty(); // section 16.12
    }

    @Test
    void optionRequestIsHonoured() { // RFC 8415 section 21.7
        Dhcp6Message answer = link
                .ask(Dhcp6Message.SOLICIT, false, 0, pd(1),
                        new Dhcp6Option.OptionRequest(List.of(Dhcp6Option.DOMAIN_LIST)))
                .orElseThrow();
        assertThat(answer.has(Dhcp6Option.DnsServers.class)).isFalse();
        assertThat(answer.has(Dhcp6Option.DomainList.class)).isTrue();
    }

    @Test
    void messagesWithWrongIdentifiersAreDropped() { // RFC 8415 section 16
        assertThat(link.ask(Dhcp6Message.SOLICIT, true, 0, pd(1))).isEmpty();
        assertThat(link.ask(Dhcp6Message.REQUEST, false, 0, pd(1))).isEmpty();
        assertThat(link.ask(Dhcp6Message.REBIND, true, 0, pd(1))).isEmpty();
        assertThat(link.ask(Dhcp6Message.REPLY, true, 0, pd(1))).isEmpty();
        assertThat(link.ask(12, false, 0, pd(1))).isEmpty(); // Relay-forward
        assertThat(link.ask(Dhcp6Message.SOLICIT, false, 0)).isEmpty(); // no association at all
        Dhcp6Message anonymous = new Dhcp6Message(Dhcp6Message.SOLICIT, 1, List.of(pd(1)));
        assertThat(link.send(anonymous, CLIENT, Ipv6Address.ALL_DHCP_SERVERS, 0)).isEmpty();
        assertThat(link.server.dropped()).isEqualTo(7);
    }

    @Test
    void unicastIsSentToTheMulticastAddress() { // RFC 8415 section 18.4
        Dhcp6Message renew = new Dhcp6Message(Dhcp6Message.RENEW, 1,
                List.of(new Dhcp6Option.ClientId(new Dhcp6Option.Duid(Dhcp6Link.CLIENT_DUID)),
                        new Dhcp6Option.ServerId(new Dhcp6Option.Duid(Dhcp6Link.SERVER_DUID)), pd(1, PREFIX)));
        assertThat(status(link.send(renew, CLIENT, Dhcp6Link.SERVER, 0).orElseThrow())).isEqualTo(Status.USE_MULTICAST);
        Ipv6Address global = new Ipv6Address(0x20010db8L << 32, 1);
        assertThat(status(link.send(renew, global, Dhcp6Link.SERVER, 0).orElseThrow())).isEqualTo(Status.USE_MULTICAST);
        assertThat(link.send(renew, global, Ipv6Address.ALL_DHCP_SERVERS, 0)).isEmpty();
        assertThat(link.send(renew, Ipv6Address.UNSPECIFIED, Dhcp6Link.SERVER, 0)).isEmpty();
    }

    @Test
    void aLeaseIsItsHoldersUntilItIsNotRenewed() { // RFC 8415 section 18.3.2: NoPrefixAvail
        Dhcp6Link single = new Dhcp6Link(Dhcp6Link.settings(List.of(PREFIX), List.of()));
        single.ask(Dhcp6Message.REQUEST, true, 0, pd(1));
        single.events();
        for (int type : new int[]{Dhcp6Message.SOLICIT, Dhcp6Message.REQUEST}) {
            Dhcp6Message answer = single.askAs(OTHER_DUID, type, type == Dhcp6Message.REQUEST, SECOND, pd(1))
                    .orElseThrow();
            assertThat(status(answer.associations().getFirst())).isEqualTo(Status.NO_PREFIX_AVAIL);
        }
        Dhcp6Message taken = single.askAs(OTHER_DUID, Dhcp6Message.REQUEST, true, 2880 * SECOND, pd(1)).orElseThrow(); // T2
        assertThat(lease(taken, 0)).isEqualTo(PREFIX);
        assertThat(single.events()).containsExactly(new Dhcp6Event.Granted(PREFIX, true, 10_080 * SECOND));
    }

    @Test
    void leaseOfAnotherClientIsNotRenewed() { // RFC 8415 sections 18.3.4, 18.3.5: NoBinding
        Dhcp6Link single = new Dhcp6Link(Dhcp6Link.settings(List.of(PREFIX), List.of()));
        single.ask(Dhcp6Message.REQUEST, true, 0, pd(1));
        for (int type : new int[]{Dhcp6Message.RENEW, Dhcp6Message.REBIND}) {
            Association answer = single.askAs(OTHER_DUID, type, type == Dhcp6Message.RENEW, SECOND, pd(1, PREFIX))
                    .orElseThrow().associations().getFirst();
            assertThat(status(answer)).isEqualTo(Status.NO_BINDING);
            assertThat(answer.leases()).containsExactly(new Dhcp6Option.Lease(PREFIX, 0, 0));
        }
        Dhcp6Message release = single.askAs(OTHER_DUID, Dhcp6Message.RELEASE, true, SECOND, pd(1, PREFIX))
                .orElseThrow();
        assertThat(status(release.associations().getFirst())).isEqualTo(Status.NO_BINDING);
        assertThat(lease(single.ask(Dhcp6Message.RENEW, true, SECOND, pd(1, PREFIX)).orElseThrow(), 0))
                .isEqualTo(PREFIX);
    }

    @Test
    void freePrefixThatIsAskedForIsGiven() { // RFC 8415 section 18.2.10.1: what it had before we restarted
        assertThat(lease(request(0, pd(1, SECOND_PREFIX)), 0)).isEqualTo(SECOND_PREFIX);
        assertThat(lease(request(0, pd(2, SECOND_PREFIX)), 0)).isEqualTo(PREFIX);
    }

    @Test
    void requestForAnAddressOfAnotherLinkIsToldSo() { // RFC 8415 section 18.3.2: NotOnLink
        Association association = request(0, na(1, new Ipv6Address(1, 1))).associations().getFirst();
        assertThat(status(association)).isEqualTo(Status.NOT_ON_LINK);
        assertThat(association.leases()).isEmpty();
        assertThat(link.events()).isEmpty();
        Ipv6Address other = new Ipv6Address(Dhcp6Link.LINK.address().high(), 0x99); // of this link, but not to be had
        assertThat(lease(request(0, na(1, other)), 0).address()).isEqualTo(ADDRESS);
    }

    @Test
    void temporaryAddressesAreRefusedInTheirAssociation() { // RFC 8415 sections 18.3.2 and 21.5
        Dhcp6Message answer = link
                .ask(Dhcp6Message.SOLICIT, false, 0,
                        new Dhcp6Option.TemporaryAssociation(7, Optional.empty()))
                .orElseThrow();
        assertThat(answer.type()).isEqualTo(Dhcp6Message.ADVERTISE);
        assertThat(answer.first(Dhcp6Option.TemporaryAssociation.class).orElseThrow().iaid()).isEqualTo(7);
        assertThat(link.ask(Dhcp6Message.INFORMATION_REQUEST, false, 0,
                new Dhcp6Option.TemporaryAssociation(7, Optional.empty()))).isEmpty();
    }

    @Test
    void rapidCommitOfNothingIsAdvertised() { // RFC 8415 section 18.3.1
        Dhcp6Link empty = new Dhcp6Link(Dhcp6Link.settings(List.of(), List.of()));
        Dhcp6Message answer = empty.ask(Dhcp6Message.SOLICIT, false, 0, new Dhcp6Option.RapidCommit(), pd(1))
                .orElseThrow();
        assertThat(answer.type()).isEqualTo(Dhcp6Message.ADVERTISE);
        assertThat(answer.has(Dhcp6Option.RapidCommit.class)).isFalse();
        assertThat(status(answer.associations().getFirst())).isEqualTo(Status.NO_PREFIX_AVAIL);
    }

    @Test
    void refreshTimeIsForThoseWhoAsk() { // RFC 8415 section 21.23
        assertThat(link.ask(Dhcp6Message.INFORMATION_REQUEST, false, 0).orElseThrow()
                .has(Dhcp6Option.InformationRefreshTime.class)).isFalse();
        assertThat(link.ask(Dhcp6Message.INFORMATION_REQUEST, false, 0,
                new Dhcp6Option.OptionRequest(List.of(Dhcp6Option.INFORMATION_REFRESH_TIME))).orElseThrow()
                .first(Dhcp6Option.InformationRefreshTime.class).orElseThrow().seconds()).isGreaterThanOrEqualTo(600);
    }

    @Test
    void withdrawnPrefixEndsAtOnceAndIsReplacedOnRenew() { // RFC 8415 section 18.3.4
        request(0, pd(1));
        link.events();
        link.server.update(Dhcp6Link.settings(List.of(SECOND_PREFIX), List.of()));
        assertThat(link.events()).containsExactly(new Dhcp6Event.Ended(PREFIX, true, Dhcp6Event.Cause.WITHDRAWN));
        Association association = link.ask(Dhcp6Message.RENEW, true, SECOND, pd(1, PREFIX)).orElseThrow().associations()
                .getFirst();
        assertThat(association.leases()).extracting(l -> l.prefix(), l -> l.validSeconds()).containsExactly(
                org.assertj.core.groups.Tuple.tuple(PREFIX, 0L),
                org.assertj.core.groups.Tuple.tuple(SECOND_PREFIX, 7200L));
    }

    @Test
    void answersFitTheMinimumMtu() { // RFC 8415 section 18.3.9, RFC 8200 section 5
        Ipv6Prefix[] foreign = new Ipv6Prefix[15];
        for (int i = 0; i < foreign.length; i++) {
            foreign[i] = Dhcp6Link.prefix(0x30000000_00000000L + i * 0x100L);
        }
        assertThat(link.ask(Dhcp6Message.RENEW, true, 0, pd(1, foreign))).isPresent();
        assertThat(link.ask(Dhcp6Message.RENEW, true, 0, pd(1, foreign), pd(2, foreign), pd(3, foreign))).isEmpty();
        assertThat(link.server.dropped()).isEqualTo(1);
    }

    @Test
    void identifiersOfEveryLegalLengthAreTaken() { // RFC 8415 section 11.1: 1 to 128 octets beside the type
        for (int bytes : new int[]{3, 130}) {
            Dhcp6Message answer = link.askAs(new byte[bytes], Dhcp6Message.SOLICIT, false, 0, pd(0)).orElseThrow();
            assertThat(answer.clientId().orElseThrow().octets()).hasSize(bytes);
        }
        for (int bytes : new int[]{0, 2, 131, 500}) {
            assertThat(link.askAs(new byte[bytes], Dhcp6Message.SOLICIT, false, 0, pd(0))).isEmpty();
        }
        assertThat(link.server.dropped()).isEqualTo(4);
    }

    @Test
    void oneAssociationNamedTwiceHasOneLease() { // RFC 8415 section 12: an IAID stands for one association, 0 is one
        Dhcp6Message answer = request(0, pd(0), pd(0));
        assertThat(lease(answer, 0)).isEqualTo(PREFIX);
        assertThat(lease(answer, 1)).isEqualTo(PREFIX);
        assertThat(link.ask(Dhcp6Message.RELEASE, true, SECOND, pd(0, PREFIX))).isPresent();
        assertThat(link.events()).last().isEqualTo(new Dhcp6Event.Ended(PREFIX, true, Dhcp6Event.Cause.RELEASED));
    }

    @Test
    void timesOfTheClientAreNotOurs() { // RFC 8415 sections 21.4, 21.6, 21.22: T1 beyond T2, preferred beyond valid
        Association odd = new Association(true, 1, 900, 100, List.of(new Dhcp6Option.Lease(PREFIX, 900, 100)),
                Optional.of(new Status(Status.NO_BINDING, "")));
        Association given = request(0, odd).associations().getFirst();
        assertThat(given.t1Seconds()).isEqualTo(1800);
        assertThat(given.leases()).containsExactly(new Dhcp6Option.Lease(PREFIX, 3600, 7200));
        assertThat(given.status()).isEmpty();
    }

    @Test
    void rapidCommitMayBeRepeated() { // RFC 8415 section 18.3.1: the Reply was lost
        for (int i = 0; i < 2; i++) {
            Dhcp6Message answer = link.ask(Dhcp6Message.SOLICIT, false, i, new Dhcp6Option.RapidCommit(), pd(1))
                    .orElseThrow();
            assertThat(answer.type()).isEqualTo(Dhcp6Message.REPLY);
            assertThat(lease(answer, 0)).isEqualTo(PREFIX);
        }
    }

    // RFC 8415 section 16: what is not understood is ignored; sections 18.3.11, 20, 21.12, 21.19: no Reconfigure, no authentication, no unicast
    @Test
    void whatWeDoNotDoIsNotOffered() {
        int[] codes = {8, 11, 12, 15, 16, 17, 20, 31, 39, 56, 64, 67, 82, 83, 94, 65_535};
        Dhcp6Option[] options = new Dhcp6Option[codes.length + 2];
        for (int i = 0; i < codes.length; i++) {
            options[i] = new Dhcp6Option.Other(codes[i]);
        }
        options[codes.length] = pd(1);
        options[codes.length + 1] = new Dhcp6Option.OptionRequest(
                List.of(31, 39, 56, 64, 67, 82, 83, 94, Dhcp6Option.DNS_SERVERS));
        Dhcp6Message answer = link.ask(Dhcp6Message.SOLICIT, false, 0, options).orElseThrow();
        assertThat(answer.options()).hasSize(5).noneMatch(Dhcp6Option.Other.class::isInstance);
        assertThat(answer.has(Dhcp6Option.DnsServers.class)).isTrue();
    }

    @Test
    void floodIsBounded() {
        int answers = 0;
        for (int i = 0; i < 1000; i++) {
            Optional<Dhcp6Message> answer = link.ask(Dhcp6Message.SOLICIT, false, SECOND, pd(i));
            answers += answer.isPresent() ? 1 : 0;
        }
        assertThat(answers).isEqualTo(40);
        assertThat(link.server.dropped()).isEqualTo(960);
        assertThat(link.ask(Dhcp6Message.SOLICIT, false, 2 * SECOND, pd(1))).isPresent();
    }

    // RFC 8415 section 7.2: UDP to port 547; 11.1: a DUID of 3 to 130 octets; 21.6: preferred within valid
    @ParameterizedTest
    @CsvSource({"17,8,547,true", "17,8,546,false", "17,7,547,false", "17,0,547,false", "6,8,547,false",
            "58,8,547,false"})
    void serversAreAskedByUdpToTheirPort(int nextHeader, int octets, int port, boolean forServers) {
        ByteBuf packet = Unpooled.buffer().writeInt(0x6000_0000).writeShort(octets).writeByte(nextHeader).writeByte(1)
                .writeZero(32).writeShort(546).writeShort(port).writeInt(0);
        assertThat(Dhcp6Server.isForServers(packet)).isEqualTo(forServers);
    }

    @ParameterizedTest
    @CsvSource({"2,3600,7200,DUID", "131,3600,7200,DUID", "3,1,7200,lifetime", "3,7201,7200,lifetime"})
    void settingsThatNoClientCouldUseAreRefused(int duidOctets, long preferred, long valid, String what) {
        Dhcp6Settings usual = Dhcp6Link.settings(List.of(PREFIX), List.of(ADDRESS));
        assertThatThrownBy(() -> new Dhcp6Settings(usual.linkLocal(), new byte[duidOctets], usual.delegated(),
                usual.addresses(), usual.links(), preferred, valid, usual.dnsServers(), usual.searchDomains(), true))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(what);
    }
}

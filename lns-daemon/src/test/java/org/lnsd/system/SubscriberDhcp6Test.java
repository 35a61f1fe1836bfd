package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.hex;
import static org.lnsd.system.subscriber.Octets.ipv6;
import static org.lnsd.system.subscriber.Octets.u16;
import static org.lnsd.system.subscriber.Octets.u32;
import static org.lnsd.system.subscriber.ScriptIpv6.ADVERTISE;
import static org.lnsd.system.subscriber.ScriptIpv6.CONFIRM;
import static org.lnsd.system.subscriber.ScriptIpv6.DECLINE;
import static org.lnsd.system.subscriber.ScriptIpv6.INFORMATION_REQUEST;
import static org.lnsd.system.subscriber.ScriptIpv6.NOTHING_COMES_MS;
import static org.lnsd.system.subscriber.ScriptIpv6.REBIND;
import static org.lnsd.system.subscriber.ScriptIpv6.RELEASE;
import static org.lnsd.system.subscriber.ScriptIpv6.RENEW;
import static org.lnsd.system.subscriber.ScriptIpv6.REPLY;
import static org.lnsd.system.subscriber.ScriptIpv6.REQUEST;
import static org.lnsd.system.subscriber.ScriptIpv6.SOLICIT;
import static org.lnsd.system.subscriber.ScriptIpv6.na;
import static org.lnsd.system.subscriber.ScriptIpv6.option;
import static org.lnsd.system.subscriber.ScriptIpv6.pd;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.system.subscriber.Dhcp6Reply;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.Packets6;
import org.lnsd.system.subscriber.ScriptIpv6;

/** The DHCPv6 server on the line (RFC 8415), message by message and octet by octet, and the kernel's routes that follow from it. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberDhcp6Test {
    private static final String USER = "alice@example.net";
    private static final String MOVING = "moving@example.net";
    private static final String BARE = "bare@example.net";
    private static final String PASSWORD = SubscriberSite.PASSWORD;
    private static final int NO_ADDRESSES = 2;
    private static final int NO_BINDING = 3;
    private static final int NOT_ON_LINK = 4;
    private static final int USE_MULTICAST = 5;
    private static final int NO_PREFIX = 6;
    private static final byte[] RAPID_COMMIT = option(14);

    private SubscriberSite site;

    @BeforeAll
    void start() {
        site = new SubscriberSite(new AtomicInteger(), "subscriber-dhcp6", configuration("2001:db8:8:100::"));
    }

    private static String configuration(String delegated) {
        String users = SubscriberSite.user(USER, "") + SubscriberSite.user(BARE, "pool = \"bare\"")
                + SubscriberSite.user(MOVING, "ipv6-delegated = \"" + delegated + "/56\"");
        return SubscriberSite.configuration(
                "duplicate-logins = \"allow\"\nauthentication = [\"pap\"]\ndns-search = [\"customers.example.net\"]",
                """
                        [[pool]]
                        name = "bare"
                        ipv6-delegated = { prefix = "2001:db8:b000::/40", length = 48 }
                        """ + users);
    }

    @AfterAll
    void stop() { site.close(); }

    private ScriptIpv6 up(String user) {
        return new ScriptIpv6(site.subscriber().authenticated(user, PASSWORD), "02000000000000aa");
    }

    private String delegated(ScriptIpv6 line) { return site.show(line.call).get("ipv6-delegated").toString(); }

    private String linkPrefix(ScriptIpv6 line) {
        return site.show(line.call).get("ipv6-prefix").toString().replace("/64", "");
    }

    private static String leaseOf(Dhcp6Reply reply) {
        String lease = reply.option(25).leases().getFirst();
        return lease.substring(0, lease.indexOf(' '));
    }

    private void awaitRoute(String prefix, boolean there) {
        Awaitility.await("kernel route " + prefix + ": " + there).atMost(40, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> site.site().lns().must("ip", "-6", "route").contains(prefix) == there);
    }

    @SuppressWarnings("unchecked")
    private long dropped(ScriptIpv6 line) {
        return (Long) ((Map<String, Object>) site.show(line.call).get("ipv6-link")).get("dropped");
    }

    // ---- leases -------------------------------------------------------------------------------------------------------

    @Test
    void solicitAndRequestDelegateAndRoute() { // sections 18.3.1, 18.3.2, 18.3.9, 21.21, 21.22
        ScriptIpv6 line = up(USER);
        Dhcp6Reply offer = line.ask(SOLICIT, pd(7));
        assertThat(offer.type()).isEqualTo(ADVERTISE);
        assertThat(offer.option(1).data()).isEqualTo(line.duid());
        assertThat(offer.option(2).data()).hasSizeBetween(3, 130);
        assertThat(offer.option(25).status()).isIn(-1, 0);
        assertThat(Octets.u32(offer.option(25).data(), 0)).isEqualTo(7);
        assertThat(leaseOf(offer)).isEqualTo(delegated(line)).startsWith("2001:db8:4").endsWith("/56");
        awaitRoute(delegated(line), false); // an offer is none
        Dhcp6Reply given = line.ask(REQUEST, pd(7, leaseOf(offer)));
        assertThat(given.type()).isEqualTo(REPLY);
        assertThat(leaseOf(given)).isEqualTo(delegated(line));
        long t1 = Octets.u32(given.option(25).data(), 4);
        long t2 = Octets.u32(given.option(25).data(), 8);
        String[] times = given.option(25).leases().getFirst().split(" ", -1);
        assertThat(t1).isPositive().isLessThan(t2);
        assertThat(t2).isLessThanOrEqualTo(Long.parseLong(times[1]));
        assertThat(Long.parseLong(times[1])).isLessThanOrEqualTo(Long.parseLong(times[2]));
        awaitRoute(delegated(line), true);
        Dhcp6Reply again = line.ask(REQUEST, pd(7, leaseOf(offer))); // sent again
        assertThat(leaseOf(again)).isEqualTo(delegated(line));
    }

    @Test
    void rapidCommitGivesAtOnce() { // sections 18.3.1 and 21.14
        ScriptIpv6 line = up(USER);
        Dhcp6Reply given = line.ask(SOLICIT, RAPID_COMMIT, pd(1));
        assertThat(given.type()).isEqualTo(REPLY);
        assertThat(given.has(14)).isTrue();
        awaitRoute(leaseOf(given), true);
    }

    @Test
    void wishForAnotherLengthGetsWhatThereIs() { // section 18.3.9: a hint
        ScriptIpv6 line = up(USER);
        assertThat(leaseOf(line.ask(SOLICIT, pd(1, "::/48")))).isEqualTo(delegated(line));
        assertThat(leaseOf(line.ask(SOLICIT, pd(1, "2001:db8:bad::/56")))).isEqualTo(delegated(line));
    }

    @Test
    void addressAndPrefixTogether() { // section 18.3.2, RFC 4862: the address that the line would form itself
        ScriptIpv6 line = up(USER);
        Dhcp6Reply given = line.ask(SOLICIT, RAPID_COMMIT, na(3), pd(1));
        assertThat(given.option(3).leases().getFirst()).startsWith(linkPrefix(line).replace("::", ":"));
        assertThat(leaseOf(given)).isEqualTo(delegated(line));
    }

    @Test
    void secondAssociationFindsNothing() { // section 18.3.2: NoPrefixAvail, NoAddrsAvail
        ScriptIpv6 line = up(USER);
        line.ask(SOLICIT, RAPID_COMMIT, pd(1), na(1));
        Dhcp6Reply more = line.ask(SOLICIT, pd(2), na(2));
        assertThat(more.option(25).status()).isEqualTo(NO_PREFIX);
        assertThat(more.option(25).leases()).isEmpty();
        assertThat(more.option(3).status()).isEqualTo(NO_ADDRESSES);
        assertThat(line.ask(REQUEST, pd(2)).option(25).status()).isEqualTo(NO_PREFIX);
    }

    @Test
    void temporaryAddressesAreNotGiven() { // sections 21.5, 18.3.2
        Dhcp6Reply answer = up(USER).ask(SOLICIT, option(4, u32(5)));
        assertThat(answer.type()).isEqualTo(ADVERTISE);
        assertThat(Octets.u32(answer.option(4).data(), 0)).isEqualTo(5);
        assertThat(Octets.u16(answer.option(4).data(), 8)).isEqualTo(NO_ADDRESSES);
    }

    @Test
    void lineWithoutAPrefixOfItsOwnIsRoutedAsLongAsLeased() {
        ScriptIpv6 line = up(BARE);
        site.awaitShown(line.call, "state", "open");
        assertThat(line.expectAdvertisement().prefixes()).isEmpty();
        String prefix = delegated(line);
        assertThat(prefix).endsWith("/48");
        awaitRoute(prefix, false);
        assertThat(line.ask(SOLICIT, na(1)).option(3).status()).isEqualTo(NO_ADDRESSES);
        assertThat(leaseOf(line.ask(SOLICIT, RAPID_COMMIT, pd(1)))).isEqualTo(prefix);
        awaitRoute(prefix, true);
        line.ask(RELEASE, pd(1, prefix));
        awaitRoute(prefix, false);
        assertThat(line.call.isUp()).isTrue();
    }

    // ---- later --------------------------------------------------------------------------------------------------------

    @Test
    void renewAndRebindKeepTheRoute() { // sections 18.3.4 and 18.3.5
        ScriptIpv6 line = up(USER);
        String prefix = leaseOf(line.ask(SOLICIT, RAPID_COMMIT, pd(1)));
        for (int type : new int[]{RENEW, REBIND}) {
            Dhcp6Reply renewed = line.ask(type, pd(1, prefix));
            assertThat(renewed.type()).isEqualTo(REPLY);
            assertThat(renewed.option(25).leases()).hasSize(1).first().asString().startsWith(prefix + " ")
                    .doesNotEndWith(" 0");
            awaitRoute(prefix, true);
        }
    }

    @Test
    void renewThatGrantsIsRouted() { // section 18.3.4: the server has forgotten the client, the prefix is of this line
        ScriptIpv6 line = up(USER);
        line.ask(INFORMATION_REQUEST); // only tells the server's identifier
        String prefix = delegated(line);
        Dhcp6Reply renewed = line.ask(RENEW, pd(1, prefix));
        assertThat(leaseOf(renewed)).isEqualTo(prefix);
        awaitRoute(prefix, true);
    }

    @Test
    void foreignPrefixIsNotRenewed() { // sections 18.3.4 and 18.3.5: lifetimes of 0
        ScriptIpv6 line = up(USER);
        String prefix = leaseOf(line.ask(SOLICIT, RAPID_COMMIT, pd(1)));
        for (int type : new int[]{RENEW, REBIND}) {
            assertThat(line.ask(type, pd(1, "2001:db8:bad::/56")).option(25).leases())
                    .contains("2001:db8:bad::/56 0 0").anyMatch(lease -> lease.startsWith(prefix));
        }
        assertThat(line.ask(RENEW, pd(99)).option(25).status()).isEqualTo(NO_BINDING);
        line.duid(hex("000300010200000000bb"));
        for (int type : new int[]{RENEW, REBIND}) { // somebody else's
            assertThat(line.ask(type, pd(1, prefix)).option(25).status()).isEqualTo(NO_BINDING);
        }
        assertThat(line.ask(RELEASE, pd(1, prefix)).option(25).status()).isEqualTo(NO_BINDING);
        awaitRoute(prefix, true);
    }

    @Test
    void releaseTakesTheRouteAway() { // section 18.3.7
        ScriptIpv6 line = up(USER);
        String prefix = leaseOf(line.ask(SOLICIT, RAPID_COMMIT, pd(1)));
        awaitRoute(prefix, true);
        assertThat(line.ask(RELEASE, pd(1, prefix)).status()).isZero();
        awaitRoute(prefix, false);
        Dhcp6Reply again = line.ask(RELEASE, pd(1, prefix));
        assertThat(again.status()).isZero();
        assertThat(again.option(25).status()).isEqualTo(NO_BINDING);
        line.ask(SOLICIT, RAPID_COMMIT, pd(1));
        awaitRoute(prefix, true);
        line.call.hangUp();
        awaitRoute(prefix, false);
    }

    @Test
    void declinedAddressIsNotGivenAgain() { // section 18.3.8
        ScriptIpv6 line = up(USER);
        String lease = line.ask(SOLICIT, RAPID_COMMIT, na(1)).option(3).leases().getFirst();
        String address = lease.substring(0, lease.indexOf(' '));
        assertThat(line.ask(DECLINE, na(1, address)).status()).isZero();
        assertThat(line.ask(SOLICIT, na(1)).option(3).status()).isEqualTo(NO_ADDRESSES);
    }

    @Test
    void confirmKnowsTheLink() { // section 18.3.3
        ScriptIpv6 line = up(USER);
        assertThat(line.ask(CONFIRM, na(1, linkPrefix(line) + "1234")).status()).isZero();
        assertThat(line.ask(CONFIRM, na(1, "2001:db8:bad::1")).status()).isEqualTo(NOT_ON_LINK);
        line.tell(CONFIRM, na(1));
        assertThat(line.answerOrNull(NOTHING_COMES_MS)).isNull();
    }

    @Test
    void requestForAnAddressOfAnotherLinkIsToldSo() { // section 18.3.2
        ScriptIpv6 line = up(USER);
        line.ask(SOLICIT, na(1));
        assertThat(line.ask(REQUEST, na(1, "2001:db8:bad::1")).option(3).status()).isEqualTo(NOT_ON_LINK);
    }

    @Test
    void anotherPrefixOfTheConfigurationReachesTheClient() { // section 18.3.4
        ScriptIpv6 line = up(MOVING);
        String former = leaseOf(line.ask(SOLICIT, RAPID_COMMIT, pd(1)));
        awaitRoute(former, true);
        site.reconfigure(configuration("2001:db8:9:100::"));
        awaitRoute(former, false);
        assertThat(line.ask(RENEW, pd(1, former)).option(25).leases()).contains(former + " 0 0")
                .anyMatch(lease -> lease.startsWith("2001:db8:9:100::/56 "));
        awaitRoute("2001:db8:9:100::/56", true);
        assertThat(delegated(line)).isEqualTo("2001:db8:9:100::/56");
        site.reconfigure(configuration("2001:db8:8:100::"));
        line.call.hangUp();
        awaitRoute("2001:db8:8:100::/56", false);
    }

    // ---- configuration ------------------------------------------------------------------------------------------------

    @Test
    void informationIsGivenToWhoAsks() { // sections 18.3.6, 21.7, 21.23; RFC 3646
        ScriptIpv6 line = up(USER);
        Dhcp6Reply all = line.ask(INFORMATION_REQUEST, option(6, u16(23), u16(24), u16(32)));
        assertThat(all.type()).isEqualTo(REPLY);
        assertThat(ipv6(all.option(23).data(), 0)).isEqualTo("2620:fe::fe");
        assertThat(all.option(24).data()).isEqualTo(Octets.of(9, "customers", 7, "example", 3, "net", 0));
        assertThat(Octets.u32(all.option(32).data(), 0)).isGreaterThanOrEqualTo(600);
        Dhcp6Reply some = line.ask(INFORMATION_REQUEST, option(6, u16(24)));
        assertThat(some.has(23)).isFalse();
        assertThat(some.has(32)).isFalse();
        assertThat(some.has(24)).isTrue();
        Dhcp6Reply leased = line.ask(SOLICIT, pd(1), option(6, u16(23), u16(82)));
        assertThat(leased.has(23)).isTrue();
    }

    @Test
    void serverKeepsItsIdentifier() { // section 11
        ScriptIpv6 one = up(USER);
        ScriptIpv6 two = up(USER);
        one.ask(SOLICIT, pd(1));
        two.ask(SOLICIT, pd(1));
        assertThat(one.serverId()).isEqualTo(two.serverId());
    }

    // ---- what is not valid --------------------------------------------------------------------------------------------

    @Test
    void unicastIsSentToTheMulticastAddress() { // sections 16 and 18.4
        ScriptIpv6 line = up(USER);
        String prefix = leaseOf(line.ask(SOLICIT, RAPID_COMMIT, pd(1)));
        for (int type : new int[]{REQUEST, RENEW, RELEASE}) {
            Dhcp6Reply refused = line.askUnicast(type, pd(1, prefix));
            assertThat(refused.status()).isEqualTo(USE_MULTICAST);
            assertThat(refused.has(25)).isFalse();
        }
        awaitRoute(prefix, true);
    }

    /** The client's identifier is "C", the server's "S", another server's "X". */
    @ParameterizedTest
    @CsvSource({"a solicit that names a server, 01, CS", "a solicit without a client, 01, -",
            "a request that names no server, 03, C", "a request to another server, 03, CX",
            "a renew that names no server, 05, C", "a renew to another server, 05, CX", "a renew of nobody, 05, S",
            "a rebind that names a server, 06, CS", "a confirm that names a server, 04, CS",
            "a release to another server, 08, CX", "a decline that names no server, 09, C",
            "an information-request to another server, 0b, CX", "an information-request with an association, 0b, C",
            "an advertise, 02, CS", "a reply, 07, CS", "a reconfigure, 0a, CS", "a relay-forward, 0c, C",
            "a relay-reply, 0d, CS", "something new, 7f, CS", "nothing, 00, CS"})
    void messagesThatMustBeDiscarded(String what, String type, String names) { // section 16
        ScriptIpv6 line = up(USER);
        line.ask(SOLICIT, pd(1));
        long before = dropped(line);
        byte[] message = hex(type + "123456");
        for (char name : names.toCharArray()) {
            message = Octets.of(message, switch (name) {
                case 'C' -> option(1, line.duid());
                case 'S' -> option(2, line.serverId());
                case 'X' -> option(2, hex("00030001020000000099"));
                default -> new byte[0];
            });
        }
        line.ignored(what, Octets.of(message, pd(1)));
        assertThat(dropped(line)).isEqualTo(before + 1);
    }

    @Test
    void malformedMessagesAreDroppedAndCounted() { // section 21.1: lengths
        ScriptIpv6 line = up(USER);
        byte[] start = Octets.of(hex("01123456"), option(1, line.duid()));
        byte[][] broken = {{}, {1, 2, 3}, hex("01123456"), Octets.of(start, hex("0019")),
                Octets.of(start, hex("0019ffff00000001")), Octets.of(start, option(25, u32(1))),
                Octets.of(start, option(25, u32(1), u32(0), u32(0), hex("001a00ff"))),
                Octets.of(start, option(25, u32(1), u32(0), u32(0), option(26, new byte[24]))),
                Octets.of(start, option(25, u32(1), u32(0), u32(0), option(26, new byte[8], 129, new byte[16]))),
                Octets.of(start, option(3, u32(1), u32(0), u32(0), option(5, new byte[23]))),
                Octets.of(hex("01123456"), option(1, new byte[131]), pd(1)),
                Octets.of(hex("01123456"), option(1, new byte[1]), pd(1)),
                Octets.of(start, pd(1), option(6, new byte[3])), Octets.of(start, pd(1), option(14, new byte[1]))};
        for (byte[] message : broken) {
            line.send(Packets6.udp(line.linkLocal(), 546, ScriptIpv6.ALL_SERVERS, 547, message));
        }
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> dropped(line) == broken.length);
        assertThat(line.answerOrNull(NOTHING_COMES_MS)).isNull();
        // options that nobody knows, and those that a server has no use for, are skipped
        Dhcp6Reply answer = line.ask(SOLICIT, pd(1, "::/0"), option(999, new byte[300]), option(20), option(16, u32(9)),
                option(39, 0, "host"));
        assertThat(answer.type()).isEqualTo(ADVERTISE);
    }

    @Test
    void otherPortsAndSourcesAreNotHeard() { // sections 7.2 and 13
        ScriptIpv6 line = up(USER);
        byte[] solicit = Octets.of(hex("01123456"), option(1, line.duid()), pd(1));
        line.send(Packets6.udp(line.linkLocal(), 546, ScriptIpv6.ALL_SERVERS, 548, solicit));
        line.send(Packets6.udp("2001:db8:bad::1", 546, ScriptIpv6.ALL_SERVERS, 547, solicit));
        line.send(Packets6.udp("::", 546, ScriptIpv6.ALL_SERVERS, 547, solicit));
        byte[] damaged = Packets6.udp(line.linkLocal(), 546, ScriptIpv6.ALL_SERVERS, 547, solicit);
        damaged[46] ^= 1;
        line.send(damaged);
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> dropped(line) == 3); // another port is not ours
        assertThat(line.answerOrNull(NOTHING_COMES_MS)).isNull();
    }

    @Test
    void floodIsBounded() {
        ScriptIpv6 line = up(USER);
        for (int i = 0; i < 2000; i++) {
            line.tell(SOLICIT, pd(i));
        }
        line.call.packet(0xc021, 9, 42, u32(0x11223344L));
        line.call.expect(0xc021, 10, 42);
        int answers = 0;
        while (line.answerOrNull(NOTHING_COMES_MS) != null) {
            answers++;
        }
        assertThat(answers).isBetween(1, 200);
        assertThat(line.ask(SOLICIT, pd(1)).type()).isEqualTo(ADVERTISE);
    }
}

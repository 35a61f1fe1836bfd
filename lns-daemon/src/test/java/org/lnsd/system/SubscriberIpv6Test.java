package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.hex;
import static org.lnsd.system.subscriber.Octets.ipv6;
import static org.lnsd.system.subscriber.Octets.u16;
import static org.lnsd.system.subscriber.Octets.u32;
import static org.lnsd.system.subscriber.ScriptIpv6.ALL_NODES;
import static org.lnsd.system.subscriber.ScriptIpv6.ALL_ROUTERS;
import static org.lnsd.system.subscriber.ScriptIpv6.NOTHING_COMES_MS;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPV6CP;
import static org.lnsd.system.subscriber.ScriptSubscriber.LCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.mru;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.NamespaceSocket;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.Packets6;
import org.lnsd.system.subscriber.RouterMessage;
import org.lnsd.system.subscriber.ScriptIpv6;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** Neighbour discovery on the link (RFC 4861, 4862, 8106) and the IPv6 packets that flow then (RFC 8200, 4443), by octets. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberIpv6Test {
    private static final String USER = "alice@example.net";
    private static final String FIXED = "fixed@example.net";
    private static final String SIX = "six@example.net";
    private static final String FOUR = "four@example.net";
    private static final String PASSWORD = SubscriberSite.PASSWORD;
    private static final String ID = "02000000000000aa";
    private static final String PREFIX = "2001:db8:7:1::";

    private SubscriberSite site;
    private DatagramChannel net;

    @BeforeAll
    void start() throws IOException {
        site = new SubscriberSite(new AtomicInteger(), "subscriber-ipv6", configuration(PREFIX));
        net = NamespaceSocket.open(site.site().net().name(), Site.INTERNET6, 7000);
        net.socket().setSoTimeout(20_000);
    }

    private static String configuration(String prefix) {
        String users = SubscriberSite.user(USER, "")
                + SubscriberSite.user(FIXED, "ipv6-prefix = \"%s/64\"\nipv6-delegated = \"2001:db8:8:100::/56\""
                        .formatted(prefix))
                + SubscriberSite.user(SIX, "pool = \"six\"") + SubscriberSite.user(FOUR, "pool = \"four\"");
        return SubscriberSite.configuration(
                "duplicate-logins = \"allow\"\nauthentication = [\"pap\"]\ndns-search = [\"customers.example.net\"]",
                """
                        [[pool]]
                        name = "six"
                        ipv6-prefix = "2001:db8:600::/48"
                        [[pool]]
                        name = "four"
                        ipv4 = ["100.65.0.0/24"]
                        """ + users);
    }

    @AfterAll
    void stop() throws IOException {
        net.close();
        site.close();
    }

    private ScriptSubscriber authenticated(String user) { return site.subscriber().authenticated(user, PASSWORD); }

    private ScriptIpv6 up(String user) { return new ScriptIpv6(authenticated(user), ID); }

    private String linkPrefix(ScriptIpv6 line) {
        return site.show(line.call).get("ipv6-prefix").toString().replace("/64", "");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> shown(ScriptIpv6 line, String part) {
        return (Map<String, Object>) site.show(line.call).get(part);
    }

    private long dropped(ScriptIpv6 line) { return (Long) shown(line, "ipv6-link").get("dropped"); }

    private void awaitDropped(ScriptIpv6 line, long count) {
        Awaitility.await("dropped = " + count).atMost(40, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> dropped(line) == count);
    }

    // ---- router discovery ---------------------------------------------------------------------------------------------

    // RFC 4861 sections 4.2, 6.2.3, 6.2.4; RFC 8106 section 5; RFC 4191: medium preference is all zeros
    @Test
    void linkIsAdvertisedAtOnce() {
        ScriptIpv6 line = up(USER);
        RouterMessage said = line.expectAdvertisement();
        assertThat(said.source()).isEqualTo(line.router());
        assertThat(said.destination()).isEqualTo(ALL_NODES);
        assertThat(said.hopLimit()).isEqualTo(255);
        assertThat(said.currentHopLimit()).isEqualTo(64);
        assertThat(said.managed()).isFalse();
        assertThat(said.otherConfiguration()).isTrue();
        assertThat(said.packet()[45] & 0x3f).isZero();
        assertThat(said.routerLifetimeSeconds()).isBetween(4, 9000);
        assertThat(said.prefixes()).hasSize(1);
        RouterMessage.Prefix prefix = said.prefixes().getFirst();
        assertThat(prefix.address()).isEqualTo(linkPrefix(line)).startsWith("2001:db8:100:");
        assertThat(prefix.length()).isEqualTo(64);
        assertThat(prefix.flags()).isEqualTo(0xc0);
        assertThat(prefix.preferredSeconds()).isPositive().isLessThanOrEqualTo(prefix.validSeconds());
        assertThat(Octets.u32(said.options(5).getFirst(), 4)).isEqualTo(1500);
        byte[] servers = said.options(25).getFirst();
        assertThat(ipv6(servers, 8)).isEqualTo("2620:fe::fe");
        assertThat(Octets.u32(servers, 4)).isPositive();
        byte[] domains = said.options(31).getFirst();
        assertThat(new String(domains, StandardCharsets.ISO_8859_1))
                .contains("\tcustomers\7example\3net\0");
        assertThat(Octets.u32(domains, 4)).isPositive();
    }

    @Test
    void advertisedMtuIsWhatTheSubscriberTakes() { // RFC 4861 section 6.2.1, AdvLinkMTU
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1400), subscriber.magicOption());
        subscriber.pap(USER, PASSWORD);
        RouterMessage said = new ScriptIpv6(subscriber, ID).expectAdvertisement();
        assertThat(Octets.u32(said.options(5).getFirst(), 4)).isEqualTo(1400);
    }

    @Test
    void solicitationIsAnsweredToItsSource() { // RFC 4861 section 6.2.6
        ScriptIpv6 line = up(USER);
        line.expectAdvertisement();
        line.solicitRouter();
        RouterMessage plain = line.expectAdvertisement();
        assertThat(plain.destination()).isEqualTo(line.linkLocal());
        assertThat(plain.prefixes()).hasSize(1);
        line.icmp(133, ALL_ROUTERS, u32(0), hex("0101020000000001")); // with a source link-layer address
        assertThat(line.expectAdvertisement().destination()).isEqualTo(line.linkLocal());
        line.icmp(133, line.router(), u32(0)); // to us alone
        assertThat(line.expectAdvertisement().destination()).isEqualTo(line.linkLocal());
        line.send(Packets6.icmp(133, 0, 255, "::", ALL_ROUTERS, u32(0)));
        assertThat(line.expectAdvertisement().destination()).isEqualTo(ALL_NODES);
    }

    @Test
    void invalidSolicitationsAreDroppedAndCounted() { // RFC 4861 sections 6.1.1 and 7.1.1
        ScriptIpv6 line = up(USER);
        line.expectAdvertisement();
        line.send(Packets6.icmp(133, 0, 254, line.linkLocal(), ALL_ROUTERS, u32(0)));
        line.send(Packets6.icmp(133, 1, 255, line.linkLocal(), ALL_ROUTERS, u32(0)));
        line.send(Packets6.icmp(133, 0, 255, line.linkLocal(), ALL_ROUTERS, u16(0)));
        line.send(Packets6.icmp(133, 0, 255, "::", ALL_ROUTERS, Octets.of(u32(0), hex("0101020000000001"))));
        line.send(
                Packets6.icmp(133, 0, 255, line.linkLocal(), ALL_ROUTERS, Octets.of(u32(0), hex("0100020000000001"))));
        line.send(
                Packets6.icmp(133, 0, 255, line.linkLocal(), ALL_ROUTERS, Octets.of(u32(0), hex("0102020000000001"))));
        byte[] damaged = Packets6.icmp(133, 0, 255, line.linkLocal(), ALL_ROUTERS, u32(0));
        damaged[43] ^= 1;
        line.send(damaged);
        line.send(Packets6.icmp(134, 0, 255, line.linkLocal(), ALL_NODES, new byte[12])); // an advertisement of its own
        line.send(Packets6.icmp(137, 0, 255, line.linkLocal(), ALL_NODES, new byte[36])); // a redirect
        awaitDropped(line, 9);
        line.call.silence("advertisement", NOTHING_COMES_MS, ScriptIpv6.icmp(134));
        line.solicitRouter();
        line.expectAdvertisement();
    }

    @Test
    void neighbourSolicitationIsAnswered() { // RFC 4861 sections 7.2.3 and 7.2.4
        ScriptIpv6 line = up(USER);
        byte[] router = ipv6(line.router());
        String group = ipv6(Octets.of(hex("ff0200000000000000000001ff"), java.util.Arrays.copyOfRange(router, 13, 16)),
                0);
        line.icmp(135, group, u32(0), router);
        Frame said = line.expectIcmp(136);
        assertThat(said.info()[44] & 0xe0).as("router, solicited, override").isEqualTo(0xe0);
        assertThat(ipv6(said.info(), 48)).isEqualTo(line.router());
        assertThat(ipv6(said.info(), 24)).isEqualTo(line.linkLocal());
        assertThat(Octets.u8(said.info(), 7)).isEqualTo(255);
        line.icmp(135, line.router(), u32(0), router); // reachability (section 7.3)
        line.expectIcmp(136);
        long before = dropped(line);
        line.icmp(135, group, u32(0), ipv6("fe80::9999")); // not ours
        line.send(Packets6.icmp(135, 0, 64, line.linkLocal(), group, Octets.of(u32(0), router)));
        line.icmp(135, group, u32(0), ipv6(ALL_NODES));
        awaitDropped(line, before + 3);
        line.call.silence("advertisement", NOTHING_COMES_MS, ScriptIpv6.icmp(136));
    }

    @Test
    void pingOfTheLinkIsAnswered() { // RFC 4443 section 4.2
        ScriptIpv6 line = up(USER);
        for (String to : new String[]{line.router(), ALL_NODES, ALL_ROUTERS}) {
            line.send(Packets6.ping(line.linkLocal(), to, 1, Octets.of("hello " + to)));
            Frame reply = line.expectIcmp(129);
            assertThat(ipv6(reply.info(), 8)).isEqualTo(line.router());
            assertThat(new String(reply.info(), 48, reply.info().length - 48, StandardCharsets.US_ASCII))
                    .isEqualTo("hello " + to);
        }
    }

    @Test
    void whatTheLinkDoesNotHaveIsRefused() { // RFC 4443 sections 2.4, 3.1 and 3.4
        ScriptIpv6 line = up(USER);
        byte[] resolver = Packets6.udp(line.linkLocal(), 5353, line.router(), 53, Octets.of("a question"));
        line.send(resolver);
        Frame unreachable = line.expectIcmp(1);
        assertThat(Octets.u8(unreachable.info(), 41)).as("port unreachable").isEqualTo(4);
        assertThat(Octets.hex(unreachable.info())).endsWith(Octets.hex(resolver));
        line.send(Packets6.ipv6(6, 64, line.linkLocal(), line.router(), new byte[20]));
        Frame unknown = line.expectIcmp(4);
        assertThat(Octets.u8(unknown.info(), 41)).as("unrecognized next header").isEqualTo(1);
        assertThat(Octets.u32(unknown.info(), 44)).isEqualTo(6);
        long before = dropped(line);
        line.send(Packets6.udp(line.linkLocal(), 5353, "ff02::fb", 5353, Octets.of("multicast")));
        line.send(Packets6.udp("::", 5353, line.router(), 53, Octets.of("from nobody")));
        byte[] report = Packets6.icmp(143, 0, 1, line.linkLocal(), "ff02::16", new byte[4]); // MLDv2, RFC 3810 section 5
        line.send(Packets6.ipv6(0, 1, line.linkLocal(), "ff02::16",
                Octets.of(hex("3a00050200000100"), java.util.Arrays.copyOfRange(report, 40, report.length))));
        line.call.silence("error", NOTHING_COMES_MS,
                f -> ScriptIpv6.icmp(1).test(f) || ScriptIpv6.icmp(4).test(f));
        assertThat(dropped(line)).as("a host's usual packets are not malformed").isEqualTo(before);
    }

    // RFC 8200 section 4: options, routing headers (RFC 5095), fragments (RFC 6946, 6980) that are for the link itself
    @Test
    void extensionHeadersToTheLinkAreRead() {
        ScriptIpv6 line = up(USER);
        byte[] ping = Packets6.ping(line.linkLocal(), line.router(), 64, Octets.of("through headers"));
        byte[] echo = java.util.Arrays.copyOfRange(ping, 40, ping.length);
        line.send(headed(line, 60, "3a00010400000000", echo));
        line.expectIcmp(129);
        line.send(headed(line, 44, "3a00000000000001", echo)); // atomic
        line.expectIcmp(129);
        line.send(headed(line, 44, "3a00000100000002", java.util.Arrays.copyOf(echo, 16)));
        line.send(headed(line, 44, "3a00001000000002", java.util.Arrays.copyOfRange(echo, 16, echo.length)));
        Frame reply = line.expectIcmp(129);
        assertThat(new String(reply.info(), 48, reply.info().length - 48, StandardCharsets.US_ASCII))
                .isEqualTo("through headers");
        line.send(headed(line, 43, "3a02000100000000" + "20010db8000000000000000000000001", echo));
        Frame problem = line.expectIcmp(4);
        assertThat(Octets.u8(problem.info(), 41)).as("erroneous header field").isZero();
        assertThat(Octets.u32(problem.info(), 44)).as("the routing type").isEqualTo(42);
        line.send(headed(line, 60, "3a00cd0400000000", echo));
        assertThat(Octets.u8(line.expectIcmp(4).info(), 41)).as("unrecognized option").isEqualTo(2);
        long before = dropped(line);
        byte[] solicitation = Packets6.icmp(133, 0, 255, line.linkLocal(), line.router(), u32(0));
        byte[] fragmented = headed(line, 44, "3a00000000000003",
                java.util.Arrays.copyOfRange(solicitation, 40, solicitation.length));
        fragmented[7] = (byte) 255;
        line.send(fragmented);
        awaitDropped(line, before + 1);
    }

    private static byte[] headed(ScriptIpv6 line, int nextHeader, String header, byte[] content) {
        return Packets6.ipv6(nextHeader, 64, line.linkLocal(), line.router(), Octets.of(hex(header), content));
    }

    @Test
    void floodOfSolicitationsIsBounded() {
        ScriptIpv6 line = up(USER);
        line.expectAdvertisement();
        for (int i = 0; i < 2000; i++) {
            line.solicitRouter();
            line.send(Packets6.ping(line.linkLocal(), line.router(), 64, new byte[8]));
        }
        line.call.packet(LCP, 9, 42, u32(0x11223344L));
        line.call.expect(LCP, 10, 42);
        line.expectAdvertisement();
        int answers = 0;
        while (line.call.expectOrNull(f -> ScriptIpv6.icmp(134).test(f) || ScriptIpv6.icmp(129).test(f),
                NOTHING_COMES_MS) != null) {
            answers++;
        }
        assertThat(answers).isLessThan(200);
        assertThat(line.call.isUp()).isTrue();
    }

    // RFC 5072 section 3: IPv6CP that comes up anew begins anew
    @Test
    void ipv6cpThatComesBackIsAdvertisedAgain() {
        ScriptSubscriber subscriber = authenticated(USER);
        ScriptIpv6 line = new ScriptIpv6(subscriber, ID);
        String prefix = line.expectAdvertisement().prefixes().getFirst().address();
        line.call.packet(IPV6CP, 5, 99);
        line.call.expect(IPV6CP, 6, 99);
        line.call.forget();
        line.solicitRouter();
        line.call.silence("advertisement", NOTHING_COMES_MS, ScriptIpv6.icmp(134));
        subscriber.call.packet(IPV6CP, 1, 100, ScriptSubscriber.option(1, hex(ID)));
        Frame wish = line.call.expect(IPV6CP, 1);
        line.call.packet(IPV6CP, 2, wish.id(), (Object) wish.body());
        if (line.call.expectOrNull(f -> f.is(IPV6CP, 2) && f.id() == 100, 5000) == null) {
            subscriber.request(IPV6CP, ScriptSubscriber.option(1, hex(ID)));
        }
        assertThat(line.expectAdvertisement().prefixes().getFirst().address()).isEqualTo(prefix);
    }

    // ---- families -----------------------------------------------------------------------------------------------------

    @Test
    void subscriberWithIpv6OnlyHasNoIpcp() {
        ScriptSubscriber subscriber = authenticated(SIX);
        subscriber.call.packet(IPCP, 1, 1, ScriptSubscriber.option(3, u32(0)));
        Frame reject = subscriber.call.expect(LCP, 8);
        assertThat(Octets.u16(reject.body(), 0)).isEqualTo(IPCP);
        ScriptIpv6 line = new ScriptIpv6(subscriber, ID);
        assertThat(line.expectAdvertisement().prefixes().getFirst().address()).startsWith("2001:db8:600:");
        site.awaitShown(line.call, "state", "open");
        exchange(line, linkPrefix(line) + "aa", 6001);
    }

    @Test
    void subscriberWithIpv4OnlyHasNoIpv6cp() {
        ScriptSubscriber subscriber = authenticated(FOUR);
        subscriber.call.packet(IPV6CP, 1, 1, ScriptSubscriber.option(1, hex(ID)));
        Frame reject = subscriber.call.expect(LCP, 8);
        assertThat(Octets.u16(reject.body(), 0)).isEqualTo(IPV6CP);
        assertThat(subscriber.ipcp()).startsWith("100.65.0.");
        site.awaitShown(subscriber.call, "state", "open");
    }

    // ---- packets ------------------------------------------------------------------------------------------------------

    /** One packet to the network and one back. */
    private void exchange(ScriptIpv6 line, String address, int port) {
        line.send(Packets6.udp(address, port, Site.INTERNET6, 7000, Octets.of("up " + port)));
        InetSocketAddress from = receive("up " + port);
        assertThat(from.getAddress().getAddress()).isEqualTo(ipv6(address));
        awaitRoute(address, true);
        try {
            net.send(ByteBuffer.wrap(Octets.of("down " + port)), from);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Frame down = line.call.expect("UDP to " + port, f -> f.protocol() == 0x57 && f.info().length > 48
                && Octets.u8(f.info(), 6) == Packets6.UDP && Octets.u16(f.info(), 42) == port);
        assertThat(new String(down.info(), 48, down.info().length - 48, StandardCharsets.US_ASCII))
                .isEqualTo("down " + port);
        assertThat(Octets.u8(down.info(), 7)).as("hop limit: one router").isEqualTo(63);
    }

    private InetSocketAddress receive(String wanted) {
        byte[] buffer = new byte[2000];
        try {
            while (true) {
                var packet = new java.net.DatagramPacket(buffer, buffer.length);
                net.socket().receive(packet);
                String text = new String(buffer, 0, packet.getLength(), StandardCharsets.US_ASCII);
                assertThat(text).doesNotContain("spoofed");
                if (text.equals(wanted)) {
                    return (InetSocketAddress) packet.getSocketAddress();
                }
            }
        } catch (IOException e) {
            throw new AssertionError("nothing came: " + wanted, e);
        }
    }

    private void awaitRoute(String address, boolean there) {
        Awaitility.await("a route to " + address + ": " + there).atMost(40, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> site.site().lns().run("ip", "-6", "route", "get", address).output()
                        .contains("lns0") == there);
    }

    @Test
    void familiesAreCountedApart() {
        ScriptSubscriber subscriber = authenticated(USER);
        subscriber.ipcp();
        ScriptIpv6 line = new ScriptIpv6(subscriber, ID);
        exchange(line, linkPrefix(line) + "aa", 6002);
        Awaitility.await().atMost(40, TimeUnit.SECONDS).untilAsserted(() -> {
            Map<String, Object> six = shown(line, "ipv6-traffic");
            assertThat(six).containsEntry("packets-in", 1L).containsEntry("octets-in", 48L + 7)
                    .containsEntry("packets-out", 1L).containsEntry("octets-out", 48L + 9);
            assertThat(shown(line, "ipv4-traffic")).containsEntry("packets-in", 0L).containsEntry("octets-out", 0L);
        });
        assertThat(shown(line, "ipv6-link")).containsEntry("interface-id", ID);
    }

    // BCP 38; RFC 4291 section 2.5.6: link-local packets are not forwarded
    @Test
    void foreignSourcesNeverLeaveAndAreCounted() {
        ScriptIpv6 line = up(FIXED);
        for (String source : new String[]{"2001:db8:bad::1", "2001:db8:7:2::1", "2001:db8:8:100::1", "::1",
                "ff0e::1", "::ffff:100.64.0.1"}) { // the delegated prefix is not leased yet
            line.send(Packets6.udp(source, 6003, Site.INTERNET6, 7000, Octets.of("spoofed")));
        }
        line.send(Packets6.udp(line.linkLocal(), 6003, Site.INTERNET6, 7000, Octets.of("spoofed")));
        assertThat(Octets.u8(line.expectIcmp(1).info(), 41)).as("beyond the scope of the source").isEqualTo(2);
        exchange(line, PREFIX + "aa", 6004);
        assertThat((Long) site.show(line.call).get("dropped-in")).isEqualTo(6);
        assertThat(shown(line, "ipv6-traffic")).containsEntry("packets-in", 1L);
        assertThat(site.lnsd().control("--json", "show", "counters").output()).contains("source-check");
        line.ask(ScriptIpv6.SOLICIT, ScriptIpv6.option(14), ScriptIpv6.pd(1));
        exchange(line, "2001:db8:8:100::1", 6005);
        line.call.hangUp();
        awaitRoute("2001:db8:8:100::1", false);
    }

    @Test
    void brokenPacketsAreDropped() { // RFC 8200 section 3
        ScriptIpv6 line = up(USER);
        byte[] good = Packets6.udp(linkPrefix(line) + "aa", 6006, Site.INTERNET6, 7000, Octets.of("spoofed"));
        byte[] tooLong = good.clone();
        tooLong[5] += 1;
        byte[] version = good.clone();
        version[0] = 0x40;
        for (byte[] broken : new byte[][]{tooLong, version, java.util.Arrays.copyOf(good, 39), hex("60"), {}}) {
            line.send(broken);
        }
        exchange(line, linkPrefix(line) + "aa", 6007);
    }

    @Test
    void hopLimitThatEndsIsTold() { // RFC 4443 section 3.3
        ScriptIpv6 line = up(USER);
        awaitRoute(linkPrefix(line) + "aa", true);
        line.send(Packets6.ping(linkPrefix(line) + "aa", Site.INTERNET6, 1, new byte[32]));
        Frame exceeded = line.expectIcmp(3);
        assertThat(ipv6(exceeded.info(), 24)).isEqualTo(linkPrefix(line) + "aa");
        assertThat(ipv6(exceeded.info(), 8)).startsWith("2001:db8:");
    }

    // RFC 4443 section 3.1: what is sent from a line to the line's own network does not come back; RFC 4291 section 2.6.1: prefix:: is the router
    @Test
    void whatIsForTheLineItselfDoesNotComeBack() {
        ScriptIpv6 line = up(USER);
        String prefix = linkPrefix(line);
        awaitRoute(prefix + "aa", true);
        byte[] lost = Packets6.ping(prefix + "aa", prefix + "bb", 64, new byte[8]);
        line.send(lost);
        Frame unreachable = line.expectIcmp(1);
        assertThat(Octets.u8(unreachable.info(), 41)).as("address unreachable").isEqualTo(3);
        assertThat(ipv6(unreachable.info(), 24)).isEqualTo(prefix + "aa");
        assertThat(Octets.hex(unreachable.info())).endsWith(Octets.hex(lost));
        line.send(Packets6.ping(prefix + "aa", prefix, 64, new byte[8]));
        assertThat(ipv6(line.expectIcmp(129).info(), 8)).isEqualTo(line.router());
        line.call.silence("what was sent", NOTHING_COMES_MS, ScriptIpv6.icmp(128));
    }

    // RFC 4861 section 8.2, RFC 4291 section 2.5.6: two lines are two links, so nobody is redirected to the other
    @Test
    void twoLinesReachEachOtherThroughUs() {
        ScriptIpv6 one = up(USER);
        ScriptIpv6 other = up(USER);
        awaitRoute(linkPrefix(other) + "aa", true);
        awaitRoute(linkPrefix(one) + "aa", true);
        one.send(Packets6.ping(linkPrefix(one) + "aa", linkPrefix(other) + "aa", 64, Octets.of("neighbour")));
        Frame came = other.expectIcmp(128);
        assertThat(ipv6(came.info(), 8)).isEqualTo(linkPrefix(one) + "aa");
        assertThat(Octets.u8(came.info(), 7)).isEqualTo(63);
        one.call.silence("redirect", NOTHING_COMES_MS, ScriptIpv6.icmp(137));
    }

    // RFC 8201 section 4: who sends too much is told the link's MTU
    @Test
    void packetTooBigIsToldTheLinksMtu() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1280), subscriber.magicOption());
        subscriber.pap(USER, PASSWORD);
        ScriptIpv6 line = new ScriptIpv6(subscriber, ID);
        String address = linkPrefix(line) + "aa";
        awaitRoute(address, true);
        assertThat(site.site().net().run("ping", "-6", "-n", "-M", "do", "-c", "2", "-i", "0.3", "-W", "1", "-s",
                "1300", address).output()).containsAnyOf("mtu=1280", "mtu = 1280");
    }

    // ---- renumbering --------------------------------------------------------------------------------------------------

    // RFC 4861 section 6.2.4, RFC 4862 section 5.5.3: the old prefix is deprecated, the new one takes its place
    @Test
    void anotherPrefixOfTheConfigurationReachesTheLine() {
        ScriptIpv6 line = up(FIXED);
        assertThat(line.expectAdvertisement().prefix(PREFIX).preferredSeconds()).isPositive();
        exchange(line, PREFIX + "aa", 6008);
        line.call.forget();
        site.reconfigure(configuration("2001:db8:7:9::"));
        RouterMessage said = line.expectAdvertisement();
        assertThat(said.prefix("2001:db8:7:9::").preferredSeconds()).isPositive();
        assertThat(said.prefix(PREFIX).preferredSeconds()).isZero();
        assertThat(said.prefix(PREFIX).validSeconds()).isZero();
        exchange(line, "2001:db8:7:9::aa", 6009);
        awaitRoute(PREFIX + "aa", false);
        line.solicitRouter();
        assertThat(line.expectAdvertisement().prefix(PREFIX).preferredSeconds()).isZero();
        site.reconfigure(configuration(PREFIX));
        assertThat(line.expectAdvertisement().prefix(PREFIX).preferredSeconds()).isPositive();
        line.call.hangUp();
        awaitRoute(PREFIX + "aa", false);
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.hex;
import static org.lnsd.system.subscriber.Octets.ipv4;
import static org.lnsd.system.subscriber.Octets.u16;
import static org.lnsd.system.subscriber.Octets.u32;
import static org.lnsd.system.subscriber.ScriptSubscriber.ACK;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPV6CP;
import static org.lnsd.system.subscriber.ScriptSubscriber.LCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.NAK;
import static org.lnsd.system.subscriber.ScriptSubscriber.REJECT;
import static org.lnsd.system.subscriber.ScriptSubscriber.REQUEST;
import static org.lnsd.system.subscriber.ScriptSubscriber.mru;
import static org.lnsd.system.subscriber.ScriptSubscriber.option;
import static org.lnsd.system.subscriber.ScriptTunnel.avp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.NamespaceSocket;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.Packets;
import org.lnsd.system.subscriber.ScriptCall;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** IPCP, IPv6CP (RFC 1332, 1877, 5072) and the packets that flow then, by octets. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberNetworkTest {
    private static final String USER = "alice@example.net";
    private static final String FIXED = "fixed@example.net";
    private static final String ROUTED = "routed@example.net";
    private static final String PASSWORD = SubscriberSite.PASSWORD;

    private SubscriberSite site;
    private DatagramChannel net;

    @BeforeAll
    void start() throws IOException {
        String users = SubscriberSite.user(USER, "") + SubscriberSite.user(FIXED, "ipv4 = \"203.0.113.7\"")
                + SubscriberSite.user(ROUTED, "ipv4 = \"203.0.113.8\"\nroutes = [\"192.0.2.64/28\"]");
        site = new SubscriberSite(new AtomicInteger(), "subscriber-network", SubscriberSite.configuration(
                "duplicate-logins = \"allow\"\nauthentication = [\"pap\"]", users));
        net = NamespaceSocket.open(site.site().net().name(), Site.INTERNET, 7000);
        net.socket().setSoTimeout(8000);
    }

    @AfterAll
    void stop() throws IOException {
        net.close();
        site.close();
    }

    private ScriptSubscriber authenticated(String user) { return site.subscriber().authenticated(user, PASSWORD); }

    private ScriptSubscriber open(String user) {
        ScriptSubscriber subscriber = site.subscriber().open(user, PASSWORD);
        site.awaitRoute(subscriber.address());
        return subscriber;
    }

    // ---- IPCP ---------------------------------------------------------------------------------------------------------

    @Test
    void lnsTellsItsOwnAddress() {
        assertThat(authenticated(USER).call.expect(IPCP, REQUEST).option(3)).isEqualTo(ipv4("100.64.0.1"));
    }

    @Test
    void zeroIsNakedWithAddressAndServers() {
        ScriptSubscriber subscriber = authenticated(FIXED);
        Frame nak = subscriber.request(IPCP, option(3, u32(0)), option(129, u32(0)), option(131, u32(0)));
        assertThat(nak.code()).isEqualTo(NAK);
        assertThat(nak.options()).extracting(Frame.Option::type).containsExactly(3, 129, 131);
        assertThat(nak.option(3)).isEqualTo(ipv4("203.0.113.7"));
        assertThat(nak.option(129)).isEqualTo(ipv4("9.9.9.9"));
        assertThat(nak.option(131)).isEqualTo(ipv4("149.112.112.112"));
        Frame ack = subscriber.request(IPCP, option(3, ipv4("203.0.113.7")), option(129, ipv4("9.9.9.9")),
                option(131, ipv4("149.112.112.112")));
        assertThat(ack.code()).isEqualTo(ACK);
        subscriber.terminate();
        subscriber.call.awaitDisconnect();
    }

    @Test
    void anotherAddressIsNaked() {
        ScriptSubscriber subscriber = authenticated(USER);
        Frame nak = subscriber.request(IPCP, option(3, ipv4("192.168.1.1")));
        assertThat(nak.code()).isEqualTo(NAK);
        assertThat(Octets.ipv4(nak.option(3), 0)).startsWith("100.64.0.");
    }

    // RFC 1332 section 3.1: IP-Addresses; section 3.2: IP-Compression-Protocol (van Jacobson); RFC 1877: NBNS
    @Test
    void compressionOldAddressesAndNbnsAreRejectedTogether() {
        ScriptSubscriber subscriber = authenticated(USER);
        Frame reject = subscriber.request(IPCP, option(2, hex("002d0f01")), option(3, u32(0)), option(130, u32(0)),
                option(132, u32(0)), option(1, new byte[8]), option(144, u32(0)));
        assertThat(reject.code()).isEqualTo(REJECT);
        assertThat(reject.options()).extracting(Frame.Option::type).containsExactly(2, 130, 132, 1, 144);
        subscriber.ipcp();
    }

    @Test
    void addressOptionIsAskedForWhenMissing() {
        ScriptSubscriber subscriber = authenticated(USER);
        Frame nak = subscriber.request(IPCP);
        assertThat(nak.code()).isEqualTo(NAK);
        assertThat(nak.option(3)).hasSize(4);
    }

    // A client that will not name its address is served nevertheless: RFC 1661 section 4.6, Max-Failure
    @Test
    void clientThatNeverNamesItsAddressIsServed() {
        ScriptSubscriber subscriber = authenticated(USER);
        subscriber.acknowledge(IPCP);
        int code = NAK;
        for (int i = 0; i < 20 && code == NAK; i++) {
            code = subscriber.request(IPCP).code();
        }
        assertThat(code).isEqualTo(ACK);
        site.awaitShown(subscriber.call, "state", "open");
    }

    @Test
    void malformedAddressIsNotAcknowledged() {
        ScriptSubscriber subscriber = authenticated(USER);
        int id = subscriber.nextId();
        subscriber.call.packet(IPCP, REQUEST, id, option(3, hex("0000")));
        subscriber.call.silence("Ack", 300, f -> f.is(IPCP, ACK) && f.id() == id);
        subscriber.ipcp();
    }

    @Test
    void lnsThatIsNakedAnAddressKeepsItsOwn() {
        ScriptSubscriber subscriber = authenticated(USER);
        Frame wish = subscriber.call.expect(IPCP, REQUEST);
        subscriber.call.packet(IPCP, NAK, wish.id(), option(3, ipv4("10.0.0.1")));
        Frame next = subscriber.call.expect("another request", f -> f.is(IPCP, REQUEST) && f.id() != wish.id());
        assertThat(next.option(3)).isEqualTo(ipv4("100.64.0.1"));
        subscriber.call.packet(IPCP, REJECT, next.id(), next.body());
        Frame last = subscriber.call.expect("a request without", f -> f.is(IPCP, REQUEST) && f.id() != next.id());
        assertThat(last.body()).isEmpty();
    }

    @Test
    void ipcpRenegotiationKeepsTheAddressAndComesBack() {
        ScriptSubscriber subscriber = open(USER);
        String address = subscriber.address();
        subscriber.call.forget();
        assertThat(subscriber.request(IPCP, option(3, ipv4(address))).code()).isEqualTo(ACK);
        subscriber.acknowledge(IPCP);
        site.awaitShown(subscriber.call, "state", "open");
        exchange(subscriber, 5111);
    }

    @Test
    void ipcpTerminateLeavesTheLinkAndComesBack() {
        ScriptSubscriber subscriber = open(USER);
        subscriber.ipv6cp("0000000000000077");
        subscriber.call.packet(IPCP, 5, 99);
        subscriber.call.expect(IPCP, 6, 99);
        subscriber.call.packet(LCP, 9, 98, u32(0x11223344L));
        subscriber.call.expect(LCP, 10, 98);
        assertThat(subscriber.call.isUp()).isTrue();
        assertThat(site.show(subscriber.call).get("ipv6cp")).isEqualTo("Opened");
    }

    // RFC 1661 section 3.7: that the only network protocol has closed does not end the link
    @Test
    void ipcpAloneMayCloseAndComeBack() {
        ScriptSubscriber subscriber = authenticated(USER);
        subscriber.call.packet(LCP, 8, 50, u16(IPV6CP), subscriber.call.expect(IPV6CP, REQUEST).info());
        String address = subscriber.ipcp();
        subscriber.call.packet(IPCP, 5, 99);
        subscriber.call.expect(IPCP, 6, 99);
        site.awaitShown(subscriber.call, "ipcp", "Stopped");
        site.awaitShown(subscriber.call, "state", "network");
        subscriber.call.forget();
        assertThat(subscriber.request(IPCP, option(3, ipv4(address))).code()).isEqualTo(ACK);
        subscriber.acknowledge(IPCP);
        site.awaitShown(subscriber.call, "state", "open");
        exchange(subscriber, 5112);
    }

    @Test
    void addressesOfTwoSessionsDiffer() { assertThat(open(USER).address()).isNotEqualTo(open(USER).address()); }

    // ---- IPv6CP -------------------------------------------------------------------------------------------------------

    @Test
    void interfaceIdentifierIsAcknowledged() {
        ScriptSubscriber subscriber = authenticated(USER);
        assertThat(subscriber.acknowledge(IPV6CP).getFirst().data()).hasSize(8).isNotEqualTo(new byte[8]);
        Frame ack = subscriber.request(IPV6CP, option(1, hex("0000000000000077")));
        assertThat(ack.code()).isEqualTo(ACK);
        site.awaitShown(subscriber.call, "state", "open");
        assertThat(site.show(subscriber.call).get("ipv6-prefix").toString()).startsWith("2001:db8:100:")
                .endsWith("/64");
    }

    @Test
    void zeroAndOwnInterfaceIdentifiersAreNaked() {
        ScriptSubscriber subscriber = authenticated(USER);
        byte[] ours = subscriber.call.expect(IPV6CP, REQUEST).option(1);
        Frame zero = subscriber.request(IPV6CP, option(1, new byte[8]));
        assertThat(zero.code()).isEqualTo(NAK);
        assertThat(zero.option(1)).isNotEqualTo(new byte[8]).isNotEqualTo(ours);
        Frame own = subscriber.request(IPV6CP, option(1, ours));
        assertThat(own.code()).isEqualTo(NAK);
        assertThat(own.option(1)).isNotEqualTo(new byte[8]).isNotEqualTo(ours);
        Frame missing = subscriber.request(IPV6CP);
        assertThat(missing.code()).isEqualTo(NAK);
        assertThat(subscriber.request(IPV6CP, option(1, missing.option(1))).code()).isEqualTo(ACK);
    }

    @Test
    void ipv6CompressionIsRejected() {
        Frame reject = authenticated(USER).request(IPV6CP, option(1, hex("0000000000000077")), option(2, hex("004f")));
        assertThat(reject.code()).isEqualTo(REJECT);
        assertThat(reject.body()).isEqualTo(option(2, hex("004f")));
    }

    @Test
    void ipv6AloneOpensTheSession() {
        ScriptSubscriber subscriber = authenticated(USER);
        subscriber.call.packet(LCP, 8, 50, u16(IPCP), subscriber.call.expect(IPCP, REQUEST).info());
        subscriber.ipv6cp("0000000000000077");
        site.awaitShown(subscriber.call, "state", "open");
        assertThat(subscriber.call.isUp()).isTrue();
    }

    // RFC 1661 section 3.6: without any network protocol the link is of no use
    @Test
    void linkWithoutAnyNetworkProtocolEnds() {
        ScriptSubscriber subscriber = authenticated(USER);
        subscriber.call.packet(LCP, 8, 50, u16(IPCP), subscriber.call.expect(IPCP, REQUEST).info());
        subscriber.call.packet(LCP, 8, 51, u16(IPV6CP), subscriber.call.expect(IPV6CP, REQUEST).info());
        subscriber.call.packet(LCP, 6, subscriber.call.expect(LCP, 5).id());
        assertThat(subscriber.call.awaitDisconnect().pppCode()).isPositive();
    }

    // ---- packets ------------------------------------------------------------------------------------------------------

    private void exchange(ScriptSubscriber subscriber, int port) { exchange(subscriber, subscriber.address(), port); }

    /** One packet to the network and one back. */
    private void exchange(ScriptSubscriber subscriber, String address, int port) {
        subscriber.ipv4(Packets.udp(address, port, Site.INTERNET, 7000, Octets.of("up " + port)));
        InetSocketAddress from = receive("up " + port);
        assertThat(from).isEqualTo(new InetSocketAddress(address, port));
        site.awaitRoute(address);
        send(from, "down " + port);
        Frame down = subscriber.expectUdp(port);
        assertThat(new String(down.info(), 28, down.info().length - 28, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("down " + port);
        assertThat(Octets.u8(down.info(), 8)).as("TTL: one router").isEqualTo(63);
    }

    private InetSocketAddress receive(String wanted) {
        byte[] buffer = new byte[2000];
        try {
            while (true) {
                var packet = new java.net.DatagramPacket(buffer, buffer.length);
                net.socket().receive(packet);
                if (new String(buffer, 0, packet.getLength(), java.nio.charset.StandardCharsets.US_ASCII)
                        .equals(wanted)) {
                    return (InetSocketAddress) packet.getSocketAddress();
                }
            }
        } catch (IOException e) {
            throw new AssertionError("nothing came: " + wanted, e);
        }
    }

    private void send(InetSocketAddress to, String text) {
        try {
            net.send(ByteBuffer.wrap(Octets.of(text)), to);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void packetsFlowBothWaysAndAreCounted() {
        ScriptSubscriber subscriber = open(FIXED);
        exchange(subscriber, 5001);
        Awaitility.await().atMost(40, TimeUnit.SECONDS).untilAsserted(() -> {
            Map<String, Object> shown = site.show(subscriber.call);
            assertThat(shown.get("packets-in")).isEqualTo(1L);
            assertThat(shown.get("packets-out")).isEqualTo(1L);
            assertThat(shown.get("octets-in")).isEqualTo(20L + 8 + "up 5001".length());
            assertThat(shown.get("octets-out")).isEqualTo(20L + 8 + "down 5001".length());
            assertThat(shown.get("user")).isEqualTo(FIXED);
            assertThat(shown.get("ipv4")).isEqualTo("203.0.113.7");
            assertThat(shown.get("peer")).isEqualTo("script");
            assertThat(shown.get("calling-number")).isEqualTo("0815");
            assertThat(shown.get("called-number")).isEqualTo("4711");
            assertThat(shown.get("tunnel-id")).isEqualTo((long) site.tunnel().peerTunnelId());
        });
        subscriber.terminate();
        subscriber.call.awaitDisconnect();
    }

    // The subscriber's first packet may come in the same moment as its last Ack
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void packetRightBehindTheAckIsNotLost(int round) {
        ScriptSubscriber subscriber = authenticated(USER);
        Frame nak = subscriber.request(IPCP, option(3, u32(0)));
        assertThat(subscriber.request(IPCP, option(3, nak.option(3))).code()).isEqualTo(ACK);
        Frame wish = subscriber.call.expect(IPCP, REQUEST);
        subscriber.call.packet(IPCP, ACK, wish.id(), (Object) wish.body());
        String address = Octets.ipv4(nak.option(3), 0);
        subscriber.ipv4(Packets.udp(address, 5200, Site.INTERNET, 7000, Octets.of("first " + round)));
        receive("first " + round);
    }

    @Test
    void ownAddressAnswersPing() {
        ScriptSubscriber subscriber = open(USER);
        subscriber.ipv4(Packets.ping(subscriber.address(), "100.64.0.1", 64, 1, new byte[32]));
        Frame reply = subscriber.expectIcmp(0);
        assertThat(Octets.ipv4(reply.info(), 12)).isEqualTo("100.64.0.1");
    }

    @Test
    void traceroutesFirstHopIsTheLns() {
        ScriptSubscriber subscriber = open(USER);
        subscriber.ipv4(Packets.ping(subscriber.address(), Site.INTERNET, 1, 1, new byte[32]));
        Frame exceeded = subscriber.expectIcmp(11);
        assertThat(Octets.ipv4(exceeded.info(), 12)).isEqualTo("100.64.0.1");
    }

    // RFC 1812 section 5.2.7.2: two lines are two links, so nobody is redirected to the other
    @Test
    void twoLinesReachEachOtherThroughUs() {
        ScriptSubscriber one = open(USER);
        ScriptSubscriber other = open(USER);
        site.awaitRoute(one.address());
        site.awaitRoute(other.address());
        one.ipv4(Packets.ping(one.address(), other.address(), 64, 1, new byte[32]));
        Frame came = other.expectIcmp(8);
        assertThat(Octets.ipv4(came.info(), 12)).isEqualTo(one.address());
        assertThat(Octets.u8(came.info(), 8)).as("TTL: one router").isEqualTo(63);
        one.call.silence("redirect", 700,
                f -> f.protocol() == 0x21 && f.info().length > 20 && Octets.u8(f.info(), 9) == 1
                        && Octets.u8(f.info(), 20) == 5);
    }

    // BCP 38
    @Test
    void foreignSourceIsDroppedAndCounted() {
        ScriptSubscriber subscriber = open(USER);
        subscriber.ipv4(Packets.udp("100.64.0.250", 5002, Site.INTERNET, 7000, Octets.of("spoofed")));
        subscriber.ipv4(Packets.udp("8.8.8.8", 5002, Site.INTERNET, 7000, Octets.of("spoofed")));
        exchange(subscriber, 5003);
        assertThat(site.show(subscriber.call).get("packets-in")).isEqualTo(1L);
        assertThat(site.show(subscriber.call).get("dropped-in")).isEqualTo(2L);
        assertThat(site.lnsd().control("--json", "show", "counters").output()).contains("source-check");
    }

    @Test
    void routedPrefixIsASourceAndADestination() {
        ScriptSubscriber subscriber = open(ROUTED);
        exchange(subscriber, "192.0.2.70", 5004);
        exchange(subscriber, "203.0.113.8", 5005);
        subscriber.terminate();
        subscriber.call.awaitDisconnect();
    }

    @Test
    void nothingFlowsAfterTheEnd() {
        ScriptSubscriber subscriber = open(USER);
        String address = subscriber.address();
        subscriber.terminate();
        subscriber.call.awaitDisconnect();
        subscriber.ipv4(Packets.udp(address, 5006, Site.INTERNET, 7000, Octets.of("ghost")));
        Awaitility.await().atMost(40, TimeUnit.SECONDS)
                .until(() -> !site.site().lns().must("ip", "route").contains(address + " "));
        ScriptSubscriber other = open(USER);
        exchange(other, 5007);
    }

    // RFC 1191: a packet beyond the link's MTU that may not be fragmented
    @Test
    void smallMruIsToldToTheSender() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1300), subscriber.magicOption());
        subscriber.pap(USER, PASSWORD);
        String address = subscriber.ipcp();
        site.awaitShown(subscriber.call, "state", "open");
        assertThat(site.site().net()
                .run("ping", "-n", "-M", "do", "-c", "2", "-i", "0.3", "-W", "1", "-s", "1400", address)
                .output()).contains("mtu = 1300");
        assertThat(
                site.site().net().run("ping", "-n", "-M", "do", "-c", "1", "-W", "1", "-s", "1272", address).output())
                .doesNotContain("mtu =");
        Frame whole = subscriber.call.expect("packet of 1300", f -> f.protocol() == 0x21 && f.info().length == 1300);
        assertThat(whole.info()[9]).isEqualTo((byte) 1);
    }

    // A packet that may be fragmented is
    @Test
    void largePacketWithoutDontFragmentIsFragmented() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1000), subscriber.magicOption());
        subscriber.pap(USER, PASSWORD);
        String address = subscriber.ipcp();
        site.awaitShown(subscriber.call, "state", "open");
        site.site().net().run("ping", "-n", "-M", "dont", "-c", "1", "-W", "1", "-s", "1400", address);
        Frame first = subscriber.call.expect("first fragment",
                f -> f.protocol() == 0x21 && (Octets.u16(f.info(), 6) & 0x2000) != 0);
        assertThat(first.info().length).isLessThanOrEqualTo(1000);
        subscriber.call.expect("last fragment",
                f -> f.protocol() == 0x21 && (Octets.u16(f.info(), 6) & 0x3fff) > 0
                        && (Octets.u16(f.info(), 6) & 0x2000) == 0);
    }

    @Test
    void mssIsClampedToTheLink() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1400), subscriber.magicOption());
        subscriber.pap(USER, PASSWORD);
        subscriber.ipcp();
        site.awaitShown(subscriber.call, "state", "open");
        java.nio.file.Path seen = site.site().folder("sniffer").resolve("syn.txt");
        Process sniffer = site.site().net().start(seen, "python3", "-u", "-c", """
                import socket
                s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
                print("ready")
                while True:
                    p = s.recv(2000)
                    if p[9] == 6:
                        print(p.hex())
                """);
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> Commands.text(seen).contains("ready"));
        subscriber.ipv4(Packets.syn(subscriber.address(), 5100, Site.INTERNET, 81, 1460));
        subscriber.call.expect("TCP reset, so the checksum is right",
                f -> f.protocol() == 0x21 && f.info().length >= 40 && f.info()[9] == 6);
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> Commands.text(seen).contains("02040550")); // 1360
        Commands.end(sniffer);
    }

    @Test
    void mssOfTheNetworkIsClampedToo() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1200), subscriber.magicOption());
        subscriber.pap(USER, PASSWORD);
        String address = subscriber.ipcp();
        site.awaitShown(subscriber.call, "state", "open");
        Process caller = site.site().net().start(site.site().folder("capture").resolve("caller.log"), "python3", "-c",
                "import socket; socket.create_connection(('" + address + "', 80), 4)");
        Frame syn = subscriber.call.expect("SYN",
                f -> f.protocol() == 0x21 && f.info().length >= 44 && f.info()[9] == 6);
        Commands.end(caller);
        assertThat(Octets.hex(syn.info())).contains("02040488"); // 1160
    }

    // RFC 8201: the same for IPv6, from an address of this host
    @Test
    void smallMruIsToldToIpv6SendersToo() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1300), subscriber.magicOption());
        subscriber.pap(USER, PASSWORD);
        subscriber.ipv6cp("0000000000000077");
        site.awaitShown(subscriber.call, "state", "open");
        String prefix = site.show(subscriber.call).get("ipv6-prefix").toString();
        assertThat(
                site.site().net().run("ping", "-6", "-n", "-M", "do", "-c", "2", "-i", "0.3", "-W", "1", "-s", "1400",
                        prefix.replace("::/64", "::77")).output())
                .containsAnyOf("mtu=1300", "mtu = 1300");
    }

    // RFC 2661 section 5.4: with AVP 39 both ends number their data
    @Test
    void requiredSequenceNumbersAreSentAndTaken() {
        ScriptSubscriber subscriber = site.subscriber(avp(39, new byte[0]));
        subscriber.call.number(0);
        Frame first = subscriber.call.expect(LCP, REQUEST);
        assertThat(first.ns()).isZero();
        subscriber.request(LCP, subscriber.magicOption());
        subscriber.answerLnsLcp();
        subscriber.pap(USER, PASSWORD);
        subscriber.ipcp();
        exchange(subscriber, 5300);
        subscriber.call.number(2); // long ago: discarded
        subscriber.ipv4(Packets.udp(subscriber.address(), 5301, Site.INTERNET, 7000, Octets.of("late")));
        subscriber.call.number(1000); // a gap: the lost ones are not waited for
        exchange(subscriber, 5302);
        assertThat(site.show(subscriber.call).get("packets-in")).isEqualTo(2L);
    }

    @Test
    void sequenceNumbersAreNotSentUnlessRequired() {
        assertThat(site.subscriber().call.expect(LCP, REQUEST).ns()).isEqualTo(-1);
    }

    @Test
    void sequenceNumbersThatNobodyRequiredAreTaken() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.call.number(17);
        subscriber.open(USER, PASSWORD);
        exchange(subscriber, 5310);
    }

    @Test
    void compressedHeadersAreUsedWhereThePeerAllows() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp(mru(1500), subscriber.magicOption(), option(7), option(8));
        subscriber.pap(USER, PASSWORD);
        site.awaitRoute(subscriber.ipcp());
        subscriber.ipv4(Packets.ping(subscriber.address(), "100.64.0.1", 64, 1, new byte[32]));
        Frame reply = subscriber.expectIcmp(0);
        assertThat(reply.addressControl()).isFalse();
        ScriptSubscriber plain = open(USER);
        plain.ipv4(Packets.ping(plain.address(), "100.64.0.1", 64, 1, new byte[32]));
        Frame full = plain.expectIcmp(0);
        assertThat(full.addressControl()).isTrue();
        assertThat(full.protocolBytes()).isEqualTo(2);
    }

    // RFC 1661 section 6.1: 1500 octets are taken, whatever was agreed
    @Test
    void fullSizePacketsAreTakenWhateverMruWasAgreed() {
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.call.packet(LCP, NAK, subscriber.call.expect(LCP, REQUEST).id(), (Object) mru(1000));
        subscriber.open(USER, PASSWORD);
        assertThat(subscriber.lnsOption(1)).contains(u16(1000));
        String text = "x".repeat(1472);
        subscriber.ipv4(Packets.udp(subscriber.address(), 5410, Site.INTERNET, 7000, Octets.of(text)));
        receive(text);
    }

    @Test
    void brokenPacketsAreDropped() {
        ScriptSubscriber subscriber = open(USER);
        for (String broken : new String[]{"45", "4500", "450000ff000040004011", "6500001c00000000", "4400001c00000000",
                ""}) {
            subscriber.ipv4(hex(broken));
        }
        exchange(subscriber, 5400);
    }

    // RFC 2661 section 6.14, RFC 3145: the LAC says why
    @Test
    void causeOfTheLacIsRecorded() {
        ScriptSubscriber subscriber = open(USER);
        String id = String.valueOf(site.show(subscriber.call).get("id"));
        subscriber.call.hangUp(avp(46, Octets.of(u16(5), u16(LCP), 1, "line is broken")));
        Awaitility.await().atMost(40, TimeUnit.SECONDS)
                .until(() -> site.lnsd().sessions().stream().noneMatch(s -> id.equals(s.get("id"))));
        assertThat(site.lnsd().log()).contains("session-down session=" + id);
        assertThat(site.lnsd().log().lines().filter(l -> l.contains("session-down session=" + id)).findFirst()
                .orElseThrow())
                .contains("line is broken");
    }

    @Test
    void secondSessionOfAUserWithAFixedAddressIsRefused() {
        ScriptSubscriber first = open(ROUTED);
        ScriptSubscriber second = site.subscriber();
        second.lcp();
        second.call.packet(ScriptSubscriber.PAP, 1, 5, second.papRequest(ROUTED, PASSWORD));
        second.call.expect(ScriptSubscriber.PAP, 3, 5);
        second.call.packet(LCP, 6, second.call.expect(LCP, 5).id());
        ScriptCall.Disconnect end = second.call.awaitDisconnect();
        assertThat(end.text()).contains("203.0.113.8");
        exchange(first, "203.0.113.8", 5500);
        first.terminate();
        first.call.awaitDisconnect();
        ScriptSubscriber third = open(ROUTED);
        exchange(third, "203.0.113.8", 5501);
        third.terminate();
        third.call.awaitDisconnect();
    }
}

package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lnsd.system.lac.RawSocket;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.NamespaceSocket;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.Packets;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** Rates of a running daemon, judged by what they let pass of a flood: every packet is delivered or counted as dropped. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberRatesTest {
    private static final int PACKETS = 300;
    private static final int IPV4 = 0x21;
    private static final String SLOW = "slow@example.net";
    private static final String PLAIN = "plain@example.net";
    private static final String MAIN = "main@example.net";
    private static final String SPARE = "spare@example.net";
    private static final String NETWORK = "203.0.113.64/28";

    private SubscriberSite site;

    @BeforeAll
    void start() { site = new SubscriberSite(new AtomicInteger(), "subscriber-rates",
            configuration("")); }

    @AfterAll
    void stop() { site.close(); }

    private static String configuration(String peer) {
        return SubscriberSite.configuration("authentication = [\"pap\"]",
                SubscriberSite.user(SLOW, "rate-up = \"64kbit/s\"\nrate-down = \"64kbit/s\"")
                        + SubscriberSite.user(PLAIN, "") + SubscriberSite.user(MAIN, "routes = [\"" + NETWORK + "\"]")
                        + SubscriberSite.user(SPARE, "routes = [\"" + NETWORK + "\"]") + """
                                [[filter]]
                                name = "parked"
                                rules = ["permit udp any any eq 53"]
                                [[garden]]
                                name = "unpaid"
                                filter-in = "parked"
                                dns = ["%s"]
                                """.formatted(Site.INTERNET))
                .replace("name = \"script\"", "name = \"script\"\n" + peer);
    }

    private ScriptSubscriber open(String user) {
        ScriptSubscriber subscriber = site.subscriber().open(user, SubscriberSite.PASSWORD);
        site.awaitShown(subscriber.call, "state", "open");
        site.awaitRoute(subscriber.address());
        return subscriber;
    }

    private void set(ScriptSubscriber subscriber, String property, String value) {
        Commands.Result result = site.lnsd().control("set", "session", subscriber.address(), property, value);
        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    private long number(ScriptSubscriber subscriber, String key) { return (Long) site.show(subscriber.call).get(key); }

    /** Sends the flood; returns how many packets passed, once all are accounted for. */
    private long flood(ScriptSubscriber subscriber, boolean up) {
        String way = up ? "in" : "out";
        long passed = number(subscriber, "packets-" + way);
        long dropped = number(subscriber, "dropped-" + way);
        try (RawSocket socket = new RawSocket(site.site().lns().name(), Site.LNS, 0)) {
            for (int i = 0; i < PACKETS; i++) {
                if (up) {
                    subscriber.ipv4(Packets.udp(subscriber.address(), 5000, "198.51.100.2", 9, new byte[972]));
                } else {
                    socket.send(new byte[972], new InetSocketAddress(subscriber.address(), 9));
                }
            }
        }
        Awaitility.await().atMost(60, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(number(subscriber, "packets-" + way) - passed
                        + number(subscriber, "dropped-" + way) - dropped).isEqualTo(PACKETS));
        return number(subscriber, "packets-" + way) - passed;
    }

    @Test
    void aLineFromTheSubscriberIsPoliced() {
        ScriptSubscriber subscriber = open(SLOW);
        assertThat(number(subscriber, "rate-up-bps")).isEqualTo(64_000);
        assertThat(flood(subscriber, true)).isBetween(2L, PACKETS / 2L);
        set(subscriber, "rate-up", "none");
        assertThat(flood(subscriber, true)).isEqualTo(PACKETS);
        set(subscriber, "rate-up", "64kbit/s");
        assertThat(flood(subscriber, true)).isBetween(2L, PACKETS / 2L);
        subscriber.terminate();
    }

    @Test
    void aLineToTheSubscriberIsShaped() {
        ScriptSubscriber subscriber = open(SLOW);
        assertThat(number(subscriber, "rate-down-bps")).isEqualTo(64_000);
        assertThat(flood(subscriber, false)).isBetween(2L, PACKETS / 2L);
        set(subscriber, "rate-down", "none");
        assertThat(flood(subscriber, false)).isEqualTo(PACKETS);
        subscriber.terminate();
    }

    @Test
    void aFloodOfAShapedLineCostsOthersNothing() {
        ScriptSubscriber flooded = open(SLOW);
        ScriptSubscriber other = open(PLAIN);
        long passed = number(other, "packets-out");
        int flood = 1000;
        try (RawSocket socket = new RawSocket(site.site().lns().name(), Site.LNS, 0)) {
            for (int i = 0; i < flood; i++) {
                socket.send(new byte[972], new InetSocketAddress(flooded.address(), 9));
                if (i % 10 == 0) {
                    socket.send(new byte[972], new InetSocketAddress(other.address(), 9));
                }
            }
        }
        site.awaitShown(other.call, "packets-out", passed + flood / 10);
        Awaitility.await().atMost(60, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> number(flooded, "packets-out") + number(flooded, "dropped-out") == flood);
        assertThat(number(flooded, "dropped-out")).isGreaterThan(flood / 2);
        assertThat(number(other, "dropped-out")).isZero();
        flooded.terminate();
        other.terminate();
    }

    @Test
    void linesOfOneCarrierShareItsRateFromAReloadOn() {
        ScriptSubscriber subscriber = open(PLAIN);
        site.reconfigure(configuration("rate-down = \"64kbit/s\"\nrate-up = \"64kbit/s\""));
        assertThat(flood(subscriber, false)).isBetween(2L, PACKETS / 2L);
        assertThat(flood(subscriber, true)).isBetween(2L, PACKETS / 2L);
        site.reconfigure(configuration(""));
        assertThat(flood(subscriber, false)).isEqualTo(PACKETS);
        assertThat(flood(subscriber, true)).isEqualTo(PACKETS);
        subscriber.terminate();
    }

    @Test
    void aGardenIsEnteredAndLeftLive() {
        ScriptSubscriber subscriber = open(PLAIN);
        set(subscriber, "garden", "unpaid");
        assertThat(site.show(subscriber.call).get("garden")).isEqualTo("unpaid");
        assertThat(flood(subscriber, true)).as("port 9 is not for the garden").isZero();
        set(subscriber, "garden", "off");
        assertThat(flood(subscriber, true)).isEqualTo(PACKETS);
        subscriber.terminate();
    }

    @Test
    void absurdLimitsAreRefusedInOneSentence() {
        ScriptSubscriber subscriber = open(PLAIN);
        Map.of("rate-down", "0bit/s", "rate-up", "11Gbit/s", "packets-per-second", "0", "volume-limit", "0MB", "garden",
                "nothing", "rate-sideways", "1Mbit/s").forEach((property, value) -> {
                    Commands.Result result = site.lnsd().control("set", "session", subscriber.address(), property,
                            value);
                    assertThat(result.succeeded()).as("%s %s", property, value).isFalse();
                    assertThat(result.output().lines()).as(result.output()).hasSize(1);
                });
        assertThat(flood(subscriber, true)).isEqualTo(PACKETS);
        set(subscriber, "volume-limit", "1MB"); // 300 KB are used
        assertThat(flood(subscriber, true)).isEqualTo(PACKETS);
        subscriber.terminate();
    }

    // RFC 1877: a line keeps the name servers that it was told, so others answer in their place
    @Test
    void theGardensNameServerAnswersForTheOneThatIsAsked() throws IOException {
        ScriptSubscriber subscriber = open(PLAIN);
        try (DatagramChannel server = NamespaceSocket.open(site.site().net().name(), Site.INTERNET, 53)) {
            server.socket().setSoTimeout(30_000);
            set(subscriber, "garden", "unpaid");
            subscriber.ipv4(Packets.udp(subscriber.address(), 5353, "9.9.9.9", 53, Octets.of("who is there?")));
            DatagramPacket query = new DatagramPacket(new byte[100], 100);
            server.socket().receive(query);
            assertThat(query.getLength()).isEqualTo(13);
            byte[] told = Octets.of("the landing page");
            server.send(ByteBuffer.wrap(told), query.getSocketAddress());
            byte[] answer = subscriber.expectUdp(5353).info();
            assertThat(Arrays.copyOfRange(answer, 12, 16)).as("comes from").isEqualTo(Octets.ipv4("9.9.9.9"));
            assertThat(Packets.checksum(Arrays.copyOf(answer, 20))).isZero();
            assertThat(Packets.checksum(Octets.of(Arrays.copyOfRange(answer, 12, 20), 0, 17,
                    Octets.u16(answer.length - 20), Arrays.copyOfRange(answer, 20, answer.length)))).isZero();
            assertThat(Arrays.copyOfRange(answer, 28, answer.length)).isEqualTo(told);
        }
        set(subscriber, "garden", "off");
        subscriber.terminate();
    }

    private static boolean isIcmp(Frame frame, int type, int code) {
        byte[] packet = frame.info();
        return frame.protocol() == IPV4 && packet.length > 28 && packet[9] == 1 && packet[20] == type
                && packet[21] == code;
    }

    // RFC 1812 section 5.2.7.1
    @Test
    void aSuspendedLineStaysUpAndPassesNothing() {
        ScriptSubscriber subscriber = open(PLAIN);
        assertThat(site.lnsd().control("suspend", "session", PLAIN).succeeded()).isTrue();
        assertThat(flood(subscriber, true)).isZero();
        Frame told = subscriber.call.expect("ICMP administratively prohibited", frame -> isIcmp(frame, 3, 13));
        assertThat(told.info()).as("quotes what was sent").hasSizeGreaterThan(28 + 28);
        assertThat(flood(subscriber, false)).isZero();
        assertThat(site.lnsd().control("resume", "session", PLAIN).succeeded()).isTrue();
        assertThat(flood(subscriber, true)).isEqualTo(PACKETS);
        set(subscriber, "packets-per-second", "10");
        assertThat(flood(subscriber, true)).isBetween(2L, PACKETS / 2L);
        subscriber.terminate();
    }

    // RFC 792, RFC 4443 section 3.1
    @Test
    void theSenderIsToldThatAnAddressHasNoSession() {
        site.reconfigure(configuration("") + "[tun]\nroutes = \"pool\"\n");
        site.awaitRoute("100.64.0.200");
        NetNamespace lns = site.site().lns();
        assertThat(lns.run("ping", "-c", "3", "-W", "10", "100.64.0.200").output()).containsIgnoringCase("unreachable");
        assertThat(lns.run("ping", "-6", "-c", "3", "-W", "10", "2001:db8:100:9::1").output())
                .containsIgnoringCase("unreachable");
        site.reconfigure(configuration(""));
    }

    // BCP 38: whoever has the route may send from it, also while another line has the packets to it
    @Test
    void bothLinesOfARouteMaySendFromIt() {
        ScriptSubscriber older = open(MAIN);
        ScriptSubscriber newer = open(SPARE);
        for (ScriptSubscriber line : new ScriptSubscriber[]{older, newer}) {
            long before = number(line, "packets-in");
            line.ipv4(Packets.udp("203.0.113.70", 5000, "198.51.100.2", 9, new byte[10]));
            Awaitility.await().atMost(40, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> number(line, "packets-in") == before + 1);
        }
        older.terminate();
        newer.terminate();
    }

    @Test
    void aRouteOfSomebodyElseIsLeftAlone() {
        NetNamespace lns = site.site().lns();
        Awaitility.await().atMost(40, TimeUnit.SECONDS)
                .until(() -> lns.run("ip", "route", "show", NETWORK).output().isBlank());
        lns.must("ip", "route", "add", "blackhole", NETWORK);
        ScriptSubscriber subscriber = open(MAIN);
        Awaitility.await().atMost(40, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> site.lnsd().log().contains("route-refused"));
        subscriber.terminate();
        subscriber.call.awaitDisconnect();
        assertThat(lns.run("ip", "route", "show", NETWORK).output()).contains("blackhole");
        lns.must("ip", "route", "delete", "blackhole", NETWORK);
    }

    @Test
    void aQuickRateLetsAllPass() {
        ScriptSubscriber subscriber = open(PLAIN);
        set(subscriber, "rate-down", "1Gbit/s");
        assertThat(flood(subscriber, false)).isEqualTo(PACKETS);
        subscriber.terminate();
    }
}

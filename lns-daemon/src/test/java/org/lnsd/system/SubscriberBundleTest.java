package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.hex;
import static org.lnsd.system.subscriber.Octets.u16;
import static org.lnsd.system.subscriber.Octets.u32;
import static org.lnsd.system.subscriber.ScriptSubscriber.ACK;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.LCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.REQUEST;
import static org.lnsd.system.subscriber.ScriptSubscriber.mru;
import static org.lnsd.system.subscriber.ScriptSubscriber.option;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.NamespaceSocket;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.Packets;
import org.lnsd.system.subscriber.ScriptSubscriber;
import org.lnsd.system.subscriber.ScriptTunnel;

/** Multilink (RFC 1990): calls of one subscriber, over two tunnels, as one bundle; fragments by hand. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberBundleTest {
    private static final String USER = "alice@example.net";
    private static final int MULTILINK = 0x3d;
    private static final int SHORT_SEQUENCE_NUMBERS = 18;
    private static final byte[] MRRU = option(17, u16(1500));

    private SubscriberSite site;
    private ScriptTunnel secondTunnel;
    private DatagramChannel net;

    @BeforeAll
    void start() throws IOException {
        site = new SubscriberSite(new AtomicInteger(), "subscriber-bundle", SubscriberSite.configuration(
                "authentication = [\"pap\"]\nmultilink = true\nmultilink-short-sequence-numbers = true",
                SubscriberSite.user(USER, "") + """
                        [[filter]]
                        name = "no-7001"
                        rules = ["deny udp any any eq 7001", "deny udp any eq 7000 any eq 5001", "permit any"]
                        """));
        secondTunnel = site.site().closing(new ScriptTunnel(site.lacNamespace(), Site.LAC, 40002,
                new InetSocketAddress(Site.LNS, 1701), "script"));
        net = NamespaceSocket.open(site.site().net().name(), Site.INTERNET, 7000);
        net.socket().setSoTimeout(8000);
    }

    @AfterAll
    void stop() throws IOException {
        net.close();
        site.close();
    }

    private static ScriptSubscriber link(ScriptTunnel tunnel, int discriminator, byte[]... more) {
        return link(new ScriptSubscriber(tunnel.call()).rejects(SHORT_SEQUENCE_NUMBERS), discriminator, more);
    }

    private static ScriptSubscriber link(ScriptSubscriber subscriber, int discriminator, byte[]... more) {
        byte[][] options = Arrays.copyOf(new byte[][]{mru(1500), subscriber.magicOption(), MRRU,
                option(19, 3, 0, 1, 2, 3, 4, discriminator)}, 4 + more.length);
        System.arraycopy(more, 0, options, 4, more.length);
        subscriber.lcp(options);
        subscriber.pap(USER, SubscriberSite.PASSWORD);
        return subscriber;
    }

    private static void fragment(ScriptSubscriber link, boolean begin, boolean end, int sequence, byte[] data) {
        long header = (begin ? 0x8000_0000L : 0) | (end ? 0x4000_0000L : 0) | sequence;
        link.call.send(MULTILINK, Octets.of(u32(header), data));
    }

    @Test
    void packetsAreCutAndPutTogetherOverTwoTunnels() throws IOException {
        ScriptSubscriber one = link(site.tunnel(), 1);
        assertThat(one.lnsOption(17)).as("the LNS offers an MRRU").isPresent();
        String address = one.ipcp();
        ScriptSubscriber two = link(secondTunnel, 1);
        site.awaitShown(two.call, "state", "open");
        site.awaitShown(one.call, "state", "open");
        two.call.silence("IPCP of its own", 300, f -> f.protocol() == IPCP);

        Random random = new Random(5);
        int sequence = 0;
        int octetsOfOne = 0;
        int octets = 0;
        for (int round = 0; round < 20; round++) {
            byte[] payload = new byte[200 + random.nextInt(1200)];
            random.nextBytes(payload);
            byte[] packet = Octets.of(0, 0x21, Packets.udp(address, 5000, Site.INTERNET, 7000, payload));
            int cut = 1 + random.nextInt(packet.length - 1);
            if (round % 2 == 0) { // the second half overtakes the first
                fragment(two, false, true, sequence + 1, Arrays.copyOfRange(packet, cut, packet.length));
                fragment(one, true, false, sequence, Arrays.copyOf(packet, cut));
            } else {
                fragment(one, true, false, sequence, Arrays.copyOf(packet, cut));
                fragment(two, false, true, sequence + 1, Arrays.copyOfRange(packet, cut, packet.length));
            }
            sequence += 2;
            octetsOfOne += Math.max(0, cut - 2);
            octets += packet.length - 2;
            ByteBuffer arrived = receive();
            assertThat(Arrays.copyOf(arrived.array(), arrived.position())).as("round " + round).isEqualTo(payload);
        }
        site.awaitShown(one.call, "octets-in", (long) octetsOfOne); // each link counts what it has carried
        site.awaitShown(two.call, "octets-in", (long) (octets - octetsOfOne));
        two.ipv4(Packets.udp(address, 5000, Site.INTERNET, 7000, Octets.of("plain"))); // without a multilink header
        assertThat(receive().position()).isEqualTo(5);
        site.awaitRoute(address);
        byte[] answer = new byte[1400];
        random.nextBytes(answer);
        net.send(ByteBuffer.wrap(answer), new InetSocketAddress(address, 5000));
        Frame first = one.call.expect("fragment", f -> f.protocol() == MULTILINK);
        Frame second = two.call.expect("fragment", f -> f.protocol() == MULTILINK);
        Frame begin = (first.info()[0] & 0x80) != 0 ? first : second;
        Frame end = begin == first ? second : first;
        assertThat(end.info()[0] & 0xc0).isEqualTo(0x40);
        assertThat(Octets.u32(end.info(), 0) & 0xff_ffff).isEqualTo((Octets.u32(begin.info(), 0) & 0xff_ffff) + 1);
        byte[] whole = Octets.of(Arrays.copyOfRange(begin.info(), 4, begin.info().length),
                Arrays.copyOfRange(end.info(), 4, end.info().length));
        assertThat(Arrays.copyOf(whole, 2)).isEqualTo(u16(0x21));
        assertThat(Arrays.copyOfRange(whole, 30, whole.length)).isEqualTo(answer);

        two.terminate();
        two.call.awaitDisconnect();
        net.send(ByteBuffer.wrap(answer), new InetSocketAddress(address, 5000));
        one.call.expect("fragment on the link that is left", f -> f.protocol() == MULTILINK);
        one.terminate();
        one.call.awaitDisconnect();
    }

    // RFC 1990 section 1: filters see the packet, whatever it was cut into
    @Test
    void aFilterJudgesWhatTheLinksCarryTogether() throws IOException {
        ScriptSubscriber one = link(site.tunnel(), 6);
        String address = one.ipcp();
        ScriptSubscriber two = link(secondTunnel, 6);
        site.awaitShown(two.call, "state", "open");
        site.awaitRoute(address);
        assertThat(site.lnsd().control("set", "session", address, "filter-in", "no-7001").succeeded()).isTrue();
        assertThat(site.lnsd().control("set", "session", address, "filter-out", "no-7001").succeeded()).isTrue();
        int sequence = 0;
        for (int port : new int[]{7001, 7000}) {
            byte[] packet = Octets.of(0, 0x21,
                    Packets.udp(address, 5000, Site.INTERNET, port, Octets.of("port " + port)));
            // the port stands in the second fragment
            fragment(one, true, false, sequence++, Arrays.copyOf(packet, 23));
            fragment(two, false, true, sequence++, Arrays.copyOfRange(packet, 23, packet.length));
        }
        ByteBuffer arrived = receive();
        assertThat(Arrays.copyOf(arrived.array(), arrived.position())).isEqualTo(Octets.of("port 7000"));
        site.awaitShown(one.call, "dropped-in", 1L);
        net.send(ByteBuffer.wrap(new byte[100]), new InetSocketAddress(address, 5001));
        net.send(ByteBuffer.wrap(new byte[100]), new InetSocketAddress(address, 5000));
        site.awaitShown(one.call, "dropped-out", 1L);
        two.terminate();
        two.call.awaitDisconnect();
        one.terminate();
        one.call.awaitDisconnect();
    }

    private ByteBuffer receive() throws IOException {
        byte[] buffer = new byte[2000];
        var packet = new java.net.DatagramPacket(buffer, buffer.length);
        net.socket().receive(packet);
        return ByteBuffer.wrap(buffer).position(packet.getLength());
    }

    // Linux sends network protocols through the bundle even while it has one link
    // RFC 1990 section 5.1.2: who asks for the option wants to receive 12 bit numbers
    @Test
    void shortSequenceNumbersAreSentToWhoWantsThem() throws IOException {
        ScriptSubscriber one = link(site.tunnel(), 9, option(18));
        String address = one.ipcp();
        site.awaitShown(one.call, "state", "open");
        site.awaitRoute(address);
        for (int sequence = 0; sequence < 2; sequence++) {
            net.send(ByteBuffer.wrap(new byte[100]), new InetSocketAddress(address, 5000));
            Frame frame = one.call.expect("fragment", f -> f.protocol() == MULTILINK);
            assertThat(Octets.u16(frame.info(), 0)).isEqualTo(0xc000 | sequence);
            assertThat(Octets.u16(frame.info(), 2)).isEqualTo(0x0021);
            assertThat(frame.info()).hasSize(2 + 2 + 28 + 100);
        }
        one.call.hangUp();
    }

    // RFC 1990 section 5.1.2, from the other side: we ask for them, and put together what comes with them
    @Test
    void shortSequenceNumbersAreAskedForAndRead() throws IOException {
        ScriptSubscriber one = link(new ScriptSubscriber(site.tunnel().call()), 10);
        assertThat(one.lnsOption(SHORT_SEQUENCE_NUMBERS)).isPresent();
        String address = one.ipcp();
        site.awaitShown(one.call, "state", "open");
        byte[] packet = Octets.of(0, 0x21,
                Packets.udp(address, 5004, Site.INTERNET, 7000, Octets.of("in two parts")));
        one.call.send(MULTILINK, Octets.of(u16(0x8000), Arrays.copyOf(packet, 9)));
        one.call.send(MULTILINK, Octets.of(u16(0x4001), Arrays.copyOfRange(packet, 9, packet.length)));
        assertThat(receive().position()).isEqualTo("in two parts".length());
        one.terminate();
        one.call.awaitDisconnect();
    }

    @Test
    void networkProtocolsComeThroughTheBundle() throws IOException {
        ScriptSubscriber one = link(site.tunnel(), 2);
        Frame wish = one.call.expect(IPCP, REQUEST);
        fragment(one, true, true, 0, Octets.of(u16(IPCP), ACK, wish.id(), u16(4 + wish.body().length), wish.body()));
        fragment(one, true, true, 1, Octets.of(u16(IPCP), REQUEST, 1, u16(10), option(3, u32(0))));
        byte[] given = one.call.expect(IPCP, 3, 1).option(3);
        fragment(one, true, true, 2, Octets.of(u16(IPCP), REQUEST, 2, u16(10), option(3, given)));
        one.call.expect(IPCP, ACK, 2);
        site.awaitShown(one.call, "state", "open");
        one.ipv4(Packets.udp(Octets.ipv4(given, 0), 5001, Site.INTERNET, 7000, Octets.of("plain")));
        assertThat(receive().position()).isEqualTo(5);
        one.terminate();
        one.call.awaitDisconnect();
    }

    // RFC 1990 section 4: the bundle and its network protocols live as long as one of its links
    @Test
    void theLineGoesOnWhenItsFirstLinkEnds() throws IOException {
        ScriptSubscriber one = link(site.tunnel(), 3);
        String address = one.ipcp();
        ScriptSubscriber two = link(secondTunnel, 3);
        site.awaitShown(two.call, "state", "open");
        site.awaitRoute(address);
        fragment(one, true, true, 0, upward(address, "over the first"));
        assertThat(receive().position()).isEqualTo("over the first".length());
        one.terminate();
        fragment(two, true, true, 1, upward(address, "at once"));
        assertThat(receive().position()).isEqualTo("at once".length());
        one.call.awaitDisconnect();
        site.awaitShown(two.call, "ipv4", address);
        two.ipv4(Packets.udp(address, 5000, Site.INTERNET, 7000, Octets.of("plain")));
        assertThat(receive().position()).isEqualTo(5);
        net.send(ByteBuffer.wrap(new byte[600]), new InetSocketAddress(address, 5000));
        Frame down = two.call.expect("fragment on the link that is left", f -> f.protocol() == MULTILINK);
        assertThat(down.info()).hasSize(4 + 2 + 28 + 600);
        two.call.packet(IPCP, REQUEST, 77, option(3, Octets.ipv4(address)));
        assertThat(two.call.expect(IPCP, ACK, 77).option(3)).isEqualTo(Octets.ipv4(address));
        Frame wish = two.call.expect(IPCP, REQUEST);
        two.call.packet(IPCP, ACK, wish.id(), wish.body());
        site.awaitShown(two.call, "state", "open");
        assertThat(site.lnsd().control("clear", "session", address).succeeded()).isTrue();
        two.call.packet(LCP, 6, two.call.expect(LCP, 5).id());
        two.call.awaitDisconnect();
    }

    private static byte[] upward(String address, String text) {
        return Octets.of(0, 0x21, Packets.udp(address, 5000, Site.INTERNET, 7000, Octets.of(text)));
    }

    @Test
    void garbageInFragmentsDoesNoHarm() throws IOException {
        ScriptSubscriber one = link(site.tunnel(), 4);
        String address = one.ipcp();
        site.awaitShown(one.call, "state", "open");
        for (String garbage : new String[]{"", "80", "c0000000", "c0000001003d", "c0000002003dc0000000", "c00000030021",
                "c000000400214500", "c0000005c021", "c0000006c02109010004", "00000007", "40ffffff11"}) {
            one.call.send(MULTILINK, hex(garbage));
        }
        one.call.packet(LCP, 9, 70, u32(0x11223344L));
        one.call.expect(LCP, 10, 70);
        one.ipv4(Packets.udp(address, 5002, Site.INTERNET, 7000, Octets.of("still here")));
        assertThat(receive().position()).isEqualTo("still here".length());
        one.terminate();
        one.call.awaitDisconnect();
    }

    @Test
    void subscriberWithoutMultilinkIsServedAsBefore() throws IOException {
        ScriptSubscriber plain = site.subscriber();
        Frame wish = plain.call.expect(LCP, REQUEST);
        plain.call.packet(LCP, 4, wish.id(), option(17, wish.option(17)), option(19, wish.option(19)));
        plain.open(USER, SubscriberSite.PASSWORD);
        plain.ipv4(Packets.udp(plain.address(), 5003, Site.INTERNET, 7000, Octets.of("plain")));
        assertThat(receive().position()).isEqualTo(5);
        plain.call.packet(MULTILINK, 1, 1);
        assertThat(plain.call.expect(LCP, 8).body()).startsWith((byte) 0, (byte) 0x3d);
        plain.terminate();
        plain.call.awaitDisconnect();
    }
}

package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.Packets;
import org.lnsd.tun.Memory;

/** Queries and answers on their way, as octets: addresses and checksums. */
class DnsDetourTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final String HOME = "100.64.0.7";
    private static final String FIRST = "9.9.9.9";
    private static final String SECOND = "149.112.112.112";
    private static final String OTHER = "8.8.8.8";
    private static final String PARKED = "192.0.2.53";
    private static final String PARKED_TOO = "192.0.2.54";

    private final long memory = Memory.map(2048);
    private final DnsDetour garden = detour(List.of(FIRST, SECOND), List.of(PARKED, PARKED_TOO), true);

    @AfterEach
    void free() { Memory.unmap(memory); }

    private static DnsDetour detour(List<String> told, List<String> servers, boolean any) {
        return new DnsDetour(new DnsRedirect(addresses(told), addresses(servers), any));
    }

    private static List<Inet4Address> addresses(List<String> literals) {
        return literals.stream().flatMap(literal -> Stream.of(IpAddresses.parseIpv4(literal).orElseThrow())).toList();
    }

    private static byte[] packet(int protocol, String source, int sourcePort, String destination, int port) {
        byte[] data = Octets.of("a question");
        byte[] transport = protocol == UDP
                ? Octets.of(Octets.u16(sourcePort), Octets.u16(port), Octets.u16(8 + data.length), Octets.u16(0), data)
                : Octets.of(Octets.u16(sourcePort), Octets.u16(port), Octets.u32(1), Octets.u32(2), 0x50, 0x18,
                        Octets.u16(64000), Octets.u16(0), Octets.u16(0), data);
        int sum = checksum(protocol, source, destination, transport);
        int field = protocol == UDP ? 6 : 16;
        transport[field] = (byte) (sum >> 8);
        transport[field + 1] = (byte) sum;
        return Packets.ipv4(protocol, source, destination, 64, transport);
    }

    private static int checksum(int protocol, String source, String destination, byte[] transport) {
        int sum = Packets.checksum(Octets.of(Octets.ipv4(source), Octets.ipv4(destination), 0, protocol,
                Octets.u16(transport.length), transport));
        return sum == 0 && protocol == UDP ? 0xFFFF : sum;
    }

    private byte[] query(DnsDetour detour, byte[] packet) {
        Memory.fromArray(packet, 0, memory, packet.length);
        detour.query(memory, packet.length);
        return Memory.toArray(memory, packet.length);
    }

    private byte[] answer(DnsDetour detour, byte[] packet) {
        Memory.fromArray(packet, 0, memory, packet.length);
        detour.answer(memory, packet.length);
        return Memory.toArray(memory, packet.length);
    }

    // RFC 1624: the packet is the one that would have been made for the other address, checksums included
    @ParameterizedTest
    @ValueSource(ints = {TCP, UDP})
    void theAnswerComesFromTheServerThatWasAsked(int protocol) {
        for (String server : List.of(FIRST, SECOND, OTHER)) {
            String instead = server.equals(SECOND) ? PARKED_TOO : PARKED;
            assertThat(query(garden, packet(protocol, HOME, 4000, server, 53)))
                    .isEqualTo(packet(protocol, HOME, 4000, instead, 53));
            assertThat(answer(garden, packet(protocol, instead, 53, HOME, 4000)))
                    .isEqualTo(packet(protocol, server, 53, HOME, 4000));
        }
    }

    @Test
    void checksumsAreRightForAllAddresses() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String server = IpAddresses.format(IpAddresses.ofInt(random.nextInt() | 1));
            int port = 1024 + random.nextInt(60_000);
            assertThat(query(garden, packet(UDP, HOME, port, server, 53))).as("seed %d", seed)
                    .isEqualTo(packet(UDP, HOME, port, PARKED, 53));
            assertThat(answer(garden, packet(UDP, PARKED, 53, HOME, port))).as("seed %d", seed)
                    .isEqualTo(packet(UDP, server, 53, HOME, port));
        }
    }

    @Test
    void aChecksumThatIsWrongStaysWrongAndOneThatIsMissingMissing() {
        byte[] wrong = packet(UDP, HOME, 4000, OTHER, 53);
        wrong[30] ^= 1;
        byte[] there = packet(UDP, HOME, 4000, PARKED, 53);
        there[30] ^= 1;
        assertThat(query(garden, wrong)).isEqualTo(there);
        byte[] none = packet(UDP, HOME, 4000, OTHER, 53);
        none[26] = 0;
        none[27] = 0;
        assertThat(Arrays.copyOfRange(query(garden, none), 26, 28)).containsOnly(0);
    }

    @Test
    void whatIsNoQueryGoesItsWay() {
        for (byte[] packet : List.of(packet(UDP, HOME, 53, OTHER, 5000), packet(TCP, HOME, 4000, OTHER, 443),
                packet(UDP, HOME, 4000, PARKED, 53), Packets.ping(HOME, OTHER, 64, 1, new byte[8]),
                Arrays.copyOf(packet(UDP, HOME, 4000, OTHER, 53), 27), new byte[]{0x60, 0, 0, 0})) {
            assertThat(query(garden, packet)).isEqualTo(packet);
        }
        for (byte[] packet : List.of(packet(UDP, PARKED, 53, HOME, 4001), packet(UDP, OTHER, 53, HOME, 4000),
                packet(TCP, PARKED, 53, HOME, 4000), packet(UDP, PARKED, 80, HOME, 4000), new byte[]{0x45, 0})) {
            assertThat(answer(garden, packet)).isEqualTo(packet);
        }
    }

    @Test
    void aPortThatAsksAnotherServerIsAnsweredByThatOne() {
        query(garden, packet(UDP, HOME, 4000, OTHER, 53));
        query(garden, packet(UDP, HOME, 4000, PARKED, 53));
        byte[] direct = packet(UDP, PARKED, 53, HOME, 4000);
        assertThat(answer(garden, direct)).isEqualTo(direct);
    }

    @Test
    void theLastSixtyFourQueriesAreRemembered() {
        for (int port = 5000; port < 5100; port++) {
            query(garden, packet(UDP, HOME, port, OTHER, 53));
        }
        for (int port = 5000; port < 5100; port++) {
            String from = port < 5036 ? PARKED : OTHER;
            assertThat(answer(garden, packet(UDP, PARKED, 53, HOME, port)))
                    .isEqualTo(packet(UDP, from, 53, HOME, port));
        }
    }

    @Test
    void whoHasLeftTheGardenAsksTheUsualServersInsteadOfItsOwn() {
        DnsDetour left = detour(List.of(PARKED), List.of(FIRST, SECOND), false);
        assertThat(query(left, packet(UDP, HOME, 4000, PARKED, 53))).isEqualTo(packet(UDP, HOME, 4000, FIRST, 53));
        assertThat(answer(left, packet(UDP, FIRST, 53, HOME, 4000))).isEqualTo(packet(UDP, PARKED, 53, HOME, 4000));
        byte[] others = packet(UDP, HOME, 4000, OTHER, 53);
        assertThat(query(left, others)).isEqualTo(others);
        byte[] usual = packet(UDP, HOME, 4001, FIRST, 53);
        assertThat(query(left, usual)).isEqualTo(usual);
        byte[] answer = packet(UDP, FIRST, 53, HOME, 4001);
        assertThat(answer(left, answer)).isEqualTo(answer);
    }

    // RFC 791 section 3.2: later fragments are known by their identification
    @Test
    void anAnswerInFragmentsComesWholeFromOneServer() {
        query(garden, packet(UDP, HOME, 4000, OTHER, 53));
        byte[] first = fragment(packet(UDP, PARKED, 53, HOME, 4000), 0x2000);
        byte[] later = fragment(Packets.ipv4(UDP, PARKED, HOME, 64, new byte[16]), 2);
        assertThat(answer(garden, first)).isEqualTo(fragment(packet(UDP, OTHER, 53, HOME, 4000), 0x2000));
        assertThat(answer(garden, later)).isEqualTo(fragment(Packets.ipv4(UDP, OTHER, HOME, 64, new byte[16]), 2));
        byte[] ofAnother = fragment(Packets.ipv4(UDP, PARKED, HOME, 64, new byte[16]), 2);
        ofAnother[5] = 99;
        assertThat(answer(garden, ofAnother)).isEqualTo(ofAnother);
        byte[] question = fragment(packet(UDP, HOME, 4000, OTHER, 53), 0x2000);
        assertThat(query(garden, question)).as("a question in fragments").isEqualTo(question);
    }

    private static byte[] fragment(byte[] packet, int flagsAndOffset) {
        byte[] header = Octets.of(Arrays.copyOf(packet, 6), Octets.u16(flagsAndOffset),
                Arrays.copyOfRange(packet, 8, 10), Octets.u16(0), Arrays.copyOfRange(packet, 12, 20));
        return Octets.of(Arrays.copyOf(header, 10), Octets.u16(Packets.checksum(header)),
                Arrays.copyOfRange(packet, 12, packet.length));
    }
}

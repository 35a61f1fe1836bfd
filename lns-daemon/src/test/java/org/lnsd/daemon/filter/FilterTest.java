package org.lnsd.daemon.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.tun.Memory;

class FilterTest {
    private static final int PACKET_BYTES = 256;
    private final Arena arena = Arena.ofConfined();
    private final long memory = arena.allocate(PACKET_BYTES).address();
    private final PacketFields fields = new PacketFields();

    @AfterEach
    void free() { arena.close(); }

    private static CompiledFilter list(String... rules) {
        return new CompiledFilter("test", Arrays.stream(rules).map(FilterParser::parse).toList(), 1);
    }

    private boolean permits(CompiledFilter filter, byte[] packet) {
        Memory.fromArray(packet, 0, memory, packet.length);
        return fields.read(memory, packet.length) && filter.permits(fields, 0);
    }

    static byte[] ipv4(int protocol, int source, int destination, int fragment, byte[] transport) {
        ByteBuffer packet = ByteBuffer.allocate(20 + transport.length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) (20 + transport.length)).putShort((short) 1)
                .putShort((short) fragment).put((byte) 64)
                .put((byte) protocol).putShort((short) 0).putInt(source).putInt(destination).put(transport);
        return packet.array();
    }

    private static byte[] ipv6(int next, byte[] rest) {
        ByteBuffer packet = ByteBuffer.allocate(40 + rest.length);
        packet.putInt(6 << 28).putShort((short) rest.length).put((byte) next).put((byte) 64)
                .putLong(0x20010db8_00000001L).putLong(1)
                .putLong(0x20010db8_00000002L).putLong(2).put(rest);
        return packet.array();
    }

    static byte[] tcp(int source, int destination, int flags) {
        return ByteBuffer.allocate(20).putShort((short) source).putShort((short) destination).putLong(0)
                .put((byte) 0x50).put((byte) flags).array();
    }

    private static byte[] udp(int source, int destination) {
        return ByteBuffer.allocate(8).putShort((short) source).putShort((short) destination).putInt(8 << 16).array();
    }

    private static final int HOME = 0x64400007; // 100.64.0.7
    private static final int FAR = 0xc6336405; // 198.51.100.5

    @ParameterizedTest
    @CsvSource({"permit any,true", "deny any,false", "permit host 100.64.0.7,true", "permit host 100.64.0.8,false",
            "permit 100.64.0.0/10,true",
            "permit 100.64.0.0 0.63.255.255,true", "permit 100.64.0.1 0.0.0.6,true", "permit 100.64.0.1 0.0.0.4,false",
            "permit tcp any any,true", "permit udp any any,false", "permit 6 any,true",
            "permit ip any host 198.51.100.5,true",
            "permit tcp any any eq 25,true", "permit tcp any any eq smtp,true", "permit tcp any any neq 25,false",
            "permit tcp any any neq 24,true",
            "permit tcp any any gt 24,true", "permit tcp any any gt 25,false", "permit tcp any any lt 26,true",
            "permit tcp any any lt 25,false",
            "permit tcp any any range 20 30,true", "permit tcp any any range 26 30,false",
            "permit tcp any eq 4000 any,true",
            "permit tcp any eq 4001 any,false", "permit tcp any any established,false",
            "permit tcp any any match-any +syn +fin,true",
            "permit tcp any any match-all +syn +fin,false", "permit tcp any any match-all +syn -ack,true",
            "permit tcp any any fragments,false",
            "permit ipv6 any,false", "permit ipv4 any any,true"})
    void ruleForms(String rule, boolean permitted) {
        assertThat(permits(list(rule), ipv4(6, HOME, FAR, 0, tcp(4000, 25, 2)))).isEqualTo(permitted);
    }

    @Test
    void portLists() {
        CompiledFilter filter = list("permit udp any any port 53,123,5000-5010");
        assertThat(permits(filter, ipv4(17, HOME, FAR, 0, udp(1, 123)))).isTrue();
        assertThat(permits(filter, ipv4(17, HOME, FAR, 0, udp(1, 5010)))).isTrue();
        assertThat(permits(filter, ipv4(17, HOME, FAR, 0, udp(1, 5011)))).isFalse();
    }

    @Test
    void icmpTypes() {
        CompiledFilter filter = list("deny icmp any any type 8", "permit any");
        assertThat(permits(filter, ipv4(1, HOME, FAR, 0, new byte[]{8, 0, 0, 0}))).isFalse();
        assertThat(permits(filter, ipv4(1, HOME, FAR, 0, new byte[]{0, 0, 0, 0}))).isTrue();
        CompiledFilter six = list("permit icmpv6 any any type 128");
        assertThat(permits(six, ipv6(58, new byte[]{(byte) 128, 0, 0, 0}))).isTrue();
        assertThat(permits(six, ipv6(58, new byte[]{(byte) 129, 0, 0, 0}))).isFalse();
    }

    @Test
    void ipv6Prefixes() {
        CompiledFilter filter = list("permit tcp 2001:db8:0:1::/64 2001:db8::/32 eq 80");
        assertThat(permits(filter, ipv6(6, tcp(1, 80, 2)))).isTrue();
        assertThat(permits(filter, ipv6(6, tcp(1, 81, 2)))).isFalse();
        assertThat(permits(list("permit 2001:db8:0:2::/64 any"), ipv6(6, tcp(1, 80, 2)))).isFalse();
    }

    @Test
    void firstMatchDecidesAndIsCounted() {
        CompiledFilter filter = list("permit host 100.64.0.7", "deny 100.64.0.0/10", "permit any");
        permits(filter, ipv4(17, HOME, FAR, 0, udp(1, 2)));
        permits(filter, ipv4(17, HOME + 1, FAR, 0, udp(1, 2)));
        permits(filter, ipv4(17, HOME + 1, FAR, 0, udp(1, 2)));
        assertThat(new long[]{filter.hits(0), filter.hits(1), filter.hits(2), filter.hits(3)}).containsExactly(1, 2, 0,
                0);
    }

    @Test
    void laterFragmentsPassAPermitAndNotADenyOfPorts() {
        byte[] later = ipv4(6, HOME, FAR, 100, new byte[40]);
        assertThat(permits(list("permit tcp any any eq 80"), later)).isTrue();
        assertThat(permits(list("deny tcp any any eq 80", "permit any"), later)).isTrue();
        assertThat(permits(list("deny tcp any any fragments", "permit any"), later)).isFalse();
        assertThat(permits(list("deny any"), later)).isFalse();
    }

    @Test
    void headersCutShortAreNotPermitted() { // RFC 1858: tiny fragments, and a fragment over the flags
        CompiledFilter filter = list("permit any");
        assertThat(permits(filter, ipv4(6, HOME, FAR, 0x2000, new byte[8]))).isFalse();
        assertThat(permits(filter, ipv4(6, HOME, FAR, 1, new byte[24]))).isFalse();
        assertThat(permits(filter, ipv4(17, HOME, FAR, 0, new byte[7]))).isFalse();
    }

    @Test
    void extensionHeadersDoNotHideAPort() { // RFC 8200 section 4
        CompiledFilter filter = list("deny tcp any any eq 25", "permit any");
        byte[] tcp = tcp(1, 25, 2);
        byte[] hidden = ByteBuffer.allocate(16 + tcp.length).put((byte) 60).put((byte) 0).putShort((short) 0).putInt(0)
                .put((byte) 6).put((byte) 0)
                .putShort((short) 0).putInt(0).put(tcp).array();
        assertThat(permits(filter, ipv6(0, hidden))).isFalse();
        byte[] chain = new byte[10 * 8];
        for (int i = 0; i < 10; i++) {
            chain[i * 8] = 60;
        }
        assertThat(permits(filter, ipv6(60, chain))).isFalse();
        assertThat(permits(filter, ipv6(60, new byte[]{6, (byte) 200, 0, 0, 0, 0, 0, 0}))).isFalse();
        byte[] first = ByteBuffer.allocate(8 + tcp.length).put((byte) 6).put((byte) 0).putShort((short) 1).putInt(9)
                .put(tcp).array();
        assertThat(permits(filter, ipv6(44, first))).isFalse();
        byte[] later = ByteBuffer.allocate(8 + tcp.length).put((byte) 6).put((byte) 0).putShort((short) (100 << 3))
                .putInt(9).put(tcp).array();
        assertThat(permits(filter, ipv6(44, later))).isTrue();
    }

    @Test
    void emptyListDeniesAll() { assertThat(permits(list(), ipv4(17, HOME, FAR, 0, udp(1, 2)))).isFalse(); }

    @ParameterizedTest
    @ValueSource(strings = {"", "allow any", "permit", "permit tcp", "permit tcp any eq", "permit tcp any eq 65536",
            "permit tcp any any gt 65535",
            "permit tcp any any lt 0", "permit any any eq 80", "permit tcp any any range 30 20",
            "permit icmp any any eq 8", "permit 256 any",
            "permit udp any any established", "permit tcp any any match-any", "permit tcp any any match-all +syn -syn",
            "permit tcp any any +syn",
            "permit host", "permit 10.0.0.1/8", "permit 2001:db8::/32 host 10.0.0.1", "permit ipv6 10.0.0.0/8",
            "permit tcp any any type 8",
            "permit tcp any any eq 80 fragments", "permit any nonsense", "permit 10.0.0.0/33"})
    void badRulesSayWhatIsWrong(String rule) {
        assertThatIllegalArgumentException().isThrownBy(() -> FilterParser.parse(rule))
                .withMessageContaining("\"" + rule + "\"");
    }

    @Test
    void ofRulesThatContradictTheFirstDecides() {
        byte[] packet = ipv4(6, HOME, FAR, 0, tcp(4000, 25, 2));
        CompiledFilter denied = list("deny tcp any any eq 25", "permit tcp any any eq 25", "permit tcp any any eq 25",
                "deny any");
        assertThat(permits(denied, packet)).isFalse();
        CompiledFilter permitted = list("permit tcp any any eq 25", "deny tcp any any eq 25", "deny any");
        assertThat(permits(permitted, packet)).isTrue();
        assertThat(permitted.hits(1)).as("it can never decide").isZero();
    }

    @Test
    void theLongestListDecidesAsItsRules() {
        List<FilterRule> rules = new ArrayList<>();
        for (int i = 0; i < CompiledFilter.MAXIMUM_RULES; i++) {
            rules.add(FilterParser.parse((i % 2 == 0 ? "deny" : "permit") + " udp 10." + i / 256 + "." + i % 256
                    + ".0/24 host 198.51.100.5 range " + i + " " + (i + 20_000)));
        }
        CompiledFilter filter = new CompiledFilter("long", rules, 1);
        for (int i = 0; i < rules.size(); i++) {
            int source = 10 << 24 | i << 8 | 7;
            assertThat(permits(filter, ipv4(17, source, FAR, 0, udp(1, i + 10_000)))).isEqualTo(i % 2 == 1);
            assertThat(permits(filter, ipv4(17, source, FAR, 0, udp(1, i + 30_000)))).isFalse();
            assertThat(filter.hits(i)).isEqualTo(1);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new CompiledFilter("too long",
                Collections.nCopies(CompiledFilter.MAXIMUM_RULES + 1, rules.getFirst()), 1))
                .withMessageContaining("4097");
    }

    @Test
    void compiledListsDecideAsTheirRules() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            List<FilterRule> rules = new ArrayList<>();
            for (int i = random.nextInt(round % 10 == 0 ? 300 : 20); i >= 0; i--) {
                rules.add(FilterParser.parse(randomRule(random)));
            }
            CompiledFilter filter = new CompiledFilter("random", rules, 1);
            for (int i = 0; i < 500; i++) {
                byte[] packet = randomPacket(random);
                Memory.fromArray(packet, 0, memory, packet.length);
                if (!fields.read(memory, packet.length)) {
                    continue;
                }
                int expected = -1;
                for (int rule = 0; rule < rules.size() && expected < 0; rule++) {
                    expected = rules.get(rule).matches(fields) ? rule : -1;
                }
                assertThat(filter.decide(fields)).as("seed %d, round %d, packet %d, %s", seed, round, i, rules)
                        .isEqualTo(expected);
            }
        }
    }

    private static String randomRule(Random random) {
        String[] protocols = {"ip", "tcp", "udp", "icmp", "ipv4", "ipv6", "icmpv6", "47"};
        String protocol = protocols[random.nextInt(protocols.length)];
        boolean six = protocol.endsWith("v6")
                || !protocol.equals("icmp") && !protocol.equals("ipv4") && random.nextInt(3) == 0;
        StringBuilder rule = new StringBuilder(random.nextBoolean() ? "permit " : "deny ").append(protocol);
        boolean ports = protocol.equals("tcp") || protocol.equals("udp");
        for (int side = 0; side < 2; side++) {
            rule.append(' ').append(randomAddress(random, six)).append(ports ? randomPorts(random) : "");
        }
        if (protocol.equals("tcp") && random.nextInt(3) == 0) {
            rule.append(random.nextBoolean() ? " established" : " match-all +syn -ack");
        } else if (protocol.startsWith("icmp") && random.nextBoolean()) {
            rule.append(" type ").append(random.nextInt(3));
        } else if (!rule.toString().matches(".* (eq|neq|gt|lt|range|port) .*") && random.nextInt(6) == 0) {
            rule.append(" fragments");
        }
        return rule.toString();
    }

    private static String randomAddress(Random random, boolean six) {
        int last = random.nextInt(8);
        return switch (random.nextInt(5)) {
            case 0 -> six ? "2001:db8:0:" + last + "::/64" : "100.64.0." + (last & 4) + "/30";
            case 1 -> six ? "host 2001:db8:0:1::" + last : "host 100.64.0." + last;
            case 2 -> six ? "2001:db8::/32" : "100.64.0." + (last & 2) + " 0.0.0.5";
            default -> "any";
        };
    }

    private static String randomPorts(Random random) {
        int port = random.nextInt(6);
        return switch (random.nextInt(6)) {
            case 0 -> " eq " + port;
            case 1 -> " gt " + port;
            case 2 -> " neq " + port;
            case 3 -> " range " + port + " " + (port + random.nextInt(3));
            default -> "";
        };
    }

    private static byte[] randomPacket(Random random) {
        int protocol = new int[]{6, 17, 1, 47, 58}[random.nextInt(5)];
        byte[] transport = switch (protocol) {
            case 6 -> tcp(random.nextInt(7), random.nextInt(7), random.nextInt(64));
            case 17 -> udp(random.nextInt(7), random.nextInt(7));
            default -> new byte[]{(byte) random.nextInt(3), 0, 0, 0, 0, 0, 0, 0};
        };
        if (random.nextInt(3) == 0) {
            byte[] packet = ipv6(protocol, transport);
            packet[15] = (byte) random.nextInt(8);
            packet[23] = (byte) random.nextInt(8);
            packet[31] = (byte) random.nextInt(8);
            return packet;
        }
        int fragment = random.nextInt(5) == 0 ? 50 : 0;
        return ipv4(protocol, 0x64400000 + random.nextInt(8), 0x64400000 + random.nextInt(8), fragment, transport);
    }
}

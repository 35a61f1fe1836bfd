package org.lnsd.ppp.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Extension headers and fragments of packets to the link (RFC 8200 section 4), through the machine that answers. */
class LinkInputTest {
    private static final long SECOND = 1_000_000_000L;
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;
    private static final Ipv6Address ROUTER = Ipv6Address.linkLocal(1);
    private static final Ipv6Address HOST = Ipv6Address.linkLocal(2);
    private static final String PING = "8000" + "0000" + "00010001" + "0102030405060708";

    private final RouterAdvertiser advertiser = new RouterAdvertiser(
            RouterSettings.of(ROUTER, List.of(), 1500, List.of(), List.of(), false), new Random(1), ALLOCATOR);

    @BeforeEach
    void start() {
        advertiser.start(0);
        assertThat(answer()).isNotNull();
    }

    @AfterEach
    void close() { advertiser.close(); }

    private static ByteBuf packet(int nextHeader, Ipv6Address source, Ipv6Address destination, String payload) {
        ByteBuf packet = Ipv6Packet.begin(ALLOCATOR, nextHeader, 255, source, destination);
        packet.writeBytes(ByteBufUtil.decodeHexDump(payload)).setShort(4, payload.length() / 2);
        return packet;
    }

    /** Hex of the packet without extension headers, or null. */
    private @Nullable String opened(ByteBuf packet, long nowNs) {
        ByteBuf opened = advertiser.open(packet, nowNs);
        packet.release();
        if (opened == null) {
            return null;
        }
        String hex = ByteBufUtil.hexDump(opened);
        opened.release();
        return hex;
    }

    private @Nullable String opened(int nextHeader, String payload) {
        return opened(packet(nextHeader, HOST, ROUTER, payload), SECOND);
    }

    private static String plain(String payload) {
        ByteBuf packet = packet(Ipv6Packet.ICMPV6, HOST, ROUTER, payload);
        String hex = ByteBufUtil.hexDump(packet);
        packet.release();
        return hex;
    }

    /** "type/code parameter" of the error that was sent; null: none. */
    private @Nullable String answer() {
        ByteBuf packet = advertiser.pollTransmit();
        if (packet == null) {
            return null;
        }
        assertThat(Ipv6Packet.checksumHolds(packet)).isTrue();
        String said = packet.getUnsignedByte(40) + "/" + packet.getUnsignedByte(41) + " " + packet.getInt(44);
        packet.release();
        return said;
    }

    // Sections 4.2 to 4.4, 4.6: padding, router alert, options to be skipped, a routing header that is used up
    @ParameterizedTest
    @CsvSource({"0,3a00010400000000", "0,3a00050200000100", "0,3a001e0400000000", "60,3a01010c000000000000000000000000",
            "43,3a00000000000000", "43,3a0204000000000000000000000000000000000000000000",
            "0,3c00010400000000" + "3a00010400000000"})
    void headersThatMayBePassedArePassed(int first, String headers) {
        assertThat(opened(first, headers + PING)).isEqualTo(plain(PING));
        assertThat(answer()).isNull();
    }

    // Section 4.2: the two highest bits of an unknown option; section 4.4: an unknown routing type; section 4.1: a hop-by-hop header elsewhere
    @ParameterizedTest
    @CsvSource({"0,3a004e0400000000,", "0,3a008e0400000000,4/2 42", "60,3a00ce0400000000,4/2 42",
            "60,3a0001008e020000,4/2 44", "43,3a02000100000000" + "00000000000000000000000000000000,4/0 42",
            "43,3a02040100000000" + "00000000000000000000000000000000,4/0 42",
            "60,0000010400000000" + "3a00010400000000,4/1 40"})
    void headersThatMayNotBePassedAreAnswered(int first, String headers, @Nullable String answer) {
        assertThat(opened(first, headers + PING)).isNull();
        assertThat(answer()).isEqualTo(answer);
        assertThat(advertiser.dropped()).isEqualTo(1);
    }

    // RFC 4443 section 2.4 e: to groups only about an option that asks for it, never about errors, never to nobody
    @Test
    void errorsKeepToTheRules() {
        String forAll = "3a008e0400000000";
        String forOne = "3a00ce0400000000";
        opened(packet(60, HOST, Ipv6Address.ALL_NODES, forAll + PING), SECOND);
        assertThat(answer()).isEqualTo("4/2 42");
        opened(packet(60, HOST, Ipv6Address.ALL_NODES, forOne + PING), SECOND);
        opened(packet(43, HOST, Ipv6Address.ALL_NODES, "3a00000100000000" + PING), SECOND);
        opened(packet(60, Ipv6Address.UNSPECIFIED, ROUTER, forAll + PING), SECOND);
        opened(packet(60, Ipv6Address.ALL_NODES, ROUTER, forAll + PING), SECOND);
        opened(packet(60, HOST, ROUTER, forAll + "01040000" + "00000000"), SECOND);
        opened(packet(60, HOST, ROUTER, forAll + "89000000" + "00000000"), SECOND);
        assertThat(answer()).isNull();
        for (int i = 0; i < 1000; i++) {
            opened(60, forAll + PING);
        }
        int answers = 0;
        while (answer() != null) {
            answers++;
        }
        assertThat(answers).as("section 2.4 f").isBetween(1, 20);
    }

    @ParameterizedTest
    @CsvSource({"0,3a01010400000000", "60,3a00010500000000", "59,0000000000000000", "50,0000000100000001",
            "51,3a04000000000001", "0,3a", "44,3a000000"})
    void whatLiesOrIsNotWholeIsDropped(int first, String payload) {
        assertThat(opened(first, payload)).isNull();
        assertThat(answer()).isNull();
        assertThat(advertiser.dropped()).isEqualTo(1);
    }

    @Test
    void chainsOfHeadersAreBounded() {
        assertThat(opened(60, "3c00010400000000".repeat(7) + "3a00010400000000" + PING)).isNotNull();
        assertThat(opened(60, "3c00010400000000".repeat(100) + "3a00010400000000" + PING)).isNull();
    }

    // RFC 6946 section 4: an atomic fragment is a packet of its own
    @Test
    void atomicFragmentIsWhole() { assertThat(opened(44, "3a00000000000007" + PING)).isEqualTo(plain(PING)); }

    // RFC 6980 section 5
    @ParameterizedTest
    @ValueSource(strings = {"85", "86", "87", "88", "89"})
    void fragmentedNeighbourDiscoveryIsIgnored(String type) {
        assertThat(opened(44, "3a00000000000007" + type + "00000000000000")).isNull();
        assertThat(advertiser.dropped()).isEqualTo(1);
    }

    /** One of three fragments of the ping and 24 octets: 8, 16 and 16 of them. */
    private static ByteBuf fragment(int number, int identification) {
        String whole = PING + "11".repeat(24);
        int from = new int[]{0, 8, 24}[number];
        int end = new int[]{8, 24, 40}[number];
        return packet(44, HOST, ROUTER, "3a00%04x%08x".formatted(from | (number < 2 ? 1 : 0), identification)
                + whole.substring(2 * from, 2 * end));
    }

    // RFC 8200 section 4.5
    @Test
    void fragmentsArePutTogetherInAnyOrder() {
        Random random = new Random(7);
        System.out.println("seed 7");
        for (int round = 0; round < 50; round++) {
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2));
            Collections.shuffle(order, random);
            assertThat(opened(fragment(order.get(0), round), SECOND)).isNull();
            assertThat(opened(fragment(order.get(1), round), SECOND)).isNull();
            String whole = opened(fragment(order.get(2), round), SECOND);
            assertThat(whole).endsWith(PING + "11".repeat(24));
        }
        assertThat(advertiser.dropped()).isZero();
    }

    // RFC 5722 section 4: fragments that overlap spoil the packet, also what comes later
    @Test
    void overlapsSpoilThePacket() {
        opened(fragment(0, 1), SECOND);
        opened(packet(44, HOST, ROUTER, "3a00000100000001" + "00".repeat(16)), SECOND);
        opened(fragment(1, 1), SECOND);
        assertThat(opened(fragment(2, 1), SECOND)).isNull();
        opened(fragment(2, 2), SECOND);
        opened(packet(44, HOST, ROUTER, "3a00002100000002" + "00".repeat(8)), SECOND); // more behind the end
        opened(fragment(0, 2), SECOND);
        assertThat(opened(fragment(1, 2), SECOND)).isNull();
        assertThat(advertiser.dropped()).isEqualTo(6);
        opened(fragment(0, 3), SECOND);
        opened(fragment(1, 3), SECOND);
        assertThat(opened(fragment(2, 3), SECOND)).isNotNull();
    }

    // RFC 8200 section 4.5: within 60 s
    @Test
    void lateFragmentsAreOfAnotherPacket() {
        opened(fragment(0, 1), SECOND);
        opened(fragment(1, 1), 2 * SECOND);
        assertThat(opened(fragment(2, 1), 62 * SECOND)).isNull();
    }

    // RFC 8200 section 4.5: lengths that cannot be are told; what is larger than we take is dropped
    @Test
    void lengthsOfFragmentsAreChecked() {
        opened(44, "3a00000100000001" + PING + "00");
        assertThat(answer()).isEqualTo("4/0 4");
        opened(44, "3a00fff800000001" + "00".repeat(16));
        assertThat(answer()).isEqualTo("4/0 42");
        opened(44, "3a00000100000001");
        opened(44, "3a00080000000001" + "00".repeat(16));
        assertThat(answer()).isNull();
        assertThat(advertiser.dropped()).isEqualTo(4);
    }
}

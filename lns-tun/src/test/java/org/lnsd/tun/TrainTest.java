package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coalescing and then splitting gives the packets that went in, whatever they were. */
class TrainTest {
    private final long memory = Memory.map(4 << 20);
    private final long train = memory + (2 << 20);
    private final Splitter splitter = new Splitter();
    private final Coalescer.Stats stats = new Coalescer.Stats();
    private final List<String> out = new ArrayList<>();
    private int refusal;
    private final Coalescer coalescer = new Coalescer(this::take, stats, true, true);
    private long at = memory;

    @AfterEach
    void free() {
        coalescer.close();
        Memory.unmap(memory);
    }

    // The device: gathers the vector, cuts it as the kernel would.
    private int take(long iovec, int entries) {
        if (refusal != 0 && entries > 2) {
            return refusal;
        }
        long to = train;
        for (int i = 1; i < entries; i++) {
            long length = Memory.getLong(iovec + i * 16L + 8);
            Memory.copy(Memory.getLong(iovec + i * 16L), to, length);
            to += length;
        }
        assertThat(splitter.begin(Memory.getLong(iovec), train, (int) (to - train))).isTrue();
        long packet = train + (1 << 20);
        for (int i = 0; i < splitter.count(); i++) {
            splitter.writeHeader(i, packet);
            Memory.copy(splitter.payloadAddress(i), packet + splitter.headerBytes(), splitter.payloadBytes(i));
            out.add(hex(packet, splitter.headerBytes() + splitter.payloadBytes(i)));
        }
        return 0;
    }

    private static String hex(long address, int length) {
        return HexFormat.of().formatHex(Memory.toArray(address, length));
    }

    private record Flow(boolean ipv6, boolean tcp, int port, int options) {}

    private int write(Flow flow, int id, int sequence, int tcpFlags, int payload, Random random) {
        int network = flow.ipv6 ? 40 : 20;
        int transportHeader = flow.tcp ? 20 + flow.options : 8;
        int total = network + transportHeader + payload;
        Memory.fill(at, total, 0);
        if (flow.ipv6) {
            Memory.putIntBe(at, 0x6000_1234);
            Memory.putShortBe(at + 4, total - 40);
            Memory.putShortBe(at + 6, ((flow.tcp ? 6 : 17) << 8) | 63);
            Memory.putLongBe(at + 8, 0x2001_0db8_0000_0001L);
            Memory.putLongBe(at + 24, 0x2001_0db8_0000_0002L);
        } else {
            Memory.putShortBe(at, 0x4500);
            Memory.putShortBe(at + 2, total);
            Memory.putShortBe(at + 4, id);
            Memory.putShortBe(at + 6, 0x4000);
            Memory.putShortBe(at + 8, (63 << 8) | (flow.tcp ? 6 : 17));
            Memory.putIntBe(at + 12, 0x0A00_0001);
            Memory.putIntBe(at + 16, 0x0A00_0002);
        }
        long segment = at + network;
        Memory.putShortBe(segment, flow.port);
        Memory.putShortBe(segment + 2, 80);
        if (flow.tcp) {
            Memory.putIntBe(segment + 4, sequence);
            Memory.putIntBe(segment + 8, 77);
            Memory.putByte(segment + 12, (transportHeader / 4) << 4);
            Memory.putByte(segment + 13, tcpFlags);
            Memory.putShortBe(segment + 14, 1000);
            Memory.fill(segment + 20, flow.options, 1);
        } else {
            Memory.putShortBe(segment + 4, total - network);
        }
        byte[] octets = new byte[payload];
        random.nextBytes(octets);
        Memory.fromArray(octets, 0, segment + transportHeader, payload);
        finish(flow, total);
        return total;
    }

    private void finish(Flow flow, int total) {
        int network = flow.ipv6 ? 40 : 20;
        if (!flow.ipv6) {
            Memory.putShort(at + 10, 0);
            Memory.putShort(at + 10, Checksum.finish(Checksum.sum(at, 20)));
        }
        long field = at + network + (flow.tcp ? 16 : 6);
        Memory.putShort(field, 0);
        int checksum = Checksum.finish(
                Checksum.pseudoHeader(at, flow.ipv6, flow.tcp ? 6 : 17, total - network)
                        + Checksum.sum(at + network, total - network));
        Memory.putShort(field, checksum == 0 ? 0xFFFF : checksum);
    }

    private void add(int total, List<String> expected) {
        expected.add(hex(at, total));
        coalescer.add(at, total, 0);
        at += (total + 63) & ~63;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void splitAfterCoalesceGivesTheSamePackets(long seed) {
        Random random = new Random(seed);
        System.out.println("seed " + seed);
        List<List<String>> perFlow = new ArrayList<>();
        for (int f = 0; f < 6; f++) {
            Flow flow = new Flow(f % 2 == 0, f < 4, 1000 + f, f < 2 ? 12 : 0);
            List<String> expected = new ArrayList<>();
            perFlow.add(expected);
            int id = random.nextInt(65_536);
            int sequence = random.nextInt();
            int size = 100 + random.nextInt(1200);
            for (int i = 0; i < 120; i++) {
                int payload = random.nextInt(10) == 0 ? 1 + random.nextInt(size) : size;
                int flags = 0x10 | (random.nextInt(8) == 0 ? 0x08 : 0) | (random.nextInt(40) == 0 ? 0x01 : 0);
                int total = write(flow, id, sequence, flags, payload, random);
                corruptSometimes(random, flow, total);
                add(total, expected);
                id += random.nextInt(20) == 0 ? 2 : 1;
                sequence += random.nextInt(20) == 0 ? 5 : payload;
            }
        }
        coalescer.flush();
        List<String> all = perFlow.stream().flatMap(List::stream).toList();
        // Order holds within each flow; flows are told apart by their packets.
        assertThat(out).hasSameSizeAs(all).containsExactlyInAnyOrderElementsOf(all);
        perFlow.forEach(expected -> assertThat(out.stream().filter(expected::contains).toList()).isEqualTo(expected));
        assertThat(stats.trains).isPositive();
    }

    // Payload bits, TTL, traffic class: what is corrupt stays so, what differs is not joined.
    private void corruptSometimes(Random random, Flow flow, int total) {
        switch (random.nextInt(30)) {
            case 0 -> Memory.putByte(at + total - 1, Memory.getByte(at + total - 1) ^ 1);
            case 1 -> {
                Memory.putByte(at + (flow.ipv6 ? 7 : 8), 9);
                finish(flow, total);
            }
            case 2 -> {
                Memory.putByte(at + 1, Memory.getByte(at + 1) ^ 0x10);
                finish(flow, total);
            }
            default -> {}
        }
    }

    @Test
    void aRefusedTrainGoesOutPacketByPacket() {
        refusal = Linux.EINVAL;
        Flow flow = new Flow(false, true, 5, 0);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            add(write(flow, i, i * 500, 0x10 | (i % 4 == 3 ? 8 : 0), 500, new Random(i)), expected);
        }
        coalescer.flush();
        assertThat(out).isEqualTo(expected);
        assertThat(coalescer.joinsTcp()).isFalse();
    }

    @Test
    void equalPacketsOfOneFlowBecomeOneTrain() {
        Flow flow = new Flow(true, false, 5, 0);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            add(write(flow, 0, 0, 0, 64, new Random(i)), expected);
        }
        coalescer.flush();
        assertThat(out).isEqualTo(expected);
        assertThat(stats.trains).isEqualTo(1);
    }

    // RFC 6864 section 4.1: the id of an atomic datagram (DF, no fragment) means nothing
    @Test
    void atomicDatagramsOfIdZeroBecomeOneTrain() {
        Flow flow = new Flow(false, false, 5, 0);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            add(write(flow, 0, 0, 0, 64, new Random(i)), expected);
        }
        coalescer.flush();
        assertThat(stats.trains).isEqualTo(1);
        assertThat(out.stream().map(TrainTest::withoutId))
                .containsExactlyElementsOf(expected.stream().map(TrainTest::withoutId).toList());
    }

    // Without the id and the header checksum that covers it.
    private static String withoutId(String hex) {
        return hex.substring(0, 8) + "----" + hex.substring(12, 20) + "----" + hex.substring(24);
    }

    @Test
    void lyingHeadersAreRefused() {
        Random random = new Random(4711);
        System.out.println("seed 4711");
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[10 + 20 + random.nextInt(200)];
            random.nextBytes(noise);
            noise[1] = (byte) List.of(0, 1, 4, 5).get(random.nextInt(4)).intValue();
            noise[7] = 0;
            noise[10] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
            Memory.fromArray(noise, 0, memory, noise.length);
            if (splitter.begin(memory, memory + 10, noise.length - 10)) {
                assertThat(splitter.payloadAddress(splitter.count() - 1) + splitter.payloadBytes(splitter.count() - 1))
                        .isEqualTo(memory + noise.length);
                assertThat(splitter.headerBytes()).isLessThanOrEqualTo(Splitter.MAXIMUM_HEADER);
            }
        }
    }
}

package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoEventLoop;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.shaping.PacketPool;
import org.lnsd.daemon.shaping.Rate;
import org.lnsd.daemon.shaping.Shaper;
import org.lnsd.tun.Memory;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.Splitter;
import org.lnsd.tun.VirtioNetHeader;

/** Super-packets to a line with a rate wait uncut, and leave as the packets that they would have been without one. On a clock of the test's own. */
class ShapedTrainsTest {
    private static final int ROW = 5;
    private static final int TUNNEL = 3;
    private static final int SLOTS = 512; // and four super-packets
    private static final int L2TP_BYTES = 8;
    private static final int PAYLOAD = 1000;
    private static final int HEADERS = 40;
    private static final long TICK_NS = Wheel.TICK_NS;

    private final Rows rows = new Rows(16, 16);
    private final LoopCounters counters = new LoopCounters(16);
    private final PacketPool pool = new PacketPool(SLOTS);
    private final RowLimits limits = new RowLimits(16, pool);
    private final List<byte[]> datagrams = new ArrayList<>();
    private final List<byte[]> punted = new ArrayList<>();
    private final SendBatch batch = new SendBatch(new int[]{9}, true, new SendBatch.Stats(), this::sendmmsg);
    private final ShapedLine line = new ShapedLine(ROW, new Shaper(pool, new Rate(10_000_000, 0), 0));
    private final ShapedSender sender = new ShapedSender(timeless(), rows, pool, batch, counters,
            new LimitGate(limits, counters, 0), new Bundle());
    private final Splitter splitter = new Splitter();
    private final long buffer = Memory.map(70_000);
    private long nowNs;

    // The test says when it is time.
    private static IoEventLoop timeless() {
        return (IoEventLoop) Proxy.newProxyInstance(ShapedTrainsTest.class.getClassLoader(),
                new Class<?>[]{IoEventLoop.class},
                (_, _, _) -> null);
    }

    private final class Bundle implements Punt {
        @Override
        public boolean frame(int row, long address, int lengthBytes, long nowNs) { return true; }

        @Override
        public boolean packet(int row, long address, int lengthBytes, long nowNs) {
            return punted.add(Memory.toArray(address, lengthBytes));
        }

        @Override
        public boolean control(int index, int socketIndex, long address, int lengthBytes, long nowNs) { return true; }
    }

    private int sendmmsg(int fd, long first, int count) {
        for (int m = 0; m < count; m++) {
            long message = first + m * 64L;
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            for (long i = 0; i < Memory.getLong(message + 24); i++) {
                long entry = Memory.getLong(message + 16) + i * 16;
                octets.writeBytes(Memory.toArray(Memory.getLong(entry), (int) Memory.getLong(entry + 8)));
            }
            byte[] all = octets.toByteArray();
            boolean train = Memory.getLong(message + 40) > 32;
            int size = train ? Memory.getShort(Memory.getLong(message + 32) + 32 + 16) : all.length;
            for (int from = 0; from < all.length; from += size) {
                datagrams.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
            }
        }
        return count;
    }

    @BeforeEach
    void session() {
        rows.setDestination(TUNNEL, 0, new InetSocketAddress("192.0.2.1", 1701),
                new InetSocketAddress("192.0.2.2", 1701));
        rows.setPeerIds(ROW, 9, 0x11);
        rows.setWord(ROW, Rows.NETWORK_FLAGS, 1500, TUNNEL);
    }

    @AfterEach
    void free() {
        batch.close();
        counters.close();
        rows.close();
        pool.close();
        Memory.unmap(buffer);
    }

    /** TCP segments of {@link #PAYLOAD} octets in one, which it gives to the sender; returns the packets that they are. */
    private List<byte[]> send(int segments, int marks) {
        int bytes = HEADERS + segments * PAYLOAD - 100; // the last is shorter
        ByteBuffer to = ByteBuffer.allocate(VirtioNetHeader.LENGTH + bytes).order(ByteOrder.nativeOrder());
        to.put((byte) 1).put((byte) 1).putShort((short) HEADERS).putShort((short) PAYLOAD).putShort((short) 20)
                .putShort((short) 16);
        to.order(ByteOrder.BIG_ENDIAN).putInt(0x4500_0000 | bytes & 0xFFFF).putInt(0x004D_4000).putInt(0x4006_0000);
        to.putInt(0x0808_0808).putInt(0x6440_0001).putShort((short) 80).putShort((short) 5000).putInt(marks).putInt(7);
        to.putInt(0x5018_1000).putInt(0);
        for (int i = 0; to.hasRemaining(); i++) {
            to.put((byte) (i * 31 + marks));
        }
        long packet = buffer + VirtioNetHeader.LENGTH;
        Memory.fromArray(to.array(), 0, buffer, to.capacity());
        assertThat(splitter.begin(buffer, packet, bytes)).isTrue();
        List<byte[]> packets = new ArrayList<>();
        long scratch = Memory.map(2048);
        for (int i = 0; i < segments; i++) {
            splitter.writeHeader(i, scratch);
            Memory.copy(splitter.payloadAddress(i), scratch + HEADERS, splitter.payloadBytes(i));
            packets.add(Memory.toArray(scratch, HEADERS + splitter.payloadBytes(i)));
        }
        Memory.unmap(scratch);
        assertThat(sender.passes(line, splitter, packet, bytes, false, nowNs)).isFalse();
        batch.flush();
        sender.flushed();
        Memory.fill(buffer, 70_000, 0); // the next read's
        return packets;
    }

    private void whileSomethingWaits() {
        for (int ticks = 0; ticks < 10_000 && !line.shaper.isEmpty(); ticks++) {
            nowNs += TICK_NS;
            sender.onTime(nowNs);
        }
        assertThat(line.shaper.isEmpty()).isTrue();
    }

    private static List<byte[]> withoutL2tp(List<byte[]> datagrams) {
        return datagrams.stream().map(datagram -> Arrays.copyOfRange(datagram, L2TP_BYTES, datagram.length)).toList();
    }

    private void everySlotAndPlaceIsFree() {
        int[] all = new int[SLOTS + 1];
        assertThat(pool.take(all, all.length)).isEqualTo(SLOTS);
        for (int i = 0; i < 4; i++) {
            assertThat(pool.takeTrain(1, 1)).isNotEqualTo(PacketPool.NONE);
        }
        assertThat(pool.takeTrain(1, 1)).isEqualTo(PacketPool.NONE);
    }

    // Four find a place, the fifth to ninth are cut before they wait; later ones take the places of those that have gone.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9, 30})
    void whatWaitsLeavesAsThePacketsItWouldHaveBeen(int superPackets) {
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < superPackets; i++) {
            expected.addAll(send(10, i));
            if (i % 9 == 8 && i + 1 < superPackets) {
                whileSomethingWaits();
            }
        }
        assertThat(datagrams.size()).as("so few went at once").isLessThan(expected.size());
        whileSomethingWaits();
        assertThat(withoutL2tp(datagrams)).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected);
        assertThat(counters.packetsOut).isEqualTo(expected.size());
        everySlotAndPlaceIsFree();
    }

    @Test
    void theLinksOfABundleGetEachPacket() {
        rows.setWord(ROW, Rows.NETWORK_FLAGS | Rows.MULTILINK, 1500, TUNNEL);
        List<byte[]> expected = new ArrayList<>(send(10, 1));
        expected.addAll(send(3, 2));
        whileSomethingWaits();
        assertThat(punted).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected);
        assertThat(datagrams).isEmpty();
        everySlotAndPlaceIsFree();
    }

    // More packets than slots, and more than the line may have waiting: some of a super-packet may go, others not
    @Test
    void placesAreFreeAgainWhateverIsDropped() {
        int sent = 0;
        for (int i = 0; i < 40; i++) {
            sent += send(60, i).size();
        }
        whileSomethingWaits();
        assertThat(datagrams.size() + counters.drops[DropReason.RATE.ordinal()]).isEqualTo(sent);
        assertThat(datagrams.size()).isLessThan(sent);
        everySlotAndPlaceIsFree();
    }

    @Test
    void aLineThatEndsLeavesNothing() {
        send(60, 1);
        line.shaper.close();
        send(60, 2);
        everySlotAndPlaceIsFree();
    }
}

package org.lnsd.daemon.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoEventLoop;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Objects;
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
    private static final int FREE_ROW = 6;
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
    private final TestKernel kernel = new TestKernel();
    private final List<byte[]> datagrams = kernel.datagrams;
    private final SendBatch batch = new SendBatch(new int[]{9}, true, new SendBatch.Stats(), kernel);
    private final Tables tables = new Tables();
    private final LimitGate gate = new LimitGate(limits, counters, 0);
    private final TestPunt bundle = new TestPunt();
    private final ShapedSender sender = new ShapedSender(timeless(), rows, pool, batch, counters, gate, bundle);
    private final TestQueue device = new TestQueue();
    private final Oversize oversize = new Oversize(device, true, List.of());
    private final Downstream downstream = new Downstream(tables, rows, device, false, batch, counters, gate, sender,
            oversize, bundle);
    private final Splitter splitter = new Splitter();
    private final long buffer = Memory.map(70_000);
    private long nowNs;

    // The test says when it is time.
    private static IoEventLoop timeless() {
        return (IoEventLoop) Proxy.newProxyInstance(ShapedTrainsTest.class.getClassLoader(),
                new Class<?>[]{IoEventLoop.class},
                (_, _, _) -> null);
    }

    @BeforeEach
    void session() {
        rows.setDestination(TUNNEL, 0, new InetSocketAddress("192.0.2.1", 1701),
                new InetSocketAddress("192.0.2.2", 1701));
        rows.setPeerIds(ROW, 9, 0x11);
        rows.setPeerIds(FREE_ROW, 9, 0x12);
        tables.ipv4().put((0x6440_0000L + ROW) << 32, 0, 32, ROW);
        tables.ipv4().put((0x6440_0000L + FREE_ROW) << 32, 0, 32, FREE_ROW);
        rows.setWord(FREE_ROW, Rows.NETWORK_FLAGS, 1500, TUNNEL);
        path(Rows.NETWORK_FLAGS);
    }

    private void path(int flags) {
        Limits wanted = new Limits(Optional.empty(), Optional.empty(), Rate.UNLIMITED, new Rate(10_000_000, 0));
        rows.setWord(ROW, flags | limits.set(ROW, wanted, 0), 1500, TUNNEL);
    }

    private Shaper shaper() { return Objects.requireNonNull(gate.line(ROW)).shaper; }

    @AfterEach
    void free() {
        downstream.close();
        oversize.close();
        batch.close();
        counters.close();
        rows.close();
        pool.close();
        Memory.unmap(buffer);
    }

    private List<byte[]> send(int segments, int marks) {
        List<byte[]> packets = superPacket(ROW, segments, marks);
        downstream.turn(nowNs);
        return packets;
    }

    /** TCP segments of {@link #PAYLOAD} octets in one that the device has; returns the packets that they are. */
    private List<byte[]> superPacket(int row, int segments, int marks) {
        int bytes = HEADERS + segments * PAYLOAD - 100; // the last is shorter
        ByteBuffer to = ByteBuffer.allocate(VirtioNetHeader.LENGTH + bytes).order(ByteOrder.nativeOrder());
        to.put((byte) 1).put((byte) 1).putShort((short) HEADERS).putShort((short) PAYLOAD).putShort((short) 20)
                .putShort((short) 16);
        to.order(ByteOrder.BIG_ENDIAN).putInt(0x4500_0000 | bytes & 0xFFFF).putInt(0x004D_4000).putInt(0x4006_0000);
        to.putInt(0x0808_0808).putInt(0x6440_0000 + row).putShort((short) 80).putShort((short) 5000).putInt(marks)
                .putInt(7);
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
        device.toRead.add(to.array());
        return packets;
    }

    private void whileSomethingWaits() {
        for (int ticks = 0; ticks < 10_000 && !shaper().isEmpty(); ticks++) {
            nowNs += TICK_NS;
            sender.onTime(nowNs);
        }
        assertThat(shaper().isEmpty()).isTrue();
    }

    private static List<byte[]> withoutL2tp(List<byte[]> datagrams) {
        return datagrams.stream().map(datagram -> Arrays.copyOfRange(datagram, L2TP_BYTES, datagram.length)).toList();
    }

    private void everySlotAndPlaceIsFree() {
        int[] all = new int[SLOTS + 1];
        assertThat(pool.take(all, all.length)).isEqualTo(SLOTS);
        for (int i = 0; i < 3; i++) { // the fourth may be kept for the next read
            assertThat(pool.takeTrain(1, 1)).isNotEqualTo(PacketPool.NONE);
        }
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

    // What is read where it could wait, but goes at once, is not overwritten by the next before it has gone.
    @Test
    void linesWithoutARateAreNotTouched() {
        List<byte[]> shaped = new ArrayList<>();
        List<byte[]> free = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            shaped.addAll(superPacket(ROW, 20, i));
            free.addAll(superPacket(FREE_ROW, 7, 10 + i));
            free.addAll(superPacket(FREE_ROW, 3, 20 + i));
        }
        downstream.turn(nowNs);
        assertThat(of(FREE_ROW)).usingElementComparator(Arrays::compare).containsExactlyElementsOf(free);
        assertThat(of(ROW).size()).isLessThan(shaped.size());
        whileSomethingWaits();
        assertThat(of(ROW)).usingElementComparator(Arrays::compare).containsExactlyElementsOf(shaped);
        everySlotAndPlaceIsFree();
    }

    private List<byte[]> of(int row) {
        return withoutL2tp(datagrams).stream().filter(packet -> packet[19] == row).toList();
    }

    @Test
    void aTurnIsBoundedInOctets() {
        for (int i = 0; i < 40; i++) {
            superPacket(ROW, 60, i);
        }
        assertThat(downstream.turn(nowNs)).isBetween(6, 12);
        assertThat(downstream.drained()).isFalse();
    }

    @Test
    void theLinksOfABundleGetEachPacket() {
        path(Rows.NETWORK_FLAGS | Rows.MULTILINK);
        List<byte[]> expected = new ArrayList<>(send(10, 1));
        expected.addAll(send(3, 2));
        whileSomethingWaits();
        assertThat(bundle.packets).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected);
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
        shaper().close();
        send(60, 2);
        everySlotAndPlaceIsFree();
    }
}

package org.lnsd.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes into one message, and what becomes of it when the kernel refuses; the kernel is this test. */
class SendBatchTest {
    private static final int FIRST_FD = 70;
    private static final int SECOND_FD = 71;

    private record Sent(int fd, int port, byte[] octets) {}

    private final long memory = Memory.map(1 << 20);
    private final SendBatch.Stats stats = new SendBatch.Stats();
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<Integer> messages = new ArrayList<>();
    private boolean refuseTrains;
    private int mostAtOnce = Integer.MAX_VALUE;
    private final SendBatch batch = new SendBatch(new int[]{FIRST_FD, SECOND_FD}, true, stats, this::sendmmsg);
    private final long one = memory;
    private final long other = memory + SendBatch.DESTINATION;
    private final long onSecond = memory + 2 * SendBatch.DESTINATION;
    private long at = memory + 4096;

    @BeforeEach
    void destinations() {
        InetSocketAddress local = new InetSocketAddress("192.0.2.2", 1701);
        SendBatch.writeDestination(one, 0, new InetSocketAddress("192.0.2.1", 1701), local.getAddress());
        SendBatch.writeDestination(other, 0, new InetSocketAddress("192.0.2.1", 1702), local.getAddress());
        SendBatch.writeDestination(onSecond, 1, new InetSocketAddress("2001:db8::1", 1703),
                new InetSocketAddress("2001:db8::2", 1701).getAddress());
    }

    @AfterEach
    void free() {
        batch.close();
        Memory.unmap(memory);
    }

    // struct mmsghdr: name 0, namelen 8, iov 16, iovlen 24, control 32, controllen 40, flags 48, len 56.
    private int sendmmsg(int fd, long headers, int count) {
        int taken = 0;
        for (; taken < Math.min(count, mostAtOnce); taken++) {
            long message = headers + taken * 64L;
            int segment = segmentOf(message);
            Integer refusal = segment > 0 && refuseTrains ? Integer.valueOf(Linux.EINVAL) : refusals.poll();
            if (refusal != null && refusal != 0) {
                if (taken == 0) {
                    return -refusal;
                }
                refusals.addFirst(refusal);
                break;
            }
            take(fd, message, segment);
        }
        return taken;
    }

    private void take(int fd, long message, int segment) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (long i = 0; i < Memory.getLong(message + 24); i++) {
            long entry = Memory.getLong(message + 16) + i * 16;
            octets.writeBytes(Memory.toArray(Memory.getLong(entry), (int) Memory.getLong(entry + 8)));
        }
        byte[] all = octets.toByteArray();
        int size = segment == 0 ? all.length : segment;
        int datagrams = 0;
        for (int from = 0; from < all.length; from += size) {
            int port = SocketAddresses.read(Memory.getLong(message)).getPort();
            sent.add(new Sent(fd, port, Arrays.copyOfRange(all, from, Math.min(all.length, from + size))));
            datagrams++;
        }
        messages.add(datagrams);
    }

    private static int segmentOf(long message) {
        long end = Memory.getLong(message + 32) + Memory.getLong(message + 40);
        for (long at = Memory.getLong(message + 32); at + 16 <= end; at += (Memory.getLong(at) + 7) & ~7) {
            if (Memory.getInt(at + 8) == Linux.SOL_UDP && Memory.getInt(at + 12) == Linux.UDP_SEGMENT) {
                return Memory.getShort(at + 16);
            }
        }
        return 0;
    }

    // A datagram of one piece, or of two as a cut super-packet has.
    private byte[] add(long destination, int lengthBytes, int number) {
        return add(destination, lengthBytes, number, 0);
    }

    private byte[] add(long destination, int lengthBytes, int number, int flow) {
        byte[] octets = new byte[lengthBytes];
        new Random(number).nextBytes(octets);
        Memory.fromArray(octets, 0, at, lengthBytes);
        batch.datagram(destination, lengthBytes, flow);
        int first = number % 2 == 0 ? lengthBytes : lengthBytes / 3;
        batch.append(at, first);
        if (first < lengthBytes) {
            batch.append(at + first, lengthBytes - first);
        }
        at += lengthBytes + 5;
        return octets;
    }

    private List<byte[]> mixed() {
        List<byte[]> expected = new ArrayList<>();
        int[] lengths = {300, 300, 300, 200, 300, 300, 400, 400, 10, 500, 500, 500};
        for (int i = 0; i < lengths.length; i++) {
            expected.add(add(one, lengths[i], i));
        }
        batch.flush();
        return expected;
    }

    private void assertSent(List<byte[]> expected) {
        assertThat(sent.stream().map(Sent::octets).toList()).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void equalLengthsAreOneMessageAndAShorterOneEndsIt() {
        assertSent(mixed());
        assertThat(messages).containsExactly(4, 2, 3, 3);
        assertThat(stats.trains).isEqualTo(4);
    }

    @Test
    void destinationsAndSocketsAreKeptApart() {
        add(one, 100, 1);
        add(other, 100, 2);
        add(one, 100, 3);
        add(onSecond, 100, 4);
        add(onSecond, 100, 5);
        batch.flush();
        assertThat(sent.stream().map(Sent::port)).containsExactly(1701, 1702, 1701, 1703, 1703);
        assertThat(sent.stream().map(Sent::fd)).containsExactly(FIRST_FD, FIRST_FD, FIRST_FD, SECOND_FD, SECOND_FD);
        assertThat(messages).containsExactly(1, 1, 1, 2);
    }

    @Test
    void aTrainHasNoMoreThanTheKernelTakes() {
        for (int i = 0; i < 130; i++) {
            add(one, 20, i);
        }
        batch.flush();
        assertThat(messages).containsExactly(64, 64, 2);
        messages.clear();
        for (int i = 0; i < 50; i++) {
            add(one, 1500, i);
        }
        batch.flush();
        assertThat(messages).as("65,000 octets at most").containsExactly(43, 7);
    }

    @Test
    void aRefusedTrainGoesOutOneByOneAndSmallerOnesAreStillTried() {
        refuseTrains = true;
        assertSent(mixed());
        assertThat(stats.refusedTrains).isEqualTo(4);
        assertThat(stats.errors + stats.full).isZero();
        refuseTrains = false;
        sent.clear();
        messages.clear();
        List<byte[]> expected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            expected.add(add(one, 300, i));
        }
        for (int i = 0; i < 4; i++) {
            expected.add(add(one, 100, i));
        }
        batch.flush();
        assertSent(expected);
        assertThat(messages).as("of 300 octets one by one: as large as what was refused").containsExactly(1, 1, 1, 1,
                4);
    }

    // EIO: the device has no checksums, so there will be no trains at all.
    @Test
    void withoutChecksumsInTheDeviceThereAreNoTrains() {
        refusals.add(Linux.EIO);
        List<byte[]> expected = mixed();
        assertSent(expected);
        sent.clear();
        messages.clear();
        assertSent(mixed());
        assertThat(messages).hasSize(12).containsOnly(1);
    }

    @Test
    void aFullBufferLosesThatMessageAndNoOther() {
        refusals.addAll(List.of(0, Linux.EAGAIN, 0, Linux.ENOBUFS));
        List<byte[]> expected = mixed();
        assertSent(List.of(expected.get(0), expected.get(1), expected.get(2), expected.get(3), expected.get(6),
                expected.get(7), expected.get(8)));
        assertThat(stats.full).isEqualTo(5);
        assertThat(stats.errors).isZero();
        assertThat(stats.lastError).isEqualTo(Linux.ENOBUFS);
    }

    @Test
    void anUnreachablePeerIsCountedAsErrors() {
        refusals.add(Linux.ENETDOWN);
        mixed();
        assertThat(stats.errors).isEqualTo(4);
        assertThat(sent).hasSize(8);
    }

    @Test
    void aKernelThatTakesOneMessageAtATimeGetsThemAllInOrder() {
        mostAtOnce = 1;
        assertSent(mixed());
    }

    @Test
    void mixedLengthsOfManyFlowsShareMessagesByLength() {
        for (int i = 0; i < 12; i++) {
            add(one, 100 + i % 3, i, i);
        }
        batch.flush();
        assertThat(messages).containsExactly(4, 4, 4);
        assertThat(stats.trains).isEqualTo(3);
    }

    @Test
    void theShorterLastOneOfAFlowStillEndsItsMessage() {
        add(one, 300, 1, 7);
        add(one, 300, 2, 7);
        add(one, 200, 3, 7);
        add(one, 300, 4, 8);
        add(one, 200, 5, 9);
        batch.flush();
        assertThat(messages).containsExactly(3, 1, 1);
    }

    @Test
    void aDatagramOfNoFlowOvertakesNothing() {
        add(one, 100, 1, 7);
        add(one, 60, 2, 8);
        batch.datagram(one, 100);
        batch.append(at, 100);
        batch.datagram(one, 100);
        batch.append(at, 100);
        add(one, 60, 3, 9);
        batch.flush();
        assertThat(messages).as("behind both frames, and a later frame joins the former of its length")
                .containsExactly(1, 2, 2);
    }

    // Flows that share a place in the table are kept in order between them too.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 40, 600})
    void noDatagramOvertakesAnotherOfItsFlow(int flows) {
        Random random = new Random(flows);
        System.out.println("seed " + flows);
        long[] destinations = {one, other, onSecond};
        for (int round = 0; round < 20; round++) {
            Map<Integer, List<ByteBuffer>> expected = new TreeMap<>();
            Map<ByteBuffer, Integer> flowOf = new HashMap<>();
            sent.clear();
            at = memory + 4096;
            int[] lengths = {4 + random.nextInt(60), 64, 300, 1200};
            for (int i = 0; i < 150 && batch.hasRoom(); i++) {
                int flow = random.nextInt(flows);
                ByteBuffer octets = ByteBuffer
                        .wrap(add(destinations[flow % 3], lengths[random.nextInt(4)], i, flow));
                expected.computeIfAbsent(flow, _ -> new ArrayList<>()).add(octets);
                flowOf.put(octets, flow);
            }
            batch.flush();
            Map<Integer, List<ByteBuffer>> arrived = sent.stream().map(Sent::octets).map(ByteBuffer::wrap)
                    .collect(Collectors.groupingBy(octets -> flowOf.getOrDefault(octets, -1), TreeMap::new,
                            Collectors.toList()));
            assertThat(arrived).isEqualTo(expected);
        }
    }

    @Test
    void roomIsToldBeforeItEnds() {
        int added = 0;
        while (batch.hasRoom()) {
            add(added % 2 == 0 ? one : other, 8, 1);
            added++;
        }
        batch.flush();
        assertThat(added).isEqualTo(256);
        assertThat(sent).hasSize(256);
        assertThat(batch.hasRoom()).isTrue();
    }
}

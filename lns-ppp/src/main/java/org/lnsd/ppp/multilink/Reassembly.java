package org.lnsd.ppp.multilink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lnsd.ppp.frame.FrameHeader;

/**
 * Puts fragments together (RFC 1990 section 4.1). A gap is lost once every link has passed it (section 4.1.1), when its
 * time is over, or when the memory is full, its own or that of all bundles. One thread at a time.
 */
public final class Reassembly {
    /** Also bounds the fragments without data. */
    private static final int MAXIMUM_FRAGMENTS = 1024;
    /** Numbers begin at 0; a first fragment below this has overtaken others, one above comes from a peer that begins elsewhere. */
    private static final int EARLY = 64;
    private static final int PROTOCOL_BYTES = 2;

    private final BundleSettings settings;
    private final ByteBufAllocator allocator;
    private final FragmentMemory memory;
    private final Ledger ledger;
    /** By the sequence number counted on without wrapping. */
    private final TreeMap<Long, Fragment> waiting = new TreeMap<>();
    private final Map<Integer, Long> lastOfLink = new TreeMap<>();
    private final ArrayDeque<ByteBuf> received = new ArrayDeque<>(4);
    private long expected = -1;
    /** The packet that begins here lacks its end up to {@link #scannedNext}; it is not looked through again for each fragment. */
    private long scannedFirst = -1;
    private long scannedNext;
    private int scannedBytes;
    private int waitingBytes;
    private long gapSinceNs = Long.MAX_VALUE;
    private long fragmentsLost;
    private long fragmentsDropped;

    /** Takes the memory of fragments and packets from the allocator, as long as {@code memory} has room. */
    public Reassembly(BundleSettings settings, ByteBufAllocator allocator, FragmentMemory memory, Ledger ledger) {
        this.settings = settings;
        this.allocator = allocator;
        this.memory = memory;
        this.ledger = ledger;
    }

    /** Who wants to know by which links packets have come, and what was given up for others. */
    public interface Ledger {
        /** A link has carried so many octets of the information field of a packet of that protocol. */
        void carried(int linkId, int protocol, int octets);

        /** Something was given up because the memory of all bundles is full. */
        default void memoryFull() {}
    }

    private record Fragment(int linkId, boolean begin, boolean end, ByteBuf data, long arrivedNs) {}

    /** A link joins; until its first fragment nothing is taken for lost. */
    public void addLink(int linkId) {
        lastOfLink.put(linkId, -1L);
    }

    /** A link leaves; gaps are no longer waited for on it. */
    public void removeLink(int linkId) {
        lastOfLink.remove(linkId);
        assemble();
    }

    /** Borrows a fragment, reader index at the multilink header. What is malformed, late or doubled is dropped. */
    public void onFragment(int linkId, ByteBuf fragment, long nowNs) {
        ByteBuf data = fragment.slice();
        MultilinkHeader header = MultilinkHeader.read(data, settings.receiveFormat());
        if (header == null || !lastOfLink.containsKey(linkId)) {
            fragmentsDropped++;
            return;
        }
        long sequence = unwrap(header.sequence());
        lastOfLink.merge(linkId, sequence, Math::max);
        if (sequence < expected || waiting.containsKey(sequence)) {
            fragmentsDropped++;
            return;
        }
        hold(new Fragment(linkId, header.begin(), header.end(), copy(data), nowNs), sequence);
        assemble();
    }

    private long unwrap(int sequence) {
        if (expected < 0) {
            int begin = sequence < EARLY ? 0 : sequence;
            expected = settings.receiveFormat().modulus() + (long) begin;
        }
        int modulus = settings.receiveFormat().modulus();
        return expected + settings.receiveFormat().distance(sequence, (int) (expected % modulus));
    }

    private ByteBuf copy(ByteBuf data) {
        ByteBuf copy = allocator.buffer(data.readableBytes());
        return copy.writeBytes(data, data.readerIndex(), data.readableBytes());
    }

    private void hold(Fragment fragment, long sequence) {
        waiting.put(sequence, fragment);
        waitingBytes += fragment.data().readableBytes();
        memory.take(fragment.data().readableBytes());
    }

    private @Nullable Fragment remove(long sequence) {
        Fragment fragment = waiting.remove(sequence);
        if (fragment != null) {
            waitingBytes -= fragment.data().readableBytes();
            memory.giveBack(fragment.data().readableBytes());
        }
        return fragment;
    }

    /** Does what is due: gaps that nobody has filled in time are given up, all of them. */
    public void onTimeout(long nowNs) {
        while (gapSinceNs != Long.MAX_VALUE && nowNs - gapSinceNs >= settings.holdNs()) {
            giveUpFirst();
            gapSinceNs = Long.MAX_VALUE;
            assemble();
        }
    }

    /** Returns when {@link #onTimeout} is due, or Long.MAX_VALUE. */
    public long nextDeadlineNs() {
        return gapSinceNs == Long.MAX_VALUE ? Long.MAX_VALUE : gapSinceNs + settings.holdNs();
    }

    /** Returns an owned packet from its protocol field, or null. */
    public @Nullable ByteBuf pollReceived() {
        return received.poll();
    }

    private void assemble() {
        boolean progress = true;
        while (progress && !waiting.isEmpty()) {
            progress = step();
            if (!progress && isFull()) {
                giveUpFirst();
                progress = true;
            }
        }
        if (waiting.isEmpty()) {
            gapSinceNs = Long.MAX_VALUE;
        } else if (gapSinceNs == Long.MAX_VALUE) {
            gapSinceNs = waiting.firstEntry().getValue().arrivedNs();
        }
    }

    private boolean isFull() {
        boolean full = waitingBytes > settings.bufferBytes() || waiting.size() > MAXIMUM_FRAGMENTS;
        if (!full && memory.isFull()) {
            ledger.memoryFull();
            return true;
        }
        return full;
    }

    /** Delivers or discards what stands first; returns false if it has to wait. */
    private boolean step() {
        long first = waiting.firstKey();
        if (first > expected) {
            return skipGap(expected, first);
        }
        if (!waiting.firstEntry().getValue().begin()) {
            drop(first);
            return true;
        }
        if (scannedFirst != first) {
            scannedFirst = first;
            scannedNext = first;
            scannedBytes = 0;
        }
        for (Map.Entry<Long, Fragment> entry : waiting.tailMap(scannedNext).entrySet()) {
            Fragment fragment = entry.getValue();
            boolean broken = entry.getKey() > first && fragment.begin();
            if (entry.getKey() != scannedNext || broken) {
                return onBrokenChain(first, scannedNext, entry.getKey(), broken);
            }
            scannedBytes += fragment.data().readableBytes();
            scannedNext++;
            if (fragment.end()) {
                deliver(first, scannedNext - 1);
                return true;
            }
            if (scannedBytes > settings.localMrru() + PROTOCOL_BYTES) {
                return discard(first, scannedNext); // longer than we have agreed to
            }
        }
        return isPassed(scannedNext) && discard(first, scannedNext);
    }

    /** The packet that begins at {@code first} lacks {@code missing}, or another begins before it ended. */
    private boolean onBrokenChain(long first, long missing, long found, boolean anotherBegins) {
        if (anotherBegins && found == missing) {
            return discard(first, missing);
        }
        return isPassed(missing) && discard(first, missing);
    }

    private boolean skipGap(long from, long to) {
        if (!isPassed(from)) {
            return false;
        }
        fragmentsLost += to - from;
        expected = to;
        return true;
    }

    /** Every link has delivered something later (RFC 1990 section 4.1.1: M is the minimum over the links). */
    private boolean isPassed(long sequence) {
        long minimum = Long.MAX_VALUE;
        for (long last : lastOfLink.values()) {
            minimum = Math.min(minimum, last);
        }
        return minimum > sequence;
    }

    private boolean discard(long first, long beyond) {
        for (long sequence = first; sequence < beyond; sequence++) {
            drop(sequence);
        }
        return true;
    }

    private void drop(long sequence) {
        Fragment fragment = remove(sequence);
        if (fragment != null) {
            fragment.data().release();
            fragmentsDropped++;
        }
        expected = Math.max(expected, sequence + 1);
    }

    private void giveUpFirst() {
        if (waiting.isEmpty()) {
            return;
        }
        long first = waiting.firstKey();
        if (first > expected) {
            fragmentsLost += first - expected;
            expected = first;
        } else {
            drop(first);
        }
    }

    private void deliver(long first, long last) {
        ByteBuf packet = allocator.buffer();
        var fragments = new ArrayList<Part>(4);
        for (long sequence = first; sequence <= last; sequence++) {
            Fragment fragment = remove(sequence);
            if (fragment != null) {
                packet.writeBytes(fragment.data());
                fragment.data().release();
                fragments.add(new Part(fragment.linkId(), packet.writerIndex()));
            }
        }
        expected = last + 1;
        gapSinceNs = Long.MAX_VALUE;
        if (packet.isReadable() && packet.readableBytes() <= settings.localMrru() + PROTOCOL_BYTES) {
            received.add(packet);
            enter(packet.slice(), fragments);
        } else {
            packet.release();
        }
    }

    /** A fragment ended the packet so far. */
    private record Part(int linkId, int endBytes) {}

    /** The octets of the information field behind the protocol field, each with the link that it came by. */
    private void enter(ByteBuf packet, List<Part> parts) {
        int protocol = FrameHeader.readProtocol(packet);
        int counted = packet.readerIndex();
        for (Part part : parts) {
            if (part.endBytes() > counted) {
                ledger.carried(part.linkId(), protocol, part.endBytes() - counted);
                counted = part.endBytes();
            }
        }
    }

    /** Both ends begin anew: whatever number comes next is the first one. What is whole stays to be taken. */
    public void reset() {
        dropWaiting();
        lastOfLink.replaceAll((link, last) -> -1L);
        expected = -1;
    }

    private void dropWaiting() {
        fragmentsDropped += waiting.size();
        waiting.values().forEach(fragment -> {
            memory.giveBack(fragment.data().readableBytes());
            fragment.data().release();
        });
        waiting.clear();
        waitingBytes = 0;
        gapSinceNs = Long.MAX_VALUE;
        scannedFirst = -1;
    }

    /** Gives all memory back; nothing is taken afterwards. */
    public void close() {
        dropWaiting();
        received.forEach(ByteBuf::release);
        received.clear();
        lastOfLink.clear();
    }

    /** Returns the octets of fragments that wait. */
    public int waitingBytes() { return waitingBytes; }

    /** Returns the fragments that never came. */
    public long fragmentsLost() { return fragmentsLost; }

    /** Returns the fragments that came in vain: late, doubled, or of a packet that is not whole. */
    public long fragmentsDropped() {
        return fragmentsDropped;
    }
}

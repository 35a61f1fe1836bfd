package org.lnsd.tun;

/**
 * Joins consecutive TCP or UDP packets of a flow into one super-packet for the device: the kernel will cut it into exactly
 * the packets that came. The payload is never copied: a train is an I/O vector into the memory the packets lie in, so that
 * must stay until {@link #flush}.
 *
 * <p>What is joined: packets of equal addresses, ports, TTL, traffic class, DF, and of consecutive IP ids, or with DF all of id 0:
 * such a datagram is atomic and its id means nothing (RFC 6864 section 4.1), so it does not matter that the kernel numbers
 * the packets when it cuts the train. TCP with ACK and
 * nothing else but a closing PSH, consecutive sequence numbers, equal acknowledgement, window and options; UDP with a
 * checksum. Only packets whose checksums are right: the kernel would repair the others. All but the last are of one size.
 * Everything else goes out as it came, after its flow's train.
 */
public final class Coalescer {
    private static final int SLOTS = 512;
    private static final int MAXIMUM_PACKETS = 64;
    private static final int MAXIMUM_BYTES = 65_535;
    private static final int IOVEC = 16;
    private static final int TRAIN_STRIDE = (2 + MAXIMUM_PACKETS) * IOVEC;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ACK = 0x10;
    private static final int PSH = 0x08;
    private static final int REFUSALS_TO_STOP = 8;

    private final TrainSink sink;
    private final Stats stats;
    private boolean joinTcp;
    private boolean joinUdp;
    private int refusals;

    private final long trains = Memory.map((long) SLOTS * TRAIN_STRIDE);
    private final long scratch = Memory.map(4096);
    private final long zeroHeader = scratch;
    private final long header = scratch + 16;
    private final long single = scratch + 32;

    // One element a slot. first: address of the first packet, 0: empty.
    private final long[] first = new long[SLOTS];
    private final boolean[] verified = new boolean[SLOTS];
    private final boolean[] roomy = new boolean[SLOTS];
    private final int[] count = new int[SLOTS];
    private final int[] nextSequence = new int[SLOTS];
    private final int[] nextId = new int[SLOTS];
    private final int[] segmentBytes = new int[SLOTS];
    private final int[] totalBytes = new int[SLOTS];
    private final int[] active = new int[SLOTS];
    private int activeCount;

    // The packet in hand.
    private boolean ipv6;
    private int protocol;
    private int transport;
    private int headerBytes;
    private int payloadBytes;
    private int lengthBytes;
    private boolean room;

    /** What happened; plain counters of the owning thread. */
    public static final class Stats {
        /** Packets that went out inside trains. */
        public long joinedPackets;
        /** Trains of two packets and more. */
        public long trains;
        /** Trains that the kernel refused, which then went out packet by packet. */
        public long refusedTrains;
        /** Packets that the kernel refused. */
        public long refusedPackets;
        /** Error number of the last refusal. */
        public int lastError;
    }

    /** Joins TCP and UDP as told, until the kernel refuses it too often. */
    public Coalescer(TrainSink sink, Stats stats, boolean joinTcp, boolean joinUdp) {
        this.sink = sink;
        this.stats = stats;
        this.joinTcp = joinTcp;
        this.joinUdp = joinUdp;
    }

    /** Whether TCP trains are (still) made. */
    public boolean joinsTcp() { return joinTcp; }

    /** Whether UDP trains are (still) made. */
    public boolean joinsUdp() { return joinUdp; }

    /** Gives back the memory. */
    public void close() {
        Memory.unmap(trains);
        Memory.unmap(scratch);
    }

    /**
     * Takes a packet; the caller has checked that the IP header fits in and that the length is the IP header's own.
     *
     * @param roomBytes so many octets before the packet are needed by nobody any more: room for a virtio-net header
     */
    public void add(long packet, int packetLengthBytes, long roomBytes) {
        room = roomBytes >= VirtioNetHeader.LENGTH;
        lengthBytes = packetLengthBytes;
        if (!joinTcp && !joinUdp) {
            writeSingle(packet, packetLengthBytes, room);
            return;
        }
        if (!classify(packet)) {
            flush();
            writeSingle(packet, packetLengthBytes, room);
            return;
        }
        if (protocol != TCP && protocol != UDP) {
            writeSingle(packet, packetLengthBytes, room);
            return;
        }
        int slot = slotOf(packet);
        boolean joinable = joinable(packet);
        if (first[slot] != 0 && joinable && append(slot, packet)) {
            return;
        }
        if (first[slot] != 0) {
            flushSlot(slot);
        }
        if (joinable && !pushed(packet)) {
            begin(slot, packet);
        } else {
            writeSingle(packet, packetLengthBytes, room);
        }
    }

    /** Writes every pending train. */
    public void flush() {
        for (int i = 0; i < activeCount; i++) {
            int slot = active[i];
            if (first[slot] != 0) {
                flushSlot(slot);
            }
        }
        activeCount = 0;
    }

    // False: it cannot be told to which flow the packet belongs (fragment, extension header).
    private boolean classify(long packet) {
        ipv6 = Memory.getByte(packet) >>> 4 == 6;
        if (ipv6) {
            protocol = Memory.getByte(packet + 6);
            transport = 40;
            // Hop-by-hop, routing, fragment, destination options, authentication, mobility, HIP, shim6.
            return switch (protocol) {
                case 0, 43, 44, 51, 60, 135, 139, 140 -> false;
                default -> lengthBytes - transport >= 8 || (protocol != TCP && protocol != UDP);
            };
        }
        protocol = Memory.getByte(packet + 9);
        transport = (Memory.getByte(packet) & 0x0F) * 4;
        boolean fragment = (Memory.getShortBe(packet + 6) & 0x3FFF) != 0;
        return !fragment && (lengthBytes - transport >= 8 || (protocol != TCP && protocol != UDP));
    }

    private int slotOf(long packet) {
        long hash = ipv6
                ? Memory.getLong(packet + 8) * 31 + Memory.getLong(packet + 16) * 17 + Memory.getLong(packet + 24) * 13
                        + Memory.getLong(packet + 32)
                : Memory.getLong(packet + 12);
        hash = (hash ^ ((long) Memory.getInt(packet + transport) << 16) ^ protocol) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash >>> 55);
    }

    private boolean joinable(long packet) {
        if (!ipv6 && (transport != 20 || (Memory.getShortBe(packet + 6) & 0x8000) != 0)) {
            return false;
        }
        long segment = packet + transport;
        int segmentLength = lengthBytes - transport;
        if (protocol == UDP) {
            headerBytes = transport + 8;
            payloadBytes = segmentLength - 8;
            return joinUdp && payloadBytes > 0 && Memory.getShortBe(segment + 4) == segmentLength
                    && Memory.getShort(segment + 6) != 0;
        }
        if (!joinTcp || segmentLength < 20) {
            return false;
        }
        int offsetAndReserved = Memory.getByte(segment + 12);
        int tcpHeader = (offsetAndReserved >>> 4) * 4;
        headerBytes = transport + tcpHeader;
        payloadBytes = segmentLength - tcpHeader;
        return tcpHeader >= 20 && payloadBytes > 0 && (offsetAndReserved & 0x0F) == 0
                && (Memory.getByte(segment + 13) | PSH) == (ACK | PSH) && headerBytes <= 128;
    }

    private boolean pushed(long packet) {
        return protocol == TCP && (Memory.getByte(packet + transport + 13) & PSH) != 0;
    }

    private void begin(int slot, long packet) {
        first[slot] = packet;
        verified[slot] = false;
        roomy[slot] = room;
        count[slot] = 1;
        segmentBytes[slot] = payloadBytes;
        totalBytes[slot] = lengthBytes;
        nextSequence[slot] = protocol == TCP ? Memory.getIntBe(packet + transport + 4) + payloadBytes : 0;
        nextId[slot] = ipv6 || isAtomic(packet) ? 0 : (Memory.getShortBe(packet + 4) + 1) & 0xFFFF;
        if (activeCount == SLOTS) {
            compactActive();
        }
        active[activeCount++] = slot;
        long train = trains + (long) slot * TRAIN_STRIDE;
        putEntry(train, header, VirtioNetHeader.LENGTH);
        putEntry(train + IOVEC, packet, lengthBytes);
    }

    // DF and id 0: Linux sends so where it knows that nobody will fragment.
    private static boolean isAtomic(long packet) {
        return Memory.getShort(packet + 4) == 0 && (Memory.getShortBe(packet + 6) & 0x4000) != 0;
    }

    // A slot stands in the list once for each time that it was begun since the last flush.
    private void compactActive() {
        for (int i = 0; i < activeCount; i++) {
            if (first[active[i]] != 0) {
                flushSlot(active[i]);
            }
        }
        activeCount = 0;
    }

    private boolean append(int slot, long packet) {
        long head = first[slot];
        int headTransport = Memory.getByte(head) >>> 4 == 6 ? 40 : 20;
        if (headTransport != transport || count[slot] == MAXIMUM_PACKETS || payloadBytes > segmentBytes[slot]
                || totalBytes[slot] + payloadBytes > MAXIMUM_BYTES || !sameNetworkHeader(slot, head, packet)
                || !sameTransportHeader(slot, head, packet)) {
            return false;
        }
        if (!verified[slot]) {
            if (!checksumsRight(head, headerBytes - transport, segmentBytes[slot] + headerBytes)) {
                return false;
            }
            verified[slot] = true;
        }
        if (!checksumsRight(packet, headerBytes - transport, lengthBytes)) {
            return false;
        }
        long train = trains + (long) slot * TRAIN_STRIDE;
        putEntry(train + (1L + count[slot]) * IOVEC, packet + headerBytes, payloadBytes);
        count[slot]++;
        totalBytes[slot] += payloadBytes;
        nextSequence[slot] += payloadBytes;
        nextId[slot] = ipv6 || isAtomic(head) ? 0 : (nextId[slot] + 1) & 0xFFFF;
        if (pushed(packet) || payloadBytes < segmentBytes[slot]) {
            flushSlot(slot);
        }
        return true;
    }

    private boolean sameNetworkHeader(int slot, long head, long packet) {
        if (ipv6) {
            return Memory.getInt(head) == Memory.getInt(packet)
                    && Memory.getShort(head + 6) == Memory.getShort(packet + 6)
                    && Memory.equal(head + 8, packet + 8, 32);
        }
        return Memory.getShort(head) == Memory.getShort(packet) && Memory.getShortBe(packet + 4) == nextId[slot]
                && Memory.getShort(head + 6) == Memory.getShort(packet + 6)
                && Memory.getShort(head + 8) == Memory.getShort(packet + 8)
                && Memory.getLong(head + 12) == Memory.getLong(packet + 12);
    }

    private boolean sameTransportHeader(int slot, long head, long packet) {
        long one = head + transport;
        long other = packet + transport;
        if (Memory.getInt(one) != Memory.getInt(other)) {
            return false;
        }
        if (protocol == UDP) {
            return true;
        }
        return Memory.getIntBe(other + 4) == nextSequence[slot] && Memory.getInt(one + 8) == Memory.getInt(other + 8)
                && Memory.getByte(one + 12) == Memory.getByte(other + 12)
                && Memory.getShort(one + 14) == Memory.getShort(other + 14)
                && Memory.getShort(one + 18) == Memory.getShort(other + 18)
                && Memory.equal(one + 20, other + 20, headerBytes - transport - 20);
    }

    private boolean checksumsRight(long packet, int transportHeaderBytes, int packetBytes) {
        if (!ipv6 && Checksum.fold(Checksum.sum(packet, 20)) != 0xFFFF) {
            return false;
        }
        int transportBytes = packetBytes - transport;
        return transportBytes >= transportHeaderBytes && Checksum.fold(Checksum.sum(packet + transport, transportBytes)
                + Checksum.pseudoHeader(packet, ipv6, protocol, transportBytes)) == 0xFFFF;
    }

    private void flushSlot(int slot) {
        long head = first[slot];
        first[slot] = 0;
        if (count[slot] == 1) {
            writeSingle(head, totalBytes[slot], roomy[slot]);
        } else {
            writeTrain(slot, head);
        }
    }

    private void writeTrain(int slot, long head) {
        boolean v6 = Memory.getByte(head) >>> 4 == 6;
        int proto = Memory.getByte(head + (v6 ? 6 : 9));
        int l4 = v6 ? 40 : 20;
        int total = totalBytes[slot];
        int headers = proto == TCP ? l4 + (Memory.getByte(head + l4 + 12) >>> 4) * 4 : l4 + 8;
        int checksumOffset = proto == TCP ? 16 : 6;
        // Kept so that the packets can still go out one by one if the kernel refuses the train.
        int oldLength = Memory.getShort(head + (v6 ? 4 : 2));
        int oldIpChecksum = Memory.getShort(head + 10);
        int oldChecksum = Memory.getShort(head + l4 + checksumOffset);
        int oldUdpLengthOrFlags = proto == TCP ? Memory.getByte(head + l4 + 13) : Memory.getShort(head + l4 + 4);
        long train = trains + (long) slot * TRAIN_STRIDE;
        long last = Memory.getLong(train + (long) count[slot] * IOVEC);
        if (v6) {
            Memory.putShortBe(head + 4, total - 40);
        } else {
            Memory.putShortBe(head + 2, total);
            Memory.putShort(head + 10, 0);
            Memory.putShort(head + 10, Checksum.finish(Checksum.sum(head, 20)));
        }
        if (proto == TCP) {
            Memory.putByte(head + l4 + 13, oldUdpLengthOrFlags | Memory.getByte(last - headers + l4 + 13));
        } else {
            Memory.putShortBe(head + l4 + 4, total - l4);
        }
        Memory.putShort(head + l4 + checksumOffset, Checksum.fold(Checksum.pseudoHeader(head, v6, proto, total - l4)));
        int gsoType = proto == UDP
                ? VirtioNetHeader.GSO_UDP_L4
                : v6 ? VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_TCPV4;
        VirtioNetHeader.write(header, gsoType, headers, segmentBytes[slot], l4, checksumOffset);
        int error = sink.write(train, count[slot] + 1);
        if (error == 0) {
            stats.trains++;
            stats.joinedPackets += count[slot];
            refusals = 0;
            return;
        }
        Memory.putShort(head + (v6 ? 4 : 2), oldLength);
        if (!v6) {
            Memory.putShort(head + 10, oldIpChecksum);
        }
        Memory.putShort(head + l4 + checksumOffset, oldChecksum);
        if (proto == TCP) {
            Memory.putByte(head + l4 + 13, oldUdpLengthOrFlags);
        } else {
            Memory.putShort(head + l4 + 4, oldUdpLengthOrFlags);
        }
        refused(slot, headers, proto, error);
    }

    private void refused(int slot, int headers, int proto, int error) {
        stats.refusedTrains++;
        stats.lastError = error;
        long train = trains + (long) slot * TRAIN_STRIDE;
        int packets = count[slot];
        boolean takesPackets = writeSingle(Memory.getLong(train + IOVEC), (int) Memory.getLong(train + IOVEC + 8),
                roomy[slot]);
        for (int i = 1; i < packets; i++) {
            long entry = train + (1L + i) * IOVEC;
            takesPackets |= writeSingle(Memory.getLong(entry) - headers, (int) Memory.getLong(entry + 8) + headers,
                    false);
        }
        // A device that is down refuses everything (EIO): that says nothing of trains.
        if (takesPackets && (error == Linux.EINVAL || error == Linux.EIO) && ++refusals >= REFUSALS_TO_STOP) {
            refusals = 0;
            if (proto == TCP) {
                joinTcp = false;
            } else {
                joinUdp = false;
            }
        }
    }

    private boolean writeSingle(long packet, int packetBytes, boolean roomBefore) {
        long empty = zeroHeader;
        if (roomBefore) {
            empty = packet - VirtioNetHeader.LENGTH;
            VirtioNetHeader.clear(empty);
        }
        putEntry(single, empty, VirtioNetHeader.LENGTH);
        putEntry(single + IOVEC, packet, packetBytes);
        int error = sink.write(single, 2);
        if (error != 0) {
            stats.refusedPackets++;
            stats.lastError = error;
        }
        return error == 0;
    }

    private static void putEntry(long entry, long address, int bytes) {
        Memory.putLong(entry, address);
        Memory.putLong(entry + 8, bytes);
    }
}

package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;
import org.lnsd.tun.PacketQueue;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.Splitter;
import org.lnsd.tun.VirtioNetHeader;

/**
 * From the device to the tunnel sockets, one instance a forwarding thread. In the order of a packet's way: {@link #turn}
 * reads some (super-)packets, {@link #packet} finds the row, {@link #send} cuts and prepends headers, the
 * {@link SendBatch} joins datagrams of equal length and sends.
 */
final class Downstream implements AutoCloseable {
    private static final int READS = 64;
    private static final int HEADROOM = 64;
    private static final int CACHE_LINE = 64;
    /** The first ten bits of fe80::/10. */
    private static final int LINK_LOCAL = 0x3FA;
    private static final int PACKET_BYTES = 65_536;
    // Eight super-packets, or a full turn of ordinary ones; larger would not stay in the core's cache until it is sent.
    private static final int BUFFER_BYTES = 9 * (HEADROOM + PACKET_BYTES);

    private final Tables tables;
    private final Rows rows;
    private final PacketQueue device;
    private final boolean selectBySource;
    private final SendBatch batch;
    private final LoopCounters counters;
    private final LimitGate gate;
    private final ShapedSender shaped;
    private final Oversize oversize;
    private final Punt punt;
    private final Splitter splitter = new Splitter();
    private final long buffer = Memory.map(BUFFER_BYTES);
    private long nowNs;
    private boolean drained;
    private long turnedBytes;

    Downstream(Tables tables, Rows rows, PacketQueue device, boolean selectBySource, SendBatch batch,
            LoopCounters counters, LimitGate gate, ShapedSender shaped, Oversize oversize, Punt punt) {
        this.punt = punt;
        this.tables = tables;
        this.rows = rows;
        this.device = device;
        this.selectBySource = selectBySource;
        this.batch = batch;
        this.counters = counters;
        this.gate = gate;
        this.shaped = shaped;
        this.oversize = oversize;
    }

    /** Reads, forwards and sends what is there, a bounded number of (super-)packets; returns how many. */
    int turn(long turnNowNs) {
        nowNs = turnNowNs;
        int header = device.virtioNetHeaders() ? VirtioNetHeader.LENGTH : 0;
        long end = buffer + BUFFER_BYTES - PACKET_BYTES;
        int reads = 0;
        drained = false;
        turnedBytes = 0;
        for (long next = buffer + HEADROOM; reads < READS && next <= end && turnedBytes < BUFFER_BYTES; reads++) {
            long place = shaped.place();
            long packet = place == 0 ? next : place;
            int length = device.read(packet - header, PACKET_BYTES + header) - header;
            if (length <= 0) {
                drained = true;
                break;
            }
            if (header == 0) {
                VirtioNetHeader.clear(packet - VirtioNetHeader.LENGTH);
            }
            turnedBytes += length;
            packet(packet, length);
            next += place == 0 ? (length + HEADROOM + CACHE_LINE - 1) & -CACHE_LINE : 0;
        }
        batch.flush();
        shaped.flushed();
        return reads;
    }

    /** Sends what waited for its rate, if it is time: for a loop that does not come to its tasks. */
    void onTime(long turnNowNs) {
        shaped.onTime(turnNowNs);
    }

    /** Whether the last turn left nothing. */
    boolean drained() { return drained; }

    /** How many octets the last turn had. */
    long turnedBytes() { return turnedBytes; }

    /** One (super-)packet; its virtio-net header lies before it. */
    void packet(long packet, int lengthBytes) {
        boolean ipv6 = Memory.getByte(packet) >>> 4 == 6;
        if (lengthBytes < (ipv6 ? 40 : 20)) {
            counters.drop(DropReason.BAD_IP_PACKET);
            return;
        }
        int row = ipv6 ? rowOfIpv6(packet) : rowOfIpv4(packet);
        if (row < 0) {
            counters.drop(DropReason.NO_ROUTE);
            if (!selectBySource) {
                oversize.tellUnreachable(packet, lengthBytes, ipv6, nowNs);
            }
            return;
        }
        long word = rows.word(row);
        int flags = Rows.flags(word);
        if ((flags & (ipv6 ? Rows.IPV6 : Rows.IPV4)) == 0) {
            counters.dropOut(row, DropReason.NETWORK_CLOSED);
            return;
        }
        if (ipv6 ? Memory.getLongBe(packet + 8) >>> 54 == LINK_LOCAL : oversize.isRedirect(packet, lengthBytes)) {
            counters.dropOut(row, DropReason.NOT_FORWARDED); // RFC 4291 section 2.5.6, RFC 1812 section 5.2.7.2
            return;
        }
        if (!splitter.begin(packet - VirtioNetHeader.LENGTH, packet, lengthBytes)) {
            counters.dropOut(row, DropReason.BAD_SUPER_PACKET);
            return;
        }
        if ((flags & Rows.LIMITED_OUT) != 0 && !gate.admitsOut(row, packet, lengthBytes, splitter.count(), nowNs)) {
            return;
        }
        if (splitter.largestPacketBytes() > Rows.mtuBytes(word)) {
            if ((flags & Rows.LIMITED_OUT) == 0 || mayExceed(row, lengthBytes)) {
                tooBig(row, word, packet, lengthBytes, ipv6);
            }
            return;
        }
        if ((flags & Rows.MSS_CLAMP) != 0 && splitter.count() == 1) {
            clamp(packet, lengthBytes, ipv6, Rows.clampBytes(word));
        }
        if ((flags & Rows.LIMITED_OUT) != 0 && !mayGo(row, packet, lengthBytes, ipv6)) {
            return;
        }
        if ((flags & Rows.MULTILINK) != 0) {
            if ((flags & Rows.TAPPED) != 0) {
                tap(row, packet, lengthBytes);
            }
            toBundle(row, packet, lengthBytes);
        } else {
            send(row, word, packet, lengthBytes, ipv6);
        }
    }

    /** Each packet goes to the control loop, which knows the links of the bundle and counts on the ones that it takes. */
    private void toBundle(int row, long packet, int lengthBytes) {
        for (int i = 0; i < splitter.count(); i++) {
            boolean alone = splitter.headerBytes() == 0;
            int bytes = alone ? lengthBytes : splitter.headerBytes() + splitter.payloadBytes(i);
            if (!punt.packet(row, alone ? packet : segment(i), bytes, nowNs)) {
                counters.dropOut(row, DropReason.PUNT_FULL);
                return;
            }
        }
    }

    private long segment(int index) {
        long whole = oversize.scratch();
        splitter.writeHeader(index, whole);
        Memory.copy(splitter.payloadAddress(index), whole + splitter.headerBytes(), splitter.payloadBytes(index));
        return whole;
    }

    private void tap(int row, long packet, int lengthBytes) {
        for (int i = 0; i < splitter.count(); i++) {
            boolean alone = splitter.headerBytes() == 0;
            gate.tap(row, alone ? packet : segment(i),
                    alone ? lengthBytes : splitter.headerBytes() + splitter.payloadBytes(i));
        }
    }

    private boolean mayGo(int row, long packet, int lengthBytes, boolean ipv6) {
        gate.restore(row, packet, lengthBytes);
        ShapedLine line = gate.line(row);
        return line == null || shaped.passes(line, splitter, packet, lengthBytes, ipv6, nowNs);
    }

    private boolean mayExceed(int row, int lengthBytes) {
        ShapedLine line = gate.line(row);
        return line == null || shaped.charged(line, lengthBytes, splitter.count(), nowNs);
    }

    private int rowOfIpv4(long packet) { return tables.ipv4(Memory.getIntBe(packet + (selectBySource ? 12 : 16))); }

    private int rowOfIpv6(long packet) {
        long address = packet + (selectBySource ? 8 : 24);
        return tables.ipv6(Memory.getLongBe(address), Memory.getLongBe(address + 8));
    }

    private static void clamp(long packet, int lengthBytes, boolean ipv6, int mtuBytes) {
        if (ipv6) {
            MssClamp.ipv6(packet, lengthBytes, mtuBytes);
        } else {
            MssClamp.ipv4(packet, (Memory.getByte(packet) & 0x0F) * 4, lengthBytes, mtuBytes);
        }
    }

    private void send(int row, long word, long packet, int lengthBytes, boolean ipv6) {
        int flags = Rows.flags(word);
        long destination = rows.destination(Rows.tunnel(word));
        int header = L2tpDataHeader.lengthBytes(flags);
        int count = splitter.count();
        if ((flags & Rows.TAPPED) != 0) {
            tap(row, packet, lengthBytes);
        }
        if (splitter.headerBytes() == 0) {
            if (!batch.hasRoom()) {
                batch.flush();
            }
            L2tpDataHeader.write(packet - header, rows, row, flags, ipv6);
            batch.datagram(destination, header + lengthBytes, row);
            batch.append(packet - header, header + lengthBytes);
            counters.out(row, 1, lengthBytes, ipv6, nowNs);
            return;
        }
        int network = splitter.headerBytes();
        for (int i = 0; i < count; i++) {
            if (!batch.hasRoom()) {
                batch.flush();
            }
            long slot = batch.slot();
            L2tpDataHeader.write(slot, rows, row, flags, ipv6);
            splitter.writeHeader(i, slot + header);
            int payload = splitter.payloadBytes(i);
            batch.datagram(destination, header + network + payload, row);
            batch.append(slot, header + network);
            batch.append(splitter.payloadAddress(i), payload);
        }
        counters.out(row, count, lengthBytes + (count - 1L) * network, ipv6, nowNs);
    }

    // IPv4 without DF is fragmented; for the others the sender is told (RFC 1191, RFC 8201).
    private void tooBig(int row, long word, long packet, int lengthBytes, boolean ipv6) {
        if (ipv6 || (Memory.getShortBe(packet + 6) & 0x4000) != 0) {
            boolean told = oversize.tellSender(packet, lengthBytes, ipv6, Rows.mtuBytes(word), nowNs);
            counters.dropOut(row, told ? DropReason.TOO_BIG : DropReason.TOO_BIG_SILENT, splitter.count());
            return;
        }
        if ((Rows.flags(word) & Rows.LIMITED_OUT) != 0) {
            gate.restore(row, packet, lengthBytes);
        }
        if ((Rows.flags(word) & Rows.TAPPED) != 0) {
            tap(row, packet, lengthBytes);
        }
        for (int i = 0; i < splitter.count(); i++) {
            long whole = packet;
            int bytes = lengthBytes;
            if (splitter.headerBytes() != 0) {
                whole = oversize.scratch();
                bytes = splitter.headerBytes() + splitter.payloadBytes(i);
                splitter.writeHeader(i, whole);
                Memory.copy(splitter.payloadAddress(i), whole + splitter.headerBytes(), splitter.payloadBytes(i));
            }
            fragment(row, word, whole, bytes);
            batch.flush();
        }
    }

    private void fragment(int row, long word, long packet, int lengthBytes) {
        int flags = Rows.flags(word);
        int header = L2tpDataHeader.lengthBytes(flags);
        int network = (Memory.getByte(packet) & 0x0F) * 4;
        int most = (Rows.mtuBytes(word) - network) & ~7;
        int payload = lengthBytes - network;
        if (most <= 0 || network < 20 || payload <= 0) {
            counters.dropOut(row, DropReason.BAD_IP_PACKET);
            return;
        }
        int fragments = 0;
        for (int offset = 0; offset < payload; offset += most) {
            if (!batch.hasRoom()) {
                batch.flush();
            }
            int bytes = Math.min(most, payload - offset);
            long slot = batch.slot();
            L2tpDataHeader.write(slot, rows, row, flags, false);
            Oversize.writeFragmentHeader(packet, slot + header, network, offset, bytes, offset + bytes == payload);
            batch.datagram(rows.destination(Rows.tunnel(word)), header + network + bytes, row);
            batch.append(slot, header + network);
            batch.append(packet + network + offset, bytes);
            fragments++;
        }
        counters.fragmented++;
        counters.out(row, fragments, payload + (long) fragments * network, false, nowNs);
    }

    @Override
    public void close() { Memory.unmap(buffer); }
}

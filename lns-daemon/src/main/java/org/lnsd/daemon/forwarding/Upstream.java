package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Coalescer;
import org.lnsd.tun.Memory;
import org.lnsd.tun.ReceiveBatch;

/**
 * From the tunnel socket to the device, one instance a loop. In the order of a packet's way: {@link #drain} takes a batch,
 * {@link #packet} reads the L2TP header (RFC 2661 section 3.1) and finds the row, {@link #frame} reads the PPP framing
 * (RFC 1661 section 2), {@code ipv4} and {@code ipv6} check and count, the {@link Coalescer} writes.
 */
final class Upstream {
    private static final int T_BIT = 0x8000;
    private static final int L_BIT = 0x4000;
    private static final int S_BIT = 0x0800;
    private static final int O_BIT = 0x0200;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;
    private static final int PPP_MULTILINK = 0x003d;
    private static final int PUNTS_PER_WINDOW = 128;
    private static final int WAITING_PER_WINDOW = 16;

    private final Tables tables;
    private final Rows rows;
    private final ReceiveBatch batch;
    private final Coalescer coalescer;
    private final LoopCounters counters;
    private final Punt punt;
    private final LimitGate gate;
    private final Resequencer resequencer;
    private long nowNs;
    private int socketIndex;
    private long drainedBytes;
    /** Off for what was put together from fragments: those are counted on the links that they came by. */
    private boolean counting = true;
    /** Where the datagram or frame in hand begins: nothing before it may be changed, the headers between it and the packet may. */
    private long needed;

    // The tunnel whose peer address the message in hand was compared with, and the result.
    private int comparedTunnel;
    private boolean comparedEqual;

    Upstream(Tables tables, Rows rows, ReceiveBatch batch, Coalescer coalescer, LoopCounters counters, Punt punt,
            LimitGate gate, Resequencer.Alarm alarm) {
        this.tables = tables;
        this.rows = rows;
        this.batch = batch;
        this.coalescer = coalescer;
        this.counters = counters;
        this.punt = punt;
        this.gate = gate;
        resequencer = new Resequencer(rows, counters, this::resequenced, alarm);
    }

    /** Receives and forwards one batch; returns how many messages there were. */
    int drain(int fd, int index, long batchNowNs) {
        int messages = batch.receive(fd);
        nowNs = batchNowNs;
        socketIndex = index;
        drainedBytes = 0;
        for (int message = 0; message < messages; message++) {
            comparedTunnel = -1;
            int length = batch.lengthBytes(message);
            drainedBytes += length;
            int segment = batch.segmentBytes(message);
            long address = batch.address(message);
            for (int offset = 0; offset < length; offset += segment) {
                packet(message, address + offset, Math.min(segment, length - offset));
            }
        }
        coalescer.flush();
        return messages;
    }

    /** How many octets the last batch had. */
    long drainedBytes() { return drainedBytes; }

    /** One datagram. */
    void packet(int message, long address, int lengthBytes) {
        if (lengthBytes < 6) {
            counters.drop(DropReason.BAD_L2TP_HEADER);
            return;
        }
        int flags = Memory.getShortBe(address);
        if ((flags & T_BIT) != 0) {
            counters.controlMessages++;
            if (!punt.control(message, socketIndex, address, lengthBytes, nowNs)) {
                counters.drop(DropReason.PUNT_FULL);
            }
            return;
        }
        if ((flags & 0x000F) != 2) {
            counters.drop(DropReason.BAD_L2TP_HEADER);
            return;
        }
        data(message, address, lengthBytes, flags);
    }

    private void data(int message, long address, int lengthBytes, int flags) {
        long end = address + lengthBytes;
        long at = address + 2;
        if ((flags & L_BIT) != 0) {
            int said = Memory.getShortBe(at);
            at += 2;
            if (said > lengthBytes) {
                counters.drop(DropReason.BAD_L2TP_LENGTH);
                return;
            }
            end = address + said;
        }
        long ids = at;
        at += 4 + ((flags & S_BIT) != 0 ? 4 : 0);
        if ((flags & O_BIT) != 0) {
            if (at + 2 > end) {
                counters.drop(DropReason.BAD_L2TP_LENGTH);
                return;
            }
            at += 2 + Memory.getShortBe(at);
        }
        if (at > end) {
            counters.drop(DropReason.BAD_L2TP_LENGTH);
            return;
        }
        int row = tables.session(Memory.getShortBe(ids), Memory.getShortBe(ids + 2));
        if (row < 0) {
            counters.drop(DropReason.UNKNOWN_SESSION);
            return;
        }
        long word = rows.word(row);
        if (!fromPeer(message, Rows.tunnel(word))) {
            counters.drop(DropReason.WRONG_PEER);
            return;
        }
        needed = address;
        frame(row, word, at, (int) (end - at), (flags & S_BIT) != 0 ? Memory.getShortBe(ids + 4) : -1);
    }

    private boolean fromPeer(int message, int tunnel) {
        if (tunnel != comparedTunnel) {
            comparedTunnel = tunnel;
            comparedEqual = rows.isPeer(tunnel, batch.nameAddress(message));
        }
        return comparedEqual;
    }

    private void frame(int row, long word, long frame, int lengthBytes, int ns) {
        long at = frame;
        int left = lengthBytes;
        if (left >= 2 && Memory.getShortBe(at) == 0xFF03) {
            at += 2;
            left -= 2;
        }
        int protocol = left > 0 ? Memory.getByte(at) : 0;
        int size = 1;
        if ((protocol & 1) == 0) {
            size = 2;
            protocol = left >= 2 ? (protocol << 8) | Memory.getByte(at + 1) : 0;
        }
        // Without information it is no IP packet; of other protocols the owner judges (RFC 1661 section 5.7).
        if (left < size || left == size && (protocol == PPP_IPV4 || protocol == PPP_IPV6)) {
            counters.dropIn(row, DropReason.BAD_PPP_FRAME);
            return;
        }
        at += size;
        left -= size;
        boolean numbered = ns >= 0 && (Rows.flags(word) & Rows.SEQUENCING) != 0;
        if (protocol != PPP_IPV4 && protocol != PPP_IPV6) {
            if (numbered && rows.isControlNs(row, ns)) {
                counters.dropIn(row, DropReason.LATE_SEQUENCE); // a duplicate
                return;
            }
            if (numbered) {
                rows.setControlNs(row, ns);
            }
            punt(row, frame, lengthBytes,
                    protocol == PPP_MULTILINK && (Rows.flags(word) & Rows.MULTILINK) != 0);
            return;
        }
        if (numbered && !resequencer.admits(row, ns, frame, lengthBytes, nowNs)) {
            return;
        }
        if (protocol == PPP_IPV4) {
            ipv4(row, word, at, left, frame, lengthBytes);
        } else {
            ipv6(row, word, at, left, frame, lengthBytes);
        }
        if (numbered) {
            resequencer.follow(row);
        }
    }

    /** A frame that had waited for its turn; what it is joined from does not stay, so it is written at once. */
    private void resequenced(int row, long frame, int lengthBytes) {
        needed = frame;
        frame(row, rows.word(row), frame, lengthBytes, -1);
        coalescer.flush();
    }

    /** A frame for a network that was not up when it came. */
    void waited(int row, long frame, int lengthBytes, long waitedNs) {
        nowNs = waitedNs;
        resequenced(row, frame, lengthBytes);
    }

    /** Gives up waiting for packets that are lost. */
    void onTimeout(long timeoutNs) {
        nowNs = timeoutNs;
        resequencer.onTimeout(timeoutNs);
    }

    /** Gives the memory back. */
    void close() { resequencer.close(); }

    /** A frame that was put together from fragments. */
    void injected(int row, long frame, int lengthBytes, long injectedNs) {
        nowNs = injectedNs;
        needed = frame;
        counting = false;
        try {
            frame(row, rows.word(row), frame, lengthBytes, -1);
        } finally {
            counting = true;
        }
        coalescer.flush();
    }

    private void punt(int row, long frame, int lengthBytes, boolean unlimited) {
        if (!counters.mayPunt(row, nowNs, PUNTS_PER_WINDOW) && !unlimited) {
            counters.dropIn(row, DropReason.PUNT_LIMIT);
        } else if (punt.frame(row, frame, lengthBytes, nowNs)) {
            counters.punted++;
        } else {
            counters.dropIn(row, DropReason.PUNT_FULL);
        }
    }

    /**
     * A link of a bundle has no addresses of its own: what comes on it without a multilink header is the bundle's (RFC
     * 1990 section 2). Others open a network by an Ack, right behind which the first packet may come (RFC 1661 section
     * 3.5): it is looked at again once the control loop has read what came before.
     */
    private void closed(int row, int flags, long frame, int frameBytes) {
        if ((flags & Rows.MULTILINK) != 0 && counting) {
            punt(row, frame, frameBytes, false);
        } else if (!counters.mayWait(row, nowNs, WAITING_PER_WINDOW) || !punt.early(row, frame, frameBytes)) {
            counters.dropIn(row, DropReason.NETWORK_CLOSED);
        }
    }

    private void ipv4(int row, long word, long packet, int availableBytes, long frame, int frameBytes) {
        int flags = Rows.flags(word);
        if ((flags & Rows.IPV4) == 0) {
            closed(row, flags, frame, frameBytes);
            return;
        }
        int headerBytes = (Memory.getByte(packet) & 0x0F) * 4;
        int total = availableBytes >= 20 ? Memory.getShortBe(packet + 2) : 0;
        if (availableBytes < 20 || Memory.getByte(packet) >>> 4 != 4 || headerBytes < 20 || total < headerBytes
                || total > availableBytes) {
            counters.dropIn(row, DropReason.BAD_IP_PACKET);
            return;
        }
        if ((flags & Rows.SOURCE_CHECK) != 0) {
            int source = Memory.getIntBe(packet + 12);
            if ((source == 0 || source != rows.sourceIpv4(row)) && tables.ipv4(source) != row
                    && !tables.ipv4().shares(row, (long) source << 32, 0)) {
                counters.dropIn(row, DropReason.SOURCE_CHECK);
                return;
            }
        }
        if ((flags & Rows.LIMITED_IN) != 0 && !gate.admitsIn(row, packet, total, nowNs)) {
            return;
        }
        if ((flags & Rows.MSS_CLAMP) != 0) {
            MssClamp.ipv4(packet, headerBytes, total, Rows.clampBytes(word));
        }
        count(row, total, false);
        if ((flags & Rows.TAPPED) != 0) {
            gate.tap(row, packet, total);
        }
        coalescer.add(packet, total, packet - needed);
    }

    private void count(int row, int octets, boolean ipv6) {
        if (counting) {
            counters.in(row, octets, ipv6, nowNs);
        }
    }

    private void ipv6(int row, long word, long packet, int availableBytes, long frame, int frameBytes) {
        int flags = Rows.flags(word);
        int total = availableBytes >= 40 ? 40 + Memory.getShortBe(packet + 4) : 0;
        boolean jumboClaim = total == 40 && Memory.getByte(packet + 6) == 0;
        if (total == 0 || Memory.getByte(packet) >>> 4 != 6 || total > availableBytes || jumboClaim) {
            counters.dropIn(row, DropReason.BAD_IP_PACKET);
            return;
        }
        long source = Memory.getLongBe(packet + 8);
        if (isLinkLocal(packet, source)) {
            punt(row, frame, frameBytes, false); // also before there is a prefix, which may come by these very packets
            return;
        }
        if ((flags & Rows.IPV6) == 0) {
            closed(row, flags, frame, frameBytes);
            return;
        }
        if ((flags & Rows.SOURCE_CHECK) != 0 && (source == 0 || source != rows.sourceIpv6High(row))
                && tables.ipv6(source, Memory.getLongBe(packet + 16)) != row
                && !tables.ipv6().shares(row, source, Memory.getLongBe(packet + 16))) {
            counters.dropIn(row, DropReason.SOURCE_CHECK);
            return;
        }
        long destination = Memory.getLongBe(packet + 24);
        if (destination == rows.sourceIpv6High(row) && destination != 0) {
            toOwnLink(row, packet, total, frame, frameBytes);
            return;
        }
        if ((flags & Rows.LIMITED_IN) != 0 && !gate.admitsIn(row, packet, total, nowNs)) {
            return;
        }
        if ((flags & Rows.MSS_CLAMP) != 0) {
            MssClamp.ipv6(packet, total, Rows.clampBytes(word));
        }
        count(row, total, true);
        if ((flags & Rows.TAPPED) != 0) {
            gate.tap(row, packet, total);
        }
        coalescer.add(packet, total, packet - needed);
    }

    // The subnet-router anycast address is the router's (RFC 4291 section 2.6.1); what else is sent to its own link a subscriber must not get back.
    private void toOwnLink(int row, long packet, int total, long frame, int frameBytes) {
        if (Memory.getLongBe(packet + 32) == 0) {
            punt(row, frame, frameBytes, false);
        } else {
            gate.refuseReturn(row, packet, total, nowNs);
        }
    }

    // Router solicitation, neighbour discovery, DHCPv6: from a link-local or no address, or to one, or to ff02::/16 (RFC 4291).
    private static boolean isLinkLocal(long packet, long sourceHigh) {
        long destination = Memory.getLongBe(packet + 24);
        return sourceHigh >>> 54 == 0x3FA || destination >>> 54 == 0x3FA || ((destination >>> 48) & 0xFF0F) == 0xFF02
                || (sourceHigh == 0 && Memory.getLongBe(packet + 16) == 0);
    }
}

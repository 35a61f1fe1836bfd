package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of packets to this node together (RFC 8200 section 4.5), one packet at a time and none larger than a node must take, and cuts its own.
 * There is no timer: what is older than a minute is forgotten when the next fragment comes.
 */
final class Fragments {
    /** Of the part that is fragmented; a node must take packets of 1500 octets (RFC 8200 section 5). */
    static final int MAXIMUM_BYTES = 2048;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final int UNKNOWN = -1;
    private static final int MORE = 1;

    private final ByteBufAllocator allocator;
    private byte[] octets = {};
    private final BitSet units = new BitSet();
    private @Nullable Key key;
    private long startedNs;
    private int totalBytes = UNKNOWN;
    private int nextHeader;
    /** Fragments of it overlapped: no part of it counts any more (RFC 5722 section 4). */
    private boolean spoilt;

    private record Key(Ipv6Address source, Ipv6Address destination, int identification) {}

    Fragments(ByteBufAllocator allocator) { this.allocator = allocator; }

    /** What a fragment has led to. */
    enum Outcome {
        /** It waits for others. */
        KEPT,
        /** The packet is whole, see {@link #take}. */
        WHOLE,
        /** It cannot be used. */
        DROPPED,
        /** Others follow, but its length is no multiple of 8. */
        BAD_LENGTH,
        /** It would make the packet longer than 65,535 octets. */
        BAD_OFFSET
    }

    /** Takes a fragment whose Fragment header is at this offset of a whole packet. Borrows. */
    Outcome add(ByteBuf packet, int header, long nowNs) {
        int start = packet.readerIndex() + header;
        int offset = packet.getUnsignedShort(start + 2) & 0xfff8;
        boolean last = (packet.getUnsignedShort(start + 2) & MORE) == 0;
        int from = start + ExtensionHeaders.FRAGMENT_BYTES;
        int bytes = packet.readerIndex() + Ipv6Packet.HEADER_BYTES + Ipv6Packet.payloadLength(packet) - from;
        if (!last && (bytes & 7) != 0) {
            return Outcome.BAD_LENGTH;
        }
        if (offset + bytes > 0xffff) {
            return Outcome.BAD_OFFSET;
        }
        if (bytes == 0 || offset + bytes > MAXIMUM_BYTES) {
            return Outcome.DROPPED;
        }
        begin(new Key(Ipv6Packet.source(packet), Ipv6Packet.destination(packet), packet.getInt(start + 4)), nowNs);
        if (spoilt || overlaps(offset, bytes, last)) {
            spoilt = true;
            return Outcome.DROPPED;
        }
        packet.getBytes(from, octets, offset, bytes);
        units.set(offset >>> 3, offset + bytes + 7 >>> 3);
        totalBytes = last ? offset + bytes : totalBytes;
        nextHeader = offset == 0 ? packet.getUnsignedByte(start) : nextHeader;
        return totalBytes != UNKNOWN && units.nextClearBit(0) == totalBytes + 7 >>> 3 ? Outcome.WHOLE : Outcome.KEPT;
    }

    private void begin(Key next, long nowNs) {
        if (!next.equals(key) || nowNs - startedNs > TIMEOUT_NS) {
            forget();
            key = next;
            startedNs = nowNs;
            octets = new byte[MAXIMUM_BYTES];
        }
    }

    private boolean overlaps(int offset, int bytes, boolean last) {
        int end = offset + bytes;
        int next = units.nextSetBit(offset >>> 3);
        boolean covered = next >= 0 && next < end + 7 >>> 3;
        boolean beyond = totalBytes != UNKNOWN && (last || end > totalBytes);
        return covered || beyond || last && units.length() > end + 7 >>> 3;
    }

    /** The packet after {@link Outcome#WHOLE}, without the headers before the Fragment header. Returns owned. */
    ByteBuf take() {
        Key of = key;
        if (of == null) {
            throw new IllegalStateException("there is no packet");
        }
        ByteBuf packet = Ipv6Packet.begin(allocator, nextHeader, 64, of.source(), of.destination());
        packet.writeBytes(octets, 0, totalBytes).setShort(packet.readerIndex() + 4, totalBytes);
        forget();
        return packet;
    }

    private void forget() {
        key = null;
        octets = new byte[0];
        units.clear();
        totalBytes = UNKNOWN;
        spoilt = false;
    }

    /** Cuts a packet without extension headers for a link of this MTU. Borrows; returns owned. */
    static List<ByteBuf> cut(ByteBufAllocator allocator, ByteBuf packet, int mtuBytes, int identification) {
        int most = mtuBytes - Ipv6Packet.HEADER_BYTES - ExtensionHeaders.FRAGMENT_BYTES & ~7;
        int total = Ipv6Packet.payloadLength(packet);
        int payload = packet.readerIndex() + Ipv6Packet.HEADER_BYTES;
        List<ByteBuf> fragments = new ArrayList<>(2);
        for (int offset = 0; offset < total; offset += most) {
            int bytes = Math.min(most, total - offset);
            ByteBuf fragment = allocator.buffer(
                    Ipv6Packet.HEADER_BYTES + ExtensionHeaders.FRAGMENT_BYTES + bytes);
            fragment.writeBytes(packet, packet.readerIndex(), Ipv6Packet.HEADER_BYTES)
                    .setShort(4, ExtensionHeaders.FRAGMENT_BYTES + bytes).setByte(6, ExtensionHeaders.FRAGMENT);
            fragment.writeByte(Ipv6Packet.nextHeader(packet)).writeByte(0)
                    .writeShort(offset | (offset + bytes < total ? MORE : 0)).writeInt(identification)
                    .writeBytes(packet, payload + offset, bytes);
            fragments.add(fragment);
        }
        return fragments;
    }
}

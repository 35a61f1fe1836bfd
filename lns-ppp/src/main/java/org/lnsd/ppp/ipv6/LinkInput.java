package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.lnsd.ppp.ipv6.ExtensionHeaders.Found;

/** Takes the extension headers off packets to the link, and puts fragments together (RFC 8200 section 4). */
final class LinkInput {
    private static final int PAYLOAD_LENGTH_OFFSET = 4;
    private static final int FRAGMENT_OFFSET_OFFSET = 2;
    private static final int SHORTEST_UPPER_BYTES = 8;

    private final ByteBufAllocator allocator;
    private final Fragments fragments;

    LinkInput(ByteBufAllocator allocator) {
        this.allocator = allocator;
        fragments = new Fragments(allocator);
    }

    /** What a packet has come to. */
    sealed interface Result {}

    /** A packet without extension headers; owned by the receiver. */
    record Opened(ByteBuf packet) implements Result {}

    /** To be told to the sender by a Parameter Problem, to a group only where {@code evenToGroups}. */
    record Refused(int code, int pointer, boolean evenToGroups) implements Result {}

    /** Nothing to be done. */
    enum Nothing implements Result {
        /** A fragment that waits for others. */
        WAITS,
        /** Malformed or not for us. */
        DROPPED
    }

    /** Takes a whole packet. Borrows. */
    Result read(ByteBuf packet, long nowNs) {
        return switch (ExtensionHeaders.read(packet)) {
            case ExtensionHeaders.Upper upper -> open(packet, upper, upper.fragmented());
            case ExtensionHeaders.Fragment fragment -> onFragment(packet, fragment, nowNs);
            case ExtensionHeaders.Problem problem -> refused(problem);
            case ExtensionHeaders.Silence.DROP -> Nothing.DROPPED;
        };
    }

    private static Result refused(ExtensionHeaders.Problem problem) {
        return new Refused(problem.code(), problem.pointer(), problem.evenToGroups());
    }

    private Result onFragment(ByteBuf packet, ExtensionHeaders.Fragment fragment, long nowNs) {
        return switch (fragments.add(packet, fragment.offset(), nowNs)) {
            case KEPT -> Nothing.WAITS;
            case DROPPED -> Nothing.DROPPED;
            case BAD_LENGTH -> new Refused(IcmpErrors.ERRONEOUS_HEADER_FIELD, PAYLOAD_LENGTH_OFFSET, false);
            case BAD_OFFSET -> new Refused(IcmpErrors.ERRONEOUS_HEADER_FIELD,
                    fragment.offset() + FRAGMENT_OFFSET_OFFSET, false);
            case WHOLE -> whole();
        };
    }

    private Result whole() {
        ByteBuf packet = fragments.take();
        try {
            Found found = ExtensionHeaders.read(packet);
            return found instanceof ExtensionHeaders.Upper upper ? open(packet, upper, true) : Nothing.DROPPED;
        } finally {
            packet.release();
        }
    }

    private Result open(ByteBuf packet, ExtensionHeaders.Upper upper, boolean fragmented) {
        int bytes = Ipv6Packet.HEADER_BYTES + Ipv6Packet.payloadLength(packet) - upper.offset();
        if (bytes < SHORTEST_UPPER_BYTES || fragmented && upper.nextHeader() == Ipv6Packet.ICMPV6
                && NeighborDiscovery.isOne(packet.getUnsignedByte(packet.readerIndex() + upper.offset()))) {
            return Nothing.DROPPED; // RFC 6980 section 5: neighbour discovery is never fragmented
        }
        ByteBuf opened = allocator.buffer(Ipv6Packet.HEADER_BYTES + bytes);
        opened.writeBytes(packet, packet.readerIndex(), Ipv6Packet.HEADER_BYTES).setShort(4, bytes)
                .setByte(6, upper.nextHeader())
                .writeBytes(packet, packet.readerIndex() + upper.offset(), bytes);
        return new Opened(opened);
    }
}

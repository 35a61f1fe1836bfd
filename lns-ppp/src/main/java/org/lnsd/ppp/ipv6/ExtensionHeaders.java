package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads the extension headers of a packet to this node (RFC 8200 section 4), up to the upper layer, a fragment, or what it may not pass. Offsets are from the
 * start of the packet.
 */
final class ExtensionHeaders {
    static final int HOP_BY_HOP = 0;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int ENCAPSULATING_SECURITY = 50;
    static final int AUTHENTICATION = 51;
    static final int NO_NEXT_HEADER = 59;
    static final int DESTINATION_OPTIONS = 60;
    static final int FRAGMENT_BYTES = 8;
    private static final int NEXT_HEADER_OFFSET = 6;
    private static final int MAXIMUM_HEADERS = 8;
    private static final int PAD1 = 0;
    private static final int PADN = 1;
    private static final int ROUTER_ALERT = 5;

    private ExtensionHeaders() {}

    /** What is found. */
    sealed interface Found {}

    /** The upper layer at this offset; {@code fragmented}: behind the Fragment header of a packet that is whole (RFC 6946). */
    record Upper(int nextHeader, int offset, boolean fragmented) implements Found {}

    /** A Fragment header at this offset; the octet that names it is at {@code namedAt}. */
    record Fragment(int offset, int namedAt) implements Found {}

    /** To be told to the sender by a Parameter Problem (RFC 4443 section 3.4), to a group only where {@code evenToGroups}. */
    record Problem(int code, int pointer, boolean evenToGroups) implements Found {}

    /** Dropped without a word. */
    enum Silence implements Found {
        /** Lengths that lie, too many headers, no upper layer, or security that was never agreed. */
        DROP
    }

    static boolean isOne(int header) {
        return switch (header) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, ENCAPSULATING_SECURITY, AUTHENTICATION, NO_NEXT_HEADER,
                    DESTINATION_OPTIONS ->
                true;
            default -> false;
        };
    }

    /** Reads the headers of a whole packet. Borrows. */
    static Found read(ByteBuf packet) {
        int end = Ipv6Packet.HEADER_BYTES + Ipv6Packet.payloadLength(packet);
        return read(packet.slice(packet.readerIndex(), end), Ipv6Packet.nextHeader(packet), NEXT_HEADER_OFFSET,
                Ipv6Packet.HEADER_BYTES);
    }

    /** Reads on at a header whose number stands at {@code namedAt}; the packet's reader index is 0. */
    private static Found read(ByteBuf packet, int first, int firstNamedAt, int firstOffset) {
        int next = first;
        int namedAt = firstNamedAt;
        int at = firstOffset;
        boolean fragmented = false;
        for (int headers = 0; headers <= MAXIMUM_HEADERS; headers++) {
            if (!isOne(next)) {
                return new Upper(next, at, fragmented);
            }
            if (next == HOP_BY_HOP && namedAt != NEXT_HEADER_OFFSET) {
                return new Problem(IcmpErrors.UNRECOGNIZED_NEXT_HEADER, namedAt, false); // section 4.1
            }
            int bytes = lengthBytes(packet, next, at);
            if (bytes == 0) {
                return Silence.DROP;
            }
            if (next == FRAGMENT && (packet.getUnsignedShort(at + 2) & 0xfff9) != 0) {
                return new Fragment(at, namedAt);
            }
            fragmented |= next == FRAGMENT;
            Found bad = judge(packet, next, at, bytes);
            if (bad != null) {
                return bad;
            }
            namedAt = at;
            next = packet.getUnsignedByte(at);
            at += bytes;
        }
        return Silence.DROP;
    }

    /** Whether the packet is an ICMPv6 error, whatever stands in the headers before it: about those no error is told (RFC 4443 section 2.4 e). Borrows. */
    static boolean isIcmpError(ByteBuf packet) {
        ByteBuf whole = packet.slice(packet.readerIndex(), Ipv6Packet.HEADER_BYTES + Ipv6Packet.payloadLength(packet));
        int next = Ipv6Packet.nextHeader(packet);
        int at = Ipv6Packet.HEADER_BYTES;
        for (int headers = 0; headers <= MAXIMUM_HEADERS && isOne(next); headers++) {
            int bytes = lengthBytes(whole, next, at);
            if (bytes == 0 || next == FRAGMENT && whole.getUnsignedShort(at + 2) >>> 3 != 0) {
                return false;
            }
            next = whole.getUnsignedByte(at);
            at += bytes;
        }
        return next == Ipv6Packet.ICMPV6 && (at >= whole.readableBytes() || whole.getByte(at) >= 0
                || whole.getUnsignedByte(at) == NeighborDiscovery.REDIRECT);
    }

    /** Octets of the header; 0: it is not whole, or none that we take. */
    private static int lengthBytes(ByteBuf packet, int header, int at) {
        int left = packet.readableBytes() - at;
        if (left < 8) {
            return 0;
        }
        int bytes = switch (header) {
            case FRAGMENT -> FRAGMENT_BYTES;
            case HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS -> (packet.getUnsignedByte(at + 1) + 1) * 8;
            default -> 0;
        };
        return bytes <= left ? bytes : 0;
    }

    private static @Nullable Found judge(ByteBuf packet, int header, int at, int bytes) {
        return switch (header) {
            case ROUTING -> packet.getUnsignedByte(at + 3) == 0 // section 4.4, RFC 5095: we know no type
                    ? null
                    : new Problem(IcmpErrors.ERRONEOUS_HEADER_FIELD, at + 2, false);
            case HOP_BY_HOP, DESTINATION_OPTIONS -> judgeOptions(packet, at + 2, at + bytes);
            default -> null;
        };
    }

    /** Section 4.2: the two highest bits of an option that we do not know say what becomes of the packet. */
    private static @Nullable Found judgeOptions(ByteBuf packet, int from, int end) {
        for (int at = from; at < end;) {
            int type = packet.getUnsignedByte(at);
            if (type == PAD1) {
                at++;
                continue;
            }
            if (at + 2 > end || at + 2 + packet.getUnsignedByte(at + 1) > end) {
                return Silence.DROP;
            }
            if (type != PADN && type != ROUTER_ALERT && type >>> 6 != 0) {
                return type >>> 6 == 1
                        ? Silence.DROP
                        : new Problem(IcmpErrors.UNRECOGNIZED_OPTION, at, type >>> 6 == 2);
            }
            at += 2 + packet.getUnsignedByte(at + 1);
        }
        return null;
    }
}

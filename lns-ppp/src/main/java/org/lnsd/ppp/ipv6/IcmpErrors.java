package org.lnsd.ppp.ipv6;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The ICMPv6 errors of a node that is asked for what it does not have (RFC 4443 section 3); each quotes as much of the packet as 1280 octets hold. */
final class IcmpErrors {
    /** Codes of Parameter Problem (section 3.4, RFC 7112 section 5). */
    static final int ERRONEOUS_HEADER_FIELD = 0;
    static final int UNRECOGNIZED_NEXT_HEADER = 1;
    static final int UNRECOGNIZED_OPTION = 2;
    static final int INCOMPLETE_HEADER_CHAIN = 3;
    private static final int DESTINATION_UNREACHABLE = 1;
    /** Codes of Destination Unreachable (section 3.1). */
    static final int BEYOND_SCOPE = 2;
    static final int ADDRESS_UNREACHABLE = 3;
    static final int PORT_UNREACHABLE = 4;
    private static final int PARAMETER_PROBLEM = 4;
    private static final int MAXIMUM_QUOTED_BYTES = 1280 - Ipv6Packet.HEADER_BYTES - 8;

    private IcmpErrors() {}

    /** The packet does not get where it is to (section 3.1). Returns owned. */
    static ByteBuf unreachable(ByteBufAllocator allocator, Ipv6Address from, ByteBuf packet, int code) {
        return error(allocator, from, packet, DESTINATION_UNREACHABLE << 8 | code, 0);
    }

    /** What stands at {@code pointer} is not to be processed (section 3.4). Returns owned. */
    static ByteBuf parameterProblem(ByteBufAllocator allocator, Ipv6Address from, ByteBuf packet, int code,
            int pointer) {
        return error(allocator, from, packet, PARAMETER_PROBLEM << 8 | code, pointer);
    }

    private static ByteBuf error(ByteBufAllocator allocator, Ipv6Address from, ByteBuf packet, int typeAndCode,
            int parameter) {
        int quotedBytes = Math.min(Ipv6Packet.HEADER_BYTES + Ipv6Packet.payloadLength(packet), MAXIMUM_QUOTED_BYTES);
        ByteBuf error = Ipv6Packet.begin(allocator, Ipv6Packet.ICMPV6, 64, from, Ipv6Packet.source(packet));
        error.writeShort(typeAndCode).writeShort(0).writeInt(parameter)
                .writeBytes(packet, packet.readerIndex(), quotedBytes);
        Ipv6Packet.finish(error, 2);
        return error;
    }
}

package org.lnsd.radius;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;

/** Octets into packets, RFC 2865 sections 3 and 5. Total: any octets give a packet or say what is wrong with them. */
public final class RadiusDecoder {
    private RadiusDecoder() {}

    /** Decodes a datagram from its reader index on. Borrows; indexes are not moved. */
    public static RadiusDecoded decode(ByteBuf datagram) {
        int start = datagram.readerIndex();
        int availableBytes = datagram.readableBytes();
        if (availableBytes < RadiusPacket.HEADER_BYTES) {
            return new RadiusDecoded.Malformed(
                    "packet of " + availableBytes + " < " + RadiusPacket.HEADER_BYTES + " octets");
        }
        int lengthBytes = datagram.getUnsignedShort(start + 2);
        if (lengthBytes < RadiusPacket.HEADER_BYTES || lengthBytes > RadiusPacket.MAXIMUM_BYTES
                || lengthBytes > availableBytes) {
            return new RadiusDecoded.Malformed(
                    "length " + lengthBytes + " in a datagram of " + availableBytes + " octets");
        }
        List<RadiusAttribute> attributes = new ArrayList<>();
        int at = start + RadiusPacket.HEADER_BYTES;
        int end = start + lengthBytes;
        while (at < end) {
            int attributeBytes = end - at < 2 ? 0 : datagram.getUnsignedByte(at + 1);
            if (attributeBytes < 2 || attributeBytes > end - at) {
                return new RadiusDecoded.Malformed(
                        "attribute " + datagram.getUnsignedByte(at) + " at offset " + (at - start) + " has length "
                                + attributeBytes + ", 2 to " + (end - at) + " expected");
            }
            decodeAttribute(datagram, at, attributeBytes, attributes);
            at += attributeBytes;
        }
        byte[] authenticator = bytes(datagram, start + 4, 16);
        RadiusCode code = new RadiusCode(datagram.getUnsignedByte(start));
        return new RadiusDecoded.Packet(
                new RadiusPacket(code, datagram.getUnsignedByte(start + 1), authenticator, attributes), lengthBytes);
    }

    private static void decodeAttribute(ByteBuf datagram, int at, int attributeBytes,
            List<RadiusAttribute> attributes) {
        AttributeType type = AttributeType.of(datagram.getUnsignedByte(at));
        if (type.equals(Attributes.VENDOR_SPECIFIC) && decodeVendor(datagram, at + 2, attributeBytes - 2, attributes)) {
            return;
        }
        attributes.add(RadiusAttribute.of(type, bytes(datagram, at + 2, attributeBytes - 2)));
    }

    /** Takes a vendor's attributes out when they have the form that RFC 2865 section 5.26 suggests; otherwise they stay opaque. */
    private static boolean decodeVendor(ByteBuf datagram, int at, int lengthBytes, List<RadiusAttribute> attributes) {
        int end = at + lengthBytes;
        if (lengthBytes < 6 || datagram.getByte(at) != 0 || datagram.getInt(at) == 0) {
            return false;
        }
        int vendor = datagram.getInt(at);
        for (int sub = at + 4; sub < end; sub += datagram.getUnsignedByte(sub + 1)) {
            if (end - sub < 2 || datagram.getUnsignedByte(sub + 1) < 2
                    || datagram.getUnsignedByte(sub + 1) > end - sub) {
                return false;
            }
        }
        for (int sub = at + 4; sub < end; sub += datagram.getUnsignedByte(sub + 1)) {
            AttributeType type = new AttributeType(vendor, datagram.getUnsignedByte(sub));
            attributes.add(RadiusAttribute.of(type, bytes(datagram, sub + 2, datagram.getUnsignedByte(sub + 1) - 2)));
        }
        return true;
    }

    private static byte[] bytes(ByteBuf buffer, int at, int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        buffer.getBytes(at, octets);
        return octets;
    }
}

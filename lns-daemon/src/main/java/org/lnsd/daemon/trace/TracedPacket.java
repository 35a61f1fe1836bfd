package org.lnsd.daemon.trace;

import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The IP packet around a control message or a PPP frame, as it was on the wire but for passwords, which are blanked. */
public final class TracedPacket {

    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final int L2TP_DATA_BYTES = 6;
    private static final int L2TP_CONTROL_BYTES = 12;
    private static final int L2TP_VERSION = 2;
    private static final int UDP = 17;
    private static final int TIME_TO_LIVE = 64;
    private static final int AVP_HEADER_BYTES = 6;
    private static final int AVP_LENGTH_MASK = 0x3FF;
    private static final int PROXY_AUTHEN_RESPONSE = 33;
    private static final int ADDRESS_CONTROL = 0xFF03;
    private static final int PAP = 0xC023;

    private TracedPacket() {}

    /** The packet of a control message, which is borrowed. */
    public static byte[] control(InetSocketAddress from, InetSocketAddress to, ByteBuf message) {
        byte[] octets = copy(message);
        blankAvps(octets);
        return wrap(from, to, octets);
    }

    /**
     * The packet of a PPP frame, which is borrowed.
     *
     * @param tunnelId the receiver's
     * @param sessionId the receiver's
     */
    public static byte[] frame(InetSocketAddress from, InetSocketAddress to, int tunnelId, int sessionId,
            ByteBuf frame) {
        byte[] octets = copy(frame);
        blankPassword(octets);
        ByteBuffer data = ByteBuffer.allocate(L2TP_DATA_BYTES + octets.length);
        data.putShort((short) L2TP_VERSION).putShort((short) tunnelId).putShort((short) sessionId).put(octets);
        return wrap(from, to, data.array());
    }

    private static byte[] copy(ByteBuf buffer) {
        byte[] octets = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), octets);
        return octets;
    }

    private static void blankAvps(byte[] message) {
        ByteBuffer view = ByteBuffer.wrap(message);
        int index = L2TP_CONTROL_BYTES;
        while (message.length - index >= AVP_HEADER_BYTES) {
            int avpBytes = view.getShort(index) & AVP_LENGTH_MASK;
            if (avpBytes < AVP_HEADER_BYTES || avpBytes > message.length - index) {
                return;
            }
            if (view.getShort(index + 2) == 0 && view.getShort(index + 4) == PROXY_AUTHEN_RESPONSE) {
                Arrays.fill(message, index + AVP_HEADER_BYTES, index + avpBytes, (byte) '*');
            }
            index += avpBytes;
        }
    }

    // RFC 1334 section 2.2.1: code, identifier, length, peer-id length, peer-id, password length, password
    private static void blankPassword(byte[] frame) {
        ByteBuffer view = ByteBuffer.wrap(frame);
        int start = frame.length >= 2 && (view.getShort(0) & 0xFFFF) == ADDRESS_CONTROL ? 2 : 0;
        int packet = start + 2;
        if (frame.length < packet + 6 || (view.getShort(start) & 0xFFFF) != PAP || frame[packet] != 1) {
            return;
        }
        int password = packet + 5 + (frame[packet + 4] & 0xFF) + 1;
        if (password < frame.length) {
            Arrays.fill(frame, password, frame.length, (byte) '*');
        }
    }

    private static byte[] wrap(InetSocketAddress from, InetSocketAddress to, byte[] payload) {
        boolean ipv4 = from.getAddress() instanceof Inet4Address && to.getAddress() instanceof Inet4Address;
        int udpBytes = UDP_BYTES + payload.length;
        ByteBuffer packet = ByteBuffer.allocate((ipv4 ? IPV4_BYTES : IPV6_BYTES) + udpBytes);
        if (ipv4) {
            packet.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_BYTES + udpBytes)).putInt(0)
                    .put((byte) TIME_TO_LIVE).put((byte) UDP).putShort((short) 0);
        } else {
            packet.putInt(0x60000000).putShort((short) udpBytes).put((byte) UDP).put((byte) TIME_TO_LIVE);
        }
        packet.put(from.getAddress().getAddress()).put(to.getAddress().getAddress());
        if (ipv4) {
            packet.putShort(10, headerChecksum(packet));
        }
        packet.putShort((short) from.getPort()).putShort((short) to.getPort()).putShort((short) udpBytes)
                .putShort((short) 0).put(payload);
        return packet.array();
    }

    private static short headerChecksum(ByteBuffer packet) {
        int sum = 0;
        for (int index = 0; index < IPV4_BYTES; index += 2) {
            sum += packet.getShort(index) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return (short) ~((sum & 0xFFFF) + (sum >>> 16));
    }
}

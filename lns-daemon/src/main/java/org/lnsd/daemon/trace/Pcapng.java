package org.lnsd.daemon.trace;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng) with raw IP packets, one interface. */
public final class Pcapng {

    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int LINKTYPE_RAW = 101;
    private static final int SECTION_BYTES = 28;
    private static final int INTERFACE_BYTES = 20;
    private static final int PACKET_OVERHEAD_BYTES = 32;
    private static final long MICROSECONDS = 1000;

    private Pcapng() {}

    /** What the file begins with. */
    public static byte[] header() {
        byte[] octets = new byte[SECTION_BYTES + INTERFACE_BYTES];
        ByteBuffer block = littleEndian(octets);
        block.putInt(SECTION_HEADER).putInt(SECTION_BYTES).putInt(BYTE_ORDER_MAGIC).putShort((short) 1)
                .putShort((short) 0).putLong(-1).putInt(SECTION_BYTES);
        block.putInt(INTERFACE_DESCRIPTION).putInt(INTERFACE_BYTES).putShort((short) LINKTYPE_RAW).putShort((short) 0)
                .putInt(0).putInt(INTERFACE_BYTES);
        return octets;
    }

    /**
     * One packet.
     *
     * @param timeMs milliseconds since 1970
     */
    public static byte[] packet(long timeMs, byte[] ipPacket) {
        int padded = (ipPacket.length + 3) & ~3;
        int blockBytes = PACKET_OVERHEAD_BYTES + padded;
        long timeUs = timeMs * MICROSECONDS;
        byte[] octets = new byte[blockBytes];
        ByteBuffer block = littleEndian(octets);
        block.putInt(ENHANCED_PACKET).putInt(blockBytes).putInt(0).putInt((int) (timeUs >>> 32)).putInt((int) timeUs)
                .putInt(ipPacket.length).putInt(ipPacket.length).put(ipPacket);
        block.putInt(blockBytes - Integer.BYTES, blockBytes);
        return octets;
    }

    private static ByteBuffer littleEndian(byte[] octets) {
        return ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    }
}

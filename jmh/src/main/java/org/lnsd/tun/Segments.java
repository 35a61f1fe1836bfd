package org.lnsd.tun;

/** TCP segments of one flow as they lie in a receive buffer: in order, checksums right. */
final class Segments implements AutoCloseable {
    static final int HEADER_BYTES = 52;
    private static final int TRANSPORT_HEADER_BYTES = 32;
    private static final int IPV4_HEADER_BYTES = 20;
    private static final int TCP = 6;
    private static final int ROOM_BYTES = 2048;

    private final long memory;
    private final int payloadBytes;

    Segments(int count, int payloadBytes) {
        this.payloadBytes = payloadBytes;
        memory = Memory.map((long) count * ROOM_BYTES);
        for (int i = 0; i < count; i++) {
            write(address(i), i);
        }
    }

    long address(int index) { return memory + (long) index * ROOM_BYTES; }

    int lengthBytes() { return HEADER_BYTES + payloadBytes; }

    private void write(long at, int index) {
        Memory.putIntBe(at, 0x4500_0000 | lengthBytes());
        Memory.putIntBe(at + 4, index << 16 | 0x4000);
        Memory.putIntBe(at + 8, 0x4006_0000);
        Memory.putIntBe(at + 12, 0x6440_0001);
        Memory.putIntBe(at + 16, 0xC633_6402);
        Memory.putShort(at + 10, Checksum.finish(Checksum.sum(at, IPV4_HEADER_BYTES)));
        long tcp = at + IPV4_HEADER_BYTES;
        Memory.putIntBe(tcp, 40_000 << 16 | 80);
        Memory.putIntBe(tcp + 4, index * payloadBytes);
        Memory.putIntBe(tcp + 8, 1);
        Memory.putIntBe(tcp + 12, 0x8010_2000);
        Memory.putIntBe(tcp + 16, 0);
        Memory.putIntBe(tcp + 20, 0x0101_080A);
        for (int offset = HEADER_BYTES; offset + 4 <= lengthBytes(); offset += 4) {
            Memory.putIntBe(at + offset, offset * 0x9E37_79B9);
        }
        int segmentBytes = TRANSPORT_HEADER_BYTES + payloadBytes;
        Memory.putShort(tcp + 16, Checksum.finish(
                Checksum.pseudoHeader(at, false, TCP, segmentBytes) + Checksum.sum(tcp, segmentBytes)));
    }

    /** Writes a super-packet of that many octets of payload behind its virtio-net header; the checksum is left open, as the kernel does. */
    static void writeSuperPacket(long virtioNetHeader, int payloadBytes, int segmentBytes) {
        long at = virtioNetHeader + VirtioNetHeader.LENGTH;
        Memory.putIntBe(at, 0x4500_0000 | HEADER_BYTES + payloadBytes);
        Memory.putIntBe(at + 4, 0x4000);
        Memory.putIntBe(at + 8, 0x3F06_0000);
        Memory.putIntBe(at + 12, 0xC633_6402);
        Memory.putIntBe(at + 16, 0x6440_0001);
        Memory.putIntBe(at + IPV4_HEADER_BYTES, 80 << 16 | 40_000);
        Memory.putIntBe(at + IPV4_HEADER_BYTES + 12, 0x8010_2000);
        VirtioNetHeader.write(virtioNetHeader, VirtioNetHeader.GSO_TCPV4, HEADER_BYTES, segmentBytes, IPV4_HEADER_BYTES,
                16);
    }

    @Override
    public void close() { Memory.unmap(memory); }
}

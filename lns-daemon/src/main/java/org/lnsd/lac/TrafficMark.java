package org.lnsd.lac;

import org.lnsd.tun.Memory;

/** The first octets of a measured packet's payload: a magic number, whose packet it is, its sequence number, when it was sent. */
final class TrafficMark {

    static final int LENGTH_BYTES = 24;
    private static final int MAGIC = 0x6C6E7364;
    private static final int FLOW_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int TIME_OFFSET = 16;

    private TrafficMark() {}

    static void write(long address, int flow, long sequence, long nowNs) {
        Memory.putIntBe(address, MAGIC);
        Memory.putIntBe(address + FLOW_OFFSET, flow);
        Memory.putLong(address + SEQUENCE_OFFSET, sequence);
        Memory.putLong(address + TIME_OFFSET, nowNs);
    }

    static boolean isAt(long address, int lengthBytes) {
        return lengthBytes >= LENGTH_BYTES && Memory.getIntBe(address) == MAGIC;
    }

    static int flow(long address) { return Memory.getIntBe(address + FLOW_OFFSET); }

    static long sequence(long address) { return Memory.getLong(address + SEQUENCE_OFFSET); }

    static long sentNs(long address) { return Memory.getLong(address + TIME_OFFSET); }
}

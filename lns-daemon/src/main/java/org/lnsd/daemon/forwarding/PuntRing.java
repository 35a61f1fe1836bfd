package org.lnsd.daemon.forwarding;

import org.lnsd.tun.Memory;

/**
 * The hand-over of one forwarding thread to the control loop: a bounded ring of records in native memory, one writer, one
 * reader. A full ring refuses; the writer counts.
 */
final class PuntRing {
    private static final int CAPACITY = 1 << 20;
    private static final int HEADER = 24;
    private static final int WRAP = -2;
    /** In the place of the socket: an IP packet for a bundle, no frame. */
    static final int PACKET = 1;
    /** In the place of the socket: an IP frame that came before its network was up. */
    static final int EARLY = 2;

    private final long memory = Memory.map(CAPACITY + 128L);
    private final long head = memory + CAPACITY;
    private final long tail = head + 64;

    /** Puts a record; {@code name} (28 octets, 0: none) is the sender of a control message. False if full. */
    boolean offer(int row, int socketIndex, int lengthBytes, long address, long name, byte[] local) {
        int bytes = (HEADER + (row < 0 ? 48 : 0) + lengthBytes + 7) & ~7;
        long put = Memory.getLong(tail);
        int at = (int) (put & (CAPACITY - 1));
        int toEnd = CAPACITY - at;
        int needed = bytes > toEnd ? toEnd + bytes : bytes;
        if (put + needed - Memory.getLongAcquire(head) > CAPACITY) {
            return false;
        }
        if (bytes > toEnd) {
            Memory.putInt(memory + at, WRAP);
            at = 0;
        }
        long record = memory + at;
        Memory.putInt(record, row);
        Memory.putInt(record + 4, socketIndex);
        Memory.putInt(record + 8, lengthBytes);
        Memory.putInt(record + 12, bytes);
        long data = record + HEADER;
        if (row < 0) {
            Memory.copy(name, data, 28);
            Memory.putInt(record + 16, local.length);
            Memory.fromArray(local, 0, data + 32, local.length);
            data += 48;
        }
        Memory.copy(address, data, lengthBytes);
        Memory.putLongRelease(tail, put + needed);
        return true;
    }

    /** What the reader does with a record. */
    interface Reader {
        void frame(int row, long address, int lengthBytes);

        void packet(int row, long address, int lengthBytes);

        void early(int row, long address, int lengthBytes);

        void control(int socketIndex, long name, byte[] local, long address, int lengthBytes);
    }

    /** Reads at most {@code most} records; true if there are more. */
    boolean drain(Reader reader, int most) {
        long get = Memory.getLong(head);
        long put = Memory.getLongAcquire(tail);
        for (int i = 0; i < most && get < put; i++) {
            int at = (int) (get & (CAPACITY - 1));
            if (CAPACITY - at < HEADER || Memory.getInt(memory + at) == WRAP) {
                get += CAPACITY - at;
                at = 0;
            }
            long record = memory + at;
            int row = Memory.getInt(record);
            int length = Memory.getInt(record + 8);
            get += Memory.getInt(record + 12);
            try {
                read(reader, record, row, length);
            } finally {
                Memory.putLongRelease(head, get);
            }
        }
        return get < put;
    }

    private static void read(Reader reader, long record, int row, int length) {
        int kind = Memory.getInt(record + 4);
        if (row >= 0 && kind == PACKET) {
            reader.packet(row, record + HEADER, length);
        } else if (row >= 0 && kind == EARLY) {
            reader.early(row, record + HEADER, length);
        } else if (row >= 0) {
            reader.frame(row, record + HEADER, length);
        } else {
            byte[] local = Memory.toArray(record + HEADER + 32, Memory.getInt(record + 16));
            reader.control(kind, record + HEADER, local, record + HEADER + 48, length);
        }
    }

    void close() { Memory.unmap(memory); }
}

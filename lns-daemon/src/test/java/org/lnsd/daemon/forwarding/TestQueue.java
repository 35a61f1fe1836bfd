package org.lnsd.daemon.forwarding;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.lnsd.tun.Memory;
import org.lnsd.tun.PacketQueue;

/** A queue of a device that is lists of octets. */
final class TestQueue implements PacketQueue {
    /** What there is to read, virtio-net headers included. */
    final Deque<byte[]> toRead = new ArrayDeque<>();
    /** What was written, virtio-net headers included. */
    final List<byte[]> written = new ArrayList<>();
    /** Whether packets have virtio-net headers. */
    boolean headers = true;
    private byte[] same = {};
    private int left;

    /** There is this packet to read, so often, before all others. */
    void repeat(byte[] packet, int times) {
        same = packet;
        left = times;
    }

    /** Whether some of what is repeated has not been read. */
    boolean repeats() { return left > 0; }

    @Override
    public int read(long buffer, int lengthBytes) {
        byte[] packet = left > 0 ? same : toRead.poll();
        if (packet == null) {
            return 0;
        }
        left = Math.max(0, left - 1);
        Memory.fromArray(packet, 0, buffer, packet.length);
        return packet.length;
    }

    @Override
    public int write(long iovec, int entries) {
        written.add(gathered(iovec, entries));
        return 0;
    }

    @Override
    public boolean virtioNetHeaders() { return headers; }

    /** The octets that a {@code struct iovec[]} points to. */
    static byte[] gathered(long iovec, int entries) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (long entry = iovec; entry < iovec + entries * 16L; entry += 16) {
            octets.writeBytes(Memory.toArray(Memory.getLong(entry), (int) Memory.getLong(entry + 8)));
        }
        return octets.toByteArray();
    }
}

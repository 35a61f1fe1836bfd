package org.lnsd.daemon.forwarding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lnsd.tun.Memory;
import org.lnsd.tun.SendBatch;

/** Takes all that is sent: each datagram, those of a train one by one. */
final class TestKernel implements SendBatch.Kernel {
    private static final int MESSAGE_BYTES = 64; // struct mmsghdr
    private static final int VECTOR = 16;
    private static final int VECTOR_ENTRIES = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_BYTES = 40;
    private static final int PACKET_INFO_BYTES = 32;
    private static final int CONTROL_HEADER_BYTES = 16;

    /** In the order of sending. */
    final List<byte[]> datagrams = new ArrayList<>();
    /** How many messages they were, a train counting as one. */
    int messages;
    /** Whether what is sent is kept and counted; nothing is allocated otherwise. */
    boolean keeping = true;

    @Override
    public int sendmmsg(int fd, long first, int count) {
        for (int i = 0; i < count && keeping; i++) {
            keep(first + (long) i * MESSAGE_BYTES);
            messages++;
        }
        return count;
    }

    // What says how long the segments of a train are comes behind what says the local address.
    private void keep(long message) {
        byte[] all = TestQueue.gathered(Memory.getLong(message + VECTOR),
                (int) Memory.getLong(message + VECTOR_ENTRIES));
        boolean train = Memory.getLong(message + CONTROL_BYTES) > PACKET_INFO_BYTES;
        int size = train
                ? Memory.getShort(Memory.getLong(message + CONTROL) + PACKET_INFO_BYTES + CONTROL_HEADER_BYTES)
                : all.length;
        for (int from = 0; from < all.length; from += size) {
            datagrams.add(Arrays.copyOfRange(all, from, Math.min(all.length, from + size)));
        }
    }
}

package org.lnsd.tun;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Buffers for one {@code recvmmsg}: datagrams, or trains of datagrams where UDP_GRO is on. Used by one thread. */
public final class ReceiveBatch implements AutoCloseable {
    private static final int MESSAGE = 64;
    private static final int CONTROL = 128;
    private static final int NAME = 32;
    // Buffers a power of two apart would have their first bytes, all that most packets have, in the same few lines of the caches.
    private static final int SKEW = 17 * 64;

    private final int messages;
    private final long strideBytes;
    private final long mapped;
    private final long headers;
    private final long vectors;
    private final long names;
    private final long controls;
    private final long buffers;
    private int received;

    /** Room for {@code messages} datagrams or trains of at most {@code bufferBytes}. Memory is touched only where data arrives. */
    public ReceiveBatch(int messages, int bufferBytes) {
        this.messages = messages;
        strideBytes = (long) bufferBytes + SKEW;
        long metadata = (long) messages * (MESSAGE + 16 + NAME + CONTROL);
        long aligned = (metadata + 4095) & ~4095L;
        mapped = aligned + messages * strideBytes;
        headers = Memory.map(mapped);
        vectors = headers + (long) messages * MESSAGE;
        names = vectors + (long) messages * 16;
        controls = names + (long) messages * NAME;
        buffers = headers + aligned;
        for (int i = 0; i < messages; i++) {
            long message = headers + (long) i * MESSAGE;
            Memory.putLong(message, nameAddress(i));
            Memory.putLong(message + 16, vectors + (long) i * 16);
            Memory.putLong(message + 24, 1);
            Memory.putLong(message + 32, controls + (long) i * CONTROL);
            offerRoom(message);
            Memory.putLong(vectors + (long) i * 16, address(i));
            Memory.putLong(vectors + (long) i * 16 + 8, bufferBytes);
        }
    }

    /** Receives without waiting: the number of messages, 0 when there is none. */
    public int receive(int fd) {
        for (int i = 0; i < received; i++) {
            offerRoom(headers + (long) i * MESSAGE);
        }
        received = Math.max(0, Linux.LIBC.recvmmsg(fd, headers, messages, Linux.MSG_DONTWAIT, 0));
        return received;
    }

    // The kernel writes how much it filled of both into each message that it delivers, and into no other.
    private static void offerRoom(long message) {
        Memory.putInt(message + 8, NAME);
        Memory.putLong(message + 40, CONTROL);
    }

    /** How many messages one call takes. */
    public int capacity() { return messages; }

    /** Where a message lies. */
    public long address(int index) { return buffers + index * strideBytes; }

    /** Its length in bytes. */
    public int lengthBytes(int index) {
        return Memory.getInt(headers + (long) index * MESSAGE + 56);
    }

    /** Its sender, as {@code sockaddr}. */
    public long nameAddress(int index) { return names + (long) index * NAME; }

    /** Its sender. */
    public InetSocketAddress sender(int index) { return SocketAddresses.read(nameAddress(index)); }

    /** The length of each datagram of a train but the last; a message that is no train is one datagram of its own length. */
    public int segmentBytes(int index) {
        long found = find(index, Linux.SOL_UDP, Linux.UDP_GRO);
        int length = lengthBytes(index);
        if (found == 0) {
            return length;
        }
        int segment = Memory.getInt(found);
        return segment > 0 ? segment : length;
    }

    /** The address the message was sent to, or the given one if the kernel did not say. */
    public InetAddress localAddress(int index, InetAddress otherwise) {
        long ipv4 = find(index, Linux.IPPROTO_IP, Linux.IP_PKTINFO);
        if (ipv4 != 0) {
            return SocketAddresses.address(Memory.toArray(ipv4 + 8, 4));
        }
        long ipv6 = find(index, Linux.IPPROTO_IPV6, Linux.IPV6_PKTINFO);
        return ipv6 != 0 ? SocketAddresses.ipv6(ipv6, Memory.getInt(ipv6 + 16)) : otherwise;
    }

    // Address of the control message's data, or 0.
    private long find(int index, int level, int type) {
        long control = controls + (long) index * CONTROL;
        long end = control + Math.min(CONTROL, Memory.getLong(headers + (long) index * MESSAGE + 40));
        while (control + 16 <= end) {
            long length = Memory.getLong(control);
            if (length < 16) {
                return 0;
            }
            if (Memory.getInt(control + 8) == level && Memory.getInt(control + 12) == type) {
                return control + 16;
            }
            control += (length + 7) & ~7L;
        }
        return 0;
    }

    @Override
    public void close() { Memory.unmap(headers); }
}

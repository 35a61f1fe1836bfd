package org.lnsd.tun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * Gathers datagrams for one {@code sendmmsg}. Datagrams to one destination and of one length (the last may be shorter) become one
 * UDP_SEGMENT message. The order of each flow's datagrams is kept; those of other flows may be overtaken, so that packets of mixed
 * lengths share messages too. What is appended must stay in memory until {@link #flush}. Used by one thread.
 */
public final class SendBatch implements AutoCloseable {
    /** Size of a destination block, see {@link #writeDestination}. */
    public static final int DESTINATION = 128;
    /** Size of a slot for headers. */
    public static final int SLOT = 192;

    private static final int MESSAGE = 64;
    private static final int CONTROL = 64;
    private static final int MESSAGES = 256;
    private static final int SLOTS = 2048;
    private static final int MAXIMUM_SEGMENTS = 64;
    private static final int PIECES = 2;
    private static final int ENTRY = 16;
    // A cache line more than the vector needs: a power of two would put all vectors' beginnings into the same few sets of the cache.
    private static final int VECTOR = MAXIMUM_SEGMENTS * PIECES * ENTRY + 64;
    private static final int FLOWS = 256;
    // So many messages are looked at for one that a datagram can join.
    private static final int OPEN = 16;
    private static final int MAXIMUM_BYTES = 65_000;

    private final Stats stats;
    private final Kernel kernel;
    private final int[] fds;
    private final long mapped;
    private final long headers;
    private final long controls;
    private final long vectors;
    private final long slots;
    private final int[] segmentBytes = new int[MESSAGES];
    private final int[] segments = new int[MESSAGES];
    private final int[] messageBytes = new int[MESSAGES];
    private final boolean[] closed = new boolean[MESSAGES];
    private final int[] lastFlow = new int[MESSAGES];
    private final long[] destinations = new long[MESSAGES];
    /** The last message of each flow, numbered since the beginning: none before this batch's first counts. */
    private final long[] lastMessage = new long[FLOWS];
    private long firstMessage;
    private boolean segmentation;
    private int messageCount;
    private int slotCount;
    /** The message in hand. */
    private int current;

    /** What happened; plain counters of the owning thread. */
    public static final class Stats {
        /** Messages of more than one datagram. */
        public long trains;
        /** Trains that the kernel refused, which then went out one by one. */
        public long refusedTrains;
        /** Datagrams lost because the send buffer was full. */
        public long full;
        /** Datagrams that the kernel refused. */
        public long errors;
        /** Error number of the last refusal. */
        public int lastError;
    }

    /** Sends messages: how many were taken, or the negative error number. */
    @FunctionalInterface
    public interface Kernel {
        /** The system call of this name, without waiting. */
        int sendmmsg(int fd, long messages, int count);
    }

    /** Sends through one of the sockets, as the destination block says. */
    public SendBatch(int[] fds, boolean segmentation, Stats stats) {
        this(fds, segmentation, stats, SendBatch::systemCall);
    }

    /** Sends by the given call. */
    public SendBatch(int[] fds, boolean segmentation, Stats stats, Kernel kernel) {
        this.kernel = kernel;
        this.fds = fds.clone();
        this.segmentation = segmentation;
        this.stats = stats;
        mapped = (long) MESSAGES * (MESSAGE + CONTROL + VECTOR) + (long) SLOTS * SLOT;
        headers = Memory.map(mapped);
        controls = headers + (long) MESSAGES * MESSAGE;
        vectors = controls + (long) MESSAGES * CONTROL;
        slots = vectors + (long) MESSAGES * VECTOR;
        Arrays.fill(lastMessage, -1);
    }

    private static int systemCall(int fd, long messages, int count) {
        int sent = Linux.LIBC.sendmmsg(fd, messages, count, Linux.MSG_DONTWAIT);
        return sent < 0 ? -Linux.errno() : sent;
    }

    /** Writes a destination block: which socket, where to, and from which of our addresses. */
    public static void writeDestination(long block, int socketIndex, InetSocketAddress peer,
            InetAddress local) {
        Memory.putInt(block, socketIndex);
        Memory.putInt(block + 4, SocketAddresses.write(block + 16, peer));
        Memory.putInt(block + 8, local.isAnyLocalAddress() ? 0 : SocketAddresses.writePacketInfo(block + 48, local));
        Memory.putInt(block + 12, Integer.MAX_VALUE);
    }

    /** Where the destination block's {@code sockaddr} lies. */
    public static long destinationName(long block) {
        return block + 16;
    }

    /** Whether trains are (still) made. */
    public boolean sendsTrains() { return segmentation; }

    /** A slot of {@link #SLOT} bytes for headers, valid until the next flush. */
    public long slot() {
        if (slotCount == SLOTS) {
            flush();
        }
        return slots + (long) SLOT * slotCount++;
    }

    /** Whether a slot and a message are free; if not, flush first. */
    public boolean hasRoom() {
        return slotCount < SLOTS && messageCount < MESSAGES;
    }

    /** Begins a datagram that overtakes none of the batch; its one or two pieces follow with {@link #append}. */
    public void datagram(long destination, int lengthBytes) {
        datagram(destination, lengthBytes, 0, messageCount - 1L);
    }

    /** Begins a datagram that overtakes none of its flow; its one or two pieces follow with {@link #append}. */
    public void datagram(long destination, int lengthBytes, int flow) {
        datagram(destination, lengthBytes, flow, lastMessage[flow & FLOWS - 1] - firstMessage);
    }

    private void datagram(long destination, int lengthBytes, int flow, long from) {
        current = segmentation ? joinable(destination, lengthBytes, flow, (int) Math.max(0, from)) : -1;
        if (current < 0) {
            current = messageCount++;
            begin(current, destination, lengthBytes);
        } else {
            segments[current]++;
            messageBytes[current] += lengthBytes;
            closed[current] |= lengthBytes < segmentBytes[current];
        }
        lastFlow[current] = flow;
        lastMessage[flow & FLOWS - 1] = firstMessage + current;
    }

    // From the newest message to the flow's last: one of this length, or that flow's own where this may be the shorter last one.
    private int joinable(long destination, int lengthBytes, int flow, int from) {
        for (int i = messageCount - 1; i >= Math.max(from, messageCount - OPEN); i--) {
            if (destinations[i] == destination && !closed[i] && segments[i] < MAXIMUM_SEGMENTS
                    && messageBytes[i] + lengthBytes <= MAXIMUM_BYTES
                    && (lengthBytes == segmentBytes[i] || (lengthBytes < segmentBytes[i] && lastFlow[i] == flow))
                    && segmentBytes[i] < Memory.getInt(destination + 12)) {
                return i;
            }
        }
        return -1;
    }

    private void begin(int index, long destination, int lengthBytes) {
        long message = headers + (long) index * MESSAGE;
        Memory.putLong(message, destination + 16);
        Memory.putInt(message + 8, Memory.getInt(destination + 4));
        Memory.putLong(message + 16, vectors + (long) index * VECTOR);
        Memory.putLong(message + 24, 0);
        destinations[index] = destination;
        segmentBytes[index] = lengthBytes;
        messageBytes[index] = lengthBytes;
        segments[index] = 1;
        closed[index] = false;
    }

    /** Adds a piece to the datagram in hand. */
    public void append(long address, int lengthBytes) {
        long message = headers + (long) current * MESSAGE;
        long entries = Memory.getLong(message + 24);
        long entry = vectors + (long) current * VECTOR + entries * ENTRY;
        Memory.putLong(entry, address);
        Memory.putLong(entry + 8, lengthBytes);
        Memory.putLong(message + 24, entries + 1);
    }

    /** Sends everything. */
    public void flush() {
        int sent = 0;
        while (sent < messageCount) {
            int socket = Memory.getInt(destinations[sent]);
            int run = sent;
            while (run < messageCount && Memory.getInt(destinations[run]) == socket) {
                writeControl(run++);
            }
            sent = sendRun(fds[socket], sent, run);
        }
        firstMessage += messageCount;
        messageCount = 0;
        slotCount = 0;
    }

    private int sendRun(int fd, int from, int to) {
        int next = from;
        while (next < to) {
            int sent = kernel.sendmmsg(fd, headers + (long) next * MESSAGE, to - next);
            if (sent > 0) {
                for (int i = next; i < next + sent; i++) {
                    stats.trains += segments[i] > 1 ? 1 : 0;
                }
                next += sent;
            } else {
                refused(fd, next++, -sent);
            }
        }
        return next;
    }

    private void writeControl(int index) {
        long message = headers + (long) index * MESSAGE;
        long control = controls + (long) index * CONTROL;
        int length = Memory.getInt(destinations[index] + 8);
        Memory.copy(destinations[index] + 48, control, length);
        if (segments[index] > 1) {
            SocketAddresses.writeControlHeader(control + length, 16 + 2, Linux.SOL_UDP, Linux.UDP_SEGMENT);
            Memory.putShort(control + length + 16, segmentBytes[index]);
            length += 24;
        }
        Memory.putLong(message + 32, length == 0 ? 0 : control);
        Memory.putLong(message + 40, length);
        Memory.putInt(message + 48, 0);
    }

    // A train is larger than the way's MTU (EINVAL, EMSGSIZE) or the device has no checksums (EIO): one by one, and no more
    // trains of that size to this destination. Anything else loses the datagrams.
    private void refused(int fd, int index, int error) {
        stats.lastError = error;
        if (segments[index] == 1 || (error != Linux.EINVAL && error != Linux.EIO && error != Linux.EMSGSIZE)) {
            if (error == Linux.EAGAIN || error == Linux.ENOBUFS) {
                stats.full += segments[index];
            } else {
                stats.errors += segments[index];
            }
            return;
        }
        stats.refusedTrains++;
        if (error == Linux.EIO) {
            segmentation = false;
        } else {
            long limit = destinations[index] + 12;
            Memory.putInt(limit, Math.min(Memory.getInt(limit), segmentBytes[index]));
        }
        sendOneByOne(fd, index);
    }

    private void sendOneByOne(int fd, int index) {
        long message = headers + (long) index * MESSAGE;
        long vector = Memory.getLong(message + 16);
        long end = vector + Memory.getLong(message + 24) * 16;
        segments[index] = 1;
        writeControl(index);
        while (vector < end) {
            int entries = entriesOf(vector, segmentBytes[index], end);
            Memory.putLong(message + 16, vector);
            Memory.putLong(message + 24, entries);
            int sent = kernel.sendmmsg(fd, message, 1);
            if (sent == -Linux.EAGAIN || sent == -Linux.ENOBUFS) {
                stats.full++;
            } else if (sent != 1) {
                stats.errors++;
            }
            vector += entries * 16L;
        }
    }

    // Datagrams of one train may consist of one piece or of two; a datagram is over when its length is reached, the last with the train.
    private static int entriesOf(long vector, int segment, long end) {
        int entries = 0;
        long length = 0;
        while (length < segment && vector + entries * 16L < end) {
            length += Memory.getLong(vector + entries * 16L + 8);
            entries++;
        }
        return entries;
    }

    @Override
    public void close() { Memory.unmap(headers); }
}

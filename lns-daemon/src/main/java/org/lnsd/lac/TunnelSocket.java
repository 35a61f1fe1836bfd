package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.loop.DescriptorHandle;
import org.lnsd.tun.Memory;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.UdpSocket;

/** A UDP socket on the control loop that receives and sends in batches. */
final class TunnelSocket implements AutoCloseable {

    private static final int MESSAGES = 64;
    private static final int TRAIN_BYTES = 65_536;
    private static final int MESSAGE_BYTES = 2048;
    private static final int PENDING = 128;
    /** Batches in a row before the loop may do something else. */
    private static final int TURNS = 4;

    private final UdpSocket socket;
    private final IoEventLoop loop;
    private final ReceiveBatch batch = new ReceiveBatch(MESSAGES, TRAIN_BYTES);
    private final SendBatch sending;
    private final SendBatch.Stats stats = new SendBatch.Stats();
    private final Map<InetSocketAddress, Long> destinations = new HashMap<>();
    private final long pending = Memory.map((long) PENDING * MESSAGE_BYTES);
    private final DescriptorHandle handle;
    private @Nullable Receiver receiver;
    private @Nullable Tap tap;
    private int pendingCount;

    /** Takes what arrives. */
    @FunctionalInterface
    interface Receiver {
        /** Borrows the datagram. */
        void onDatagram(InetSocketAddress local, InetSocketAddress peer, ByteBuf datagram, long nowNs);
    }

    /** Looks at each datagram first. */
    @FunctionalInterface
    interface Tap {
        /** Returns whether the datagram was for the tap, so that nobody else gets it. */
        boolean onDatagram(long address, int lengthBytes, long nowNs);
    }

    /** Uses a bound socket, which it closes at the end. */
    TunnelSocket(UdpSocket socket, IoEventLoop loop) {
        this.socket = socket;
        this.loop = loop;
        socket.enableReceiveTrains();
        sending = new SendBatch(new int[]{socket.fd()}, socket.canSendTrains(), stats);
        handle = new DescriptorHandle(socket.fd(), this::onReadable, defect -> {
            throw defect; // Netty tells of it, and a tool may stop
        });
    }

    void start(@Nullable Receiver to, @Nullable Tap first) {
        receiver = to;
        tap = first;
        handle.register(loop);
    }

    InetSocketAddress local() { return socket.local(); }

    int fd() { return socket.fd(); }

    boolean canSendTrains() { return socket.canSendTrains(); }

    /** Sends at the end of the loop's turn; takes ownership. */
    void send(InetSocketAddress peer, ByteBuf message) {
        int lengthBytes = message.readableBytes();
        if (lengthBytes <= MESSAGE_BYTES) {
            if (pendingCount == PENDING) {
                flush();
            }
            if (pendingCount == 0) {
                loop.execute(this::flush);
            }
            long place = pending + (long) pendingCount++ * MESSAGE_BYTES;
            message.getBytes(message.readerIndex(), Memory.asByteBuffer(place, lengthBytes));
            sending.datagram(destination(peer), lengthBytes);
            sending.append(place, lengthBytes);
        }
        message.release();
    }

    private long destination(InetSocketAddress peer) {
        return destinations.computeIfAbsent(peer, address -> {
            long block = Memory.map(SendBatch.DESTINATION);
            SendBatch.writeDestination(block, 0, address, socket.localAddress());
            return block;
        });
    }

    private void flush() {
        if (pendingCount > 0) {
            sending.flush();
            pendingCount = 0;
        }
    }

    private void onReadable() {
        for (int turn = 0; turn < TURNS; turn++) {
            int count = batch.receive(socket.fd());
            long nowNs = System.nanoTime();
            for (int index = 0; index < count; index++) {
                onMessage(index, nowNs);
            }
            if (count < MESSAGES) {
                return;
            }
        }
    }

    private void onMessage(int index, long nowNs) {
        int lengthBytes = batch.lengthBytes(index);
        int segmentBytes = Math.max(1, batch.segmentBytes(index));
        long start = batch.address(index);
        Tap first = tap;
        for (int offset = 0; offset < lengthBytes; offset += segmentBytes) {
            int segment = Math.min(segmentBytes, lengthBytes - offset);
            boolean taken = first != null && first.onDatagram(start + offset, segment, nowNs);
            Receiver to = receiver;
            if (!taken && to != null) {
                to.onDatagram(socket.local(), batch.sender(index),
                        Unpooled.wrappedBuffer(Memory.asByteBuffer(start + offset, segment)), nowNs);
            }
        }
    }

    /** Called when the loop no longer runs. */
    @Override
    public void close() {
        handle.cancel();
        socket.close();
    }
}

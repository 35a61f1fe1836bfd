package org.lnsd.daemon.forwarding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.loop.DescriptorHandle;
import org.lnsd.tun.Coalescer;
import org.lnsd.tun.Memory;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.SocketAddresses;
import org.lnsd.tun.TunDevice;

/**
 * The control loop's part: receives what the steering program sent to the control sockets, takes the forwarding threads'
 * hand-overs, and sends control messages and PPP control frames, many in one call.
 */
final class ControlPath implements AutoCloseable {
    private static final int MESSAGES = 32;
    private static final int MESSAGE_BYTES = 65_536;
    private static final int BATCHES = 2;
    private static final int SEND_SLOTS = 128;
    private static final int SEND_BYTES = 2048;
    private static final int RECORDS_PER_TURN = 256;

    private final IoEventLoop loop;
    private final TunnelSockets sockets;
    private final Rows rows;
    private final ControlSink controlSink;
    private final @Nullable PuntSink[] sinks;
    private final LoopCounters counters;
    private final Defects defects;
    private final ReceiveBatch receive = new ReceiveBatch(MESSAGES, MESSAGE_BYTES);
    private final Coalescer.Stats coalesced = new Coalescer.Stats();
    private final Coalescer coalescer;
    private final Oversize oversize;
    private final Upstream upstream;
    private final SendBatch.Stats sent = new SendBatch.Stats();
    private final SendBatch send;
    private final long sendBuffers = Memory.map((long) SEND_SLOTS * SEND_BYTES);
    private final long sendDestinations = Memory.map((long) SEND_SLOTS * SendBatch.DESTINATION);
    private final long injected = Memory.map(MESSAGE_BYTES);
    private final List<DescriptorHandle> handles = new ArrayList<>();
    private final Runnable flush = this::flush;
    private int queued;
    private boolean flushPending;
    /** The tunnel of the last control message that is queued, and its destination. */
    private @Nullable TunnelPath controlPath;
    private long controlDestination;

    ControlPath(IoEventLoop loop, ForwardingSettings settings, Tables tables, Rows rows, TunnelSockets sockets,
            TunDevice tun, RowLimits limits, int thread,
            ControlSink controlSink, @Nullable PuntSink[] sinks) {
        this.loop = loop;
        this.sockets = sockets;
        this.rows = rows;
        this.controlSink = controlSink;
        this.sinks = sinks;
        counters = new LoopCounters(rows.maximumRows());
        defects = new Defects(counters);
        coalescer = ForwardingLoop.coalescer(tun, 0, settings.offloads(), coalesced);
        oversize = new Oversize(tun.queue(0), tun.acceptOwnAddresses(),
                settings.tun().addresses().stream().map(prefix -> prefix.address()).toList());
        send = new SendBatch(sockets.controlDescriptors(), sockets.sendsTrains(), sent);
        upstream = new Upstream(tables, rows, receive, coalescer, counters, new DirectPunt(),
                new LimitGate(limits, counters, thread, new Refusals(oversize, rows, send, flush)),
                delayNs -> wake(delayNs));
        for (int i = 0; i < sockets.count(); i++) {
            int index = i;
            int fd = sockets.control(i).fd();
            handles.add(new DescriptorHandle(fd, () -> drainSocket(fd, index), defects));
        }
    }

    void start() { handles.forEach(handle -> handle.register(loop)); }

    void stop() { handles.forEach(DescriptorHandle::cancel); }

    LoopCounters counters() { return counters; }

    Coalescer.Stats coalesced() { return coalesced; }

    SendBatch.Stats sent() { return sent; }

    private void drainSocket(int fd, int index) {
        for (int i = 0; i < BATCHES; i++) {
            if (upstream.drain(fd, index, System.nanoTime()) < MESSAGES) {
                return;
            }
        }
    }

    private void wake(long delayNs) {
        ScheduledFuture<?> _ = loop.schedule(defects.around(() -> upstream.onTimeout(System.nanoTime())), delayNs,
                TimeUnit.NANOSECONDS);
    }

    /** Takes some records of a thread's ring, and comes back for the rest. */
    void drain(PuntRing ring) {
        if (ring.drain(new RingReader(System.nanoTime()), RECORDS_PER_TURN)) {
            loop.execute(() -> drain(ring));
        }
    }

    private static ByteBuf borrow(long address, int lengthBytes) {
        return Unpooled.wrappedBuffer(Memory.asByteBuffer(address, lengthBytes));
    }

    // The two boundaries towards the owners of sessions and tunnels: a defect there costs one message.
    private void toSink(int row, long address, int lengthBytes, long nowNs) {
        PuntSink sink = sinks[row];
        if (sink != null) {
            try {
                sink.onFrame(row, borrow(address, lengthBytes), nowNs);
            } catch (RuntimeException defect) {
                defects.accept(defect);
            }
        }
    }

    private void toControlSink(InetSocketAddress local, InetSocketAddress peer, long address, int lengthBytes,
            long nowNs) {
        try {
            controlSink.onControl(local, peer, borrow(address, lengthBytes), nowNs);
        } catch (RuntimeException defect) {
            defects.accept(defect);
        }
    }

    private void packetToSink(int row, long address, int lengthBytes, long nowNs) {
        PuntSink sink = sinks[row];
        if (sink != null) {
            sink.onPacket(row, borrow(address, lengthBytes), nowNs);
        }
    }

    /** Takes ownership of a frame that fragments were put together to. */
    void injectUp(int row, ByteBuf frame) {
        int length = frame.readableBytes();
        if (length <= MESSAGE_BYTES) {
            frame.getBytes(frame.readerIndex(), Memory.asByteBuffer(injected, length));
            upstream.injected(row, injected, length, System.nanoTime());
        }
        frame.release();
    }

    /** Queues a control message, behind everything that is queued; sent when the loop's present task is over. Takes ownership. */
    void sendControl(TunnelPath path, ByteBuf message) {
        try {
            int slot = nextSlot();
            if (message.readableBytes() > SEND_BYTES || !toPeerOf(path, slot)) {
                counters.drop(DropReason.SEND_ERROR);
                return;
            }
            send.datagram(controlDestination, message.readableBytes());
            put(slot, 0, message);
        } finally {
            message.release();
        }
    }

    /** Makes {@link #controlDestination} that of the tunnel: the former message's, so that they make a train, or one of the slot's own. */
    private boolean toPeerOf(TunnelPath path, int slot) {
        TunnelPath former = controlPath;
        if (former != null && former.peer().equals(path.peer()) && former.local().equals(path.local())) {
            return true;
        }
        int socket = sockets.indexOf(path.local());
        if (socket < 0) {
            return false;
        }
        controlDestination = sendDestinations + (long) slot * SendBatch.DESTINATION;
        SendBatch.writeDestination(controlDestination, socket, path.peer(), path.local().getAddress());
        controlPath = path;
        return true;
    }

    /** Queues a PPP frame of a session; takes ownership. */
    void sendFrame(int row, ByteBuf frame) {
        try {
            long word = rows.word(row);
            int flags = Rows.flags(word);
            int header = L2tpDataHeader.lengthBeforeFrame(flags);
            if (frame.readableBytes() + header > SEND_BYTES) {
                counters.drop(DropReason.SEND_ERROR);
                return;
            }
            int slot = nextSlot();
            L2tpDataHeader.writeBeforeFrame(buffer(slot), rows, row, flags);
            send.datagram(rows.destination(Rows.tunnel(word)), header + frame.readableBytes(), row);
            put(slot, header, frame);
        } finally {
            frame.release();
        }
    }

    /** Queues an IP packet for a session; takes ownership. */
    void sendPacket(int row, ByteBuf packet) {
        try {
            long word = rows.word(row);
            int flags = Rows.flags(word);
            int header = L2tpDataHeader.lengthBytes(flags);
            if (!packet.isReadable() || packet.readableBytes() + header > SEND_BYTES) {
                counters.drop(DropReason.SEND_ERROR);
                return;
            }
            boolean ipv6 = packet.getUnsignedByte(packet.readerIndex()) >>> 4 == 6;
            int slot = nextSlot();
            L2tpDataHeader.write(buffer(slot), rows, row, flags, ipv6);
            send.datagram(rows.destination(Rows.tunnel(word)), header + packet.readableBytes(), row);
            put(slot, header, packet);
        } finally {
            packet.release();
        }
    }

    /** Counts what a link of a bundle has carried. */
    void count(int row, boolean fromSubscriber, int octets, boolean ipv6) {
        if (fromSubscriber) {
            counters.in(row, octets, ipv6, System.nanoTime());
        } else {
            counters.out(row, 1, octets, ipv6, System.nanoTime());
        }
    }

    private long buffer(int slot) { return sendBuffers + (long) slot * SEND_BYTES; }

    private int nextSlot() {
        if (queued == SEND_SLOTS || !send.hasRoom()) {
            flush();
        }
        return queued;
    }

    /** Puts what follows the header into the slot, as the datagram that has been begun. */
    private void put(int slot, int header, ByteBuf content) {
        int length = content.readableBytes();
        content.getBytes(content.readerIndex(), Memory.asByteBuffer(buffer(slot) + header, length));
        send.append(buffer(slot), header + length);
        queued++;
        if (!flushPending) {
            flushPending = true;
            loop.execute(flush);
        }
    }

    /** Sends what is queued. */
    void flush() {
        send.flush();
        queued = 0;
        controlPath = null;
        flushPending = false;
    }

    @Override
    public void close() {
        receive.close();
        upstream.close();
        coalescer.close();
        oversize.close();
        send.close();
        counters.close();
        Memory.unmap(injected);
        Memory.unmap(sendBuffers);
        Memory.unmap(sendDestinations);
    }

    private final class DirectPunt implements Punt {
        @Override
        public boolean frame(int row, long address, int lengthBytes, long nowNs) {
            toSink(row, address, lengthBytes, nowNs);
            return true;
        }

        @Override
        public boolean packet(int row, long address, int lengthBytes, long nowNs) {
            packetToSink(row, address, lengthBytes, nowNs);
            return true;
        }

        @Override
        public boolean control(int index, int socketIndex, long address, int lengthBytes, long nowNs) {
            InetSocketAddress bound = sockets.control(socketIndex).local();
            InetAddress local = receive.localAddress(index, bound.getAddress());
            toControlSink(new InetSocketAddress(local, bound.getPort()), receive.sender(index), address, lengthBytes,
                    nowNs);
            return true;
        }
    }

    private final class RingReader implements PuntRing.Reader {
        private final long nowNs;
        private boolean drained;

        RingReader(long nowNs) { this.nowNs = nowNs; }

        @Override
        public void frame(int row, long address, int lengthBytes) { toSink(row, address, lengthBytes, nowNs); }

        @Override
        public void packet(int row, long address, int lengthBytes) { packetToSink(row, address, lengthBytes, nowNs); }

        /** The Ack that opens the network came by a control socket before: what waits there goes first. */
        @Override
        public void early(int row, long address, int lengthBytes) {
            if (!drained) {
                drained = true;
                for (int i = 0; i < sockets.count(); i++) {
                    drainSocket(sockets.control(i).fd(), i);
                }
            }
            upstream.waited(row, address, lengthBytes, nowNs);
        }

        @Override
        public void control(int socketIndex, long name, byte[] local, long address, int lengthBytes) {
            InetSocketAddress to = new InetSocketAddress(SocketAddresses.address(local),
                    sockets.control(socketIndex).local().getPort());
            toControlSink(to, SocketAddresses.read(name), address, lengthBytes, nowNs);
        }
    }
}

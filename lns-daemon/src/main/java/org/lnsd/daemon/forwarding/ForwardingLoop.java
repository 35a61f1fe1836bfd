package org.lnsd.daemon.forwarding;

import io.netty.channel.IoEventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.lnsd.daemon.loop.DescriptorHandle;
import org.lnsd.tun.Coalescer;
import org.lnsd.tun.PacketQueue;
import org.lnsd.tun.ReceiveBatch;
import org.lnsd.tun.SendBatch;
import org.lnsd.tun.TunDevice;
import org.lnsd.tun.UdpSocket;

/** One forwarding thread: its tunnel sockets, its queue of the device, its counters, its hand-over to the control loop. */
final class ForwardingLoop implements AutoCloseable {
    private static final int MESSAGES = 64;
    private static final int MESSAGE_BYTES = 65_536;
    // So many batches a readiness event, then the loop's other descriptors have their turn.
    private static final int BATCHES = 4;
    // So long the loop looks at all descriptors while packets gather, then its tasks have their turn.
    private static final long LOOKING_NS = 1_000_000;

    private final IoEventLoop loop;
    private final LoopCounters counters;
    private final PuntRing ring = new PuntRing();
    private final AtomicBoolean drainPending = new AtomicBoolean();
    private final ReceiveBatch receive = new ReceiveBatch(MESSAGES, MESSAGE_BYTES);
    private final Coalescer.Stats coalesced = new Coalescer.Stats();
    private final SendBatch.Stats sent = new SendBatch.Stats();
    private final Coalescer coalescer;
    private final SendBatch send;
    private final Oversize oversize;
    private final Upstream upstream;
    private final Downstream downstream;
    private final Moderation moderation = new Moderation();
    private final List<Source> sources = new ArrayList<>();
    private final List<DescriptorHandle> handles = new ArrayList<>();
    private final List<DescriptorHandle> deviceHandles = new ArrayList<>();

    /** A descriptor that packets come from. */
    private interface Source {
        /** Takes and forwards what is there, a bounded number of packets. */
        void drain(long nowNs);
    }

    /** Makes thread {@code index}'s part; {@code drain} is run on the control loop when there is something in the ring. */
    ForwardingLoop(int index, IoEventLoop loop, ForwardingSettings settings, Tables tables, Rows rows,
            RowLimits limits, TunnelSockets sockets, TunDevice tun,
            Runnable drain, IoEventLoop controlLoop) {
        this.loop = loop;
        int queue = index % tun.queues();
        counters = new LoopCounters(rows.maximumRows());
        Defects defects = new Defects(counters);
        coalescer = coalescer(tun, queue, settings.offloads(), coalesced);
        Runnable drainOnce = () -> {
            drainPending.set(false);
            drain.run();
        };
        List<InetAddress> addresses = settings.tun().addresses().stream().map(prefix -> prefix.address()).toList();
        PacketQueue device = tun.queue(queue);
        oversize = new Oversize(device, tun.acceptOwnAddresses(), addresses);
        send = new SendBatch(sockets.dataDescriptors(index), sockets.sendsTrains(), sent);
        LimitGate gate = new LimitGate(limits, counters, index, new Refusals(oversize, rows, send, send::flush));
        Punt punt = new RingPunt(sockets, controlLoop, drainOnce);
        upstream = new Upstream(tables, rows, receive, coalescer, counters, punt, gate,
                delayNs -> wake(delayNs, defects));
        downstream = new Downstream(tables, rows, device, settings.selectBySource(), send, counters, gate,
                new ShapedSender(loop, rows, limits.pool(), send, counters, gate, punt),
                oversize, punt);
        for (int i = 0; i < sockets.count(); i++) {
            int socketIndex = i;
            int fd = sockets.data(i, index).fd();
            handles.add(watch(fd, nowNs -> drainSocket(fd, socketIndex, nowNs), defects));
        }
        if (index < tun.queues()) {
            deviceHandles.add(watch(tun.fd(queue), this::drainDevice, defects));
        }
    }

    private DescriptorHandle watch(int fd, Source source, Defects defects) {
        sources.add(source);
        return new DescriptorHandle(fd, () -> readable(source), defects);
    }

    static Coalescer coalescer(TunDevice tun, int queue, ForwardingSettings.Offloads offloads, Coalescer.Stats stats) {
        return new Coalescer(tun.queue(queue)::writeHeaded, stats,
                tun.tcpTrains() && offloads.tcpCoalesce() != Offload.OFF,
                tun.udpTrains() && offloads.udpCoalesce() != Offload.OFF);
    }

    void start() {
        handles.forEach(handle -> handle.register(loop));
        resumeDevice();
    }

    /** Does not wait for packets of the device for now. Any thread. */
    void pauseDevice() {
        deviceHandles.forEach(DescriptorHandle::cancel);
    }

    /** Waits for packets of the device again. Any thread. */
    void resumeDevice() {
        deviceHandles.forEach(handle -> handle.register(loop));
    }

    /** Comes back for packets that wait for others; a defect there is counted as one in a batch is. */
    private void wake(long delayNs, Defects defects) {
        ScheduledFuture<?> _ = loop.schedule(defects.around(() -> upstream.onTimeout(System.nanoTime())), delayNs,
                TimeUnit.NANOSECONDS);
    }

    /** A descriptor has something: takes it at once; while much comes, waits a little for more and looks at all of them. */
    private void readable(Source first) {
        long nowNs = System.nanoTime();
        long untilNs = nowNs + LOOKING_NS;
        boolean pause = moderation.beginWoken(nowNs);
        if (!pause) {
            first.drain(nowNs);
            pause = moderation.again();
        }
        while (pause) {
            LockSupport.parkNanos(moderation.pauseNs());
            nowNs = look();
            pause = moderation.again() && nowNs - untilNs < 0;
        }
    }

    private long look() {
        long nowNs = System.nanoTime();
        downstream.onTime(nowNs);
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).drain(nowNs);
        }
        return nowNs;
    }

    private void drainSocket(int fd, int socketIndex, long firstNs) {
        long nowNs = firstNs;
        for (int i = 0; i < BATCHES; i++) {
            int messages = upstream.drain(fd, socketIndex, nowNs);
            moderation.took(messages, upstream.drainedBytes(), messages < MESSAGES, nowNs);
            if (messages < MESSAGES) {
                return;
            }
            nowNs = System.nanoTime();
        }
    }

    private void drainDevice(long firstNs) {
        long nowNs = firstNs;
        for (int i = 0; i < BATCHES; i++) {
            int reads = downstream.turn(nowNs);
            moderation.took(reads, downstream.turnedBytes(), downstream.drained(), nowNs);
            if (downstream.drained()) {
                return;
            }
            nowNs = System.nanoTime();
        }
    }

    IoEventLoop loop() { return loop; }

    LoopCounters counters() { return counters; }

    PuntRing ring() { return ring; }

    boolean sendsTrains() { return send.sendsTrains(); }

    boolean joinsTcp() { return coalescer.joinsTcp(); }

    boolean joinsUdp() { return coalescer.joinsUdp(); }

    Coalescer.Stats coalesced() { return coalesced; }

    SendBatch.Stats sent() { return sent; }

    @Override
    public void close() {
        receive.close();
        upstream.close();
        coalescer.close();
        send.close();
        downstream.close();
        oversize.close();
        ring.close();
        counters.close();
    }

    private final class RingPunt implements Punt {
        private static final byte[] NO_ADDRESS = {};

        private final TunnelSockets sockets;
        private final IoEventLoop controlLoop;
        private final Runnable drain;

        RingPunt(TunnelSockets sockets, IoEventLoop controlLoop, Runnable drain) {
            this.sockets = sockets;
            this.controlLoop = controlLoop;
            this.drain = drain;
        }

        @Override
        public boolean frame(int row, long address, int lengthBytes, long nowNs) {
            return offered(ring.offer(row, 0, lengthBytes, address, 0, NO_ADDRESS));
        }

        @Override
        public boolean packet(int row, long address, int lengthBytes, long nowNs) {
            return offered(ring.offer(row, PuntRing.PACKET, lengthBytes, address, 0, NO_ADDRESS));
        }

        @Override
        public boolean early(int row, long address, int lengthBytes) {
            return offered(ring.offer(row, PuntRing.EARLY, lengthBytes, address, 0, NO_ADDRESS));
        }

        @Override
        public boolean control(int index, int socketIndex, long address, int lengthBytes, long nowNs) {
            UdpSocket socket = sockets.control(socketIndex);
            byte[] local = receive.localAddress(index, socket.localAddress()).getAddress();
            return offered(ring.offer(-1, socketIndex, lengthBytes, address, receive.nameAddress(index), local));
        }

        private boolean offered(boolean taken) {
            if (taken && drainPending.compareAndSet(false, true)) {
                controlLoop.execute(drain);
            }
            return taken;
        }
    }
}

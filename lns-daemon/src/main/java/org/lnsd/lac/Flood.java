package org.lnsd.lac;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.lnsd.l2tp.header.L2tpDataHeader;
import org.lnsd.l2tp.tunnel.Tunnel;
import org.lnsd.l2tp.tunnel.TunnelSettings;

/** Sends an LNS what it should survive: many datagrams from many ports, as fast as asked, and counts what comes back. */
final class Flood {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int MAXIMUM_BYTES = 1400;
    private static final int PATIENCE_SENDS = 1000;

    private final LacPlan plan;
    private final FloodOptions options;
    private final RandomGenerator random;
    private final TunnelSettings settings;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);
    private long answers;

    Flood(LacPlan plan, FloodOptions options, RandomGenerator random) {
        this.plan = plan;
        this.options = options;
        this.random = random;
        this.settings = new CallFactory(plan).tunnel();
    }

    /** Returns 0 when everything was sent. */
    int run(FloodOptions.Kind kind, PrintStream out) throws LacRun.Refused {
        List<DatagramChannel> sockets = new ArrayList<>();
        try {
            InetSocketAddress given = plan.tunnels().local;
            for (int port = 0; port < options.ports; port++) {
                sockets.add(open(given == null ? null : given.getAddress()));
            }
            long startNs = System.nanoTime();
            for (int sent = 0; sent < options.count; sent++) {
                DatagramChannel socket = sockets.get(sent % sockets.size());
                pace(startNs, sent);
                send(socket, kind);
                drain(socket);
            }
            LockSupport.parkNanos(SECOND_NS / 2);
            for (DatagramChannel socket : sockets) {
                drain(socket);
            }
            double seconds = (System.nanoTime() - startNs) / 1e9 - 0.5;
            out.printf("flood        %d %s datagrams from %d ports in %.2f s, %d answers%n", options.count, kind,
                    sockets.size(), seconds, answers);
            return 0;
        } catch (IOException refused) {
            throw new LacRun.Refused("flood of " + plan.lns() + ": " + refused.getMessage());
        } finally {
            close(sockets);
        }
    }

    private DatagramChannel open(@Nullable InetAddress from) throws IOException {
        DatagramChannel socket = DatagramChannel.open();
        socket.bind(from == null ? null : new InetSocketAddress(from, 0));
        socket.configureBlocking(false);
        return socket;
    }

    private void pace(long startNs, int sent) {
        int rate = plan.load().ratePerSecond;
        if (rate == 0) {
            return;
        }
        long dueNs = startNs + SECOND_NS * sent / rate;
        while (dueNs - System.nanoTime() > 0) {
            LockSupport.parkNanos(Math.min(SECOND_NS / 1000, dueNs - System.nanoTime()));
        }
    }

    private void send(DatagramChannel socket, FloodOptions.Kind kind) throws IOException {
        buffer.clear();
        switch (kind) {
            case sccrq -> request();
            case garbage -> randomOctets(random.nextInt(MAXIMUM_BYTES));
            case data -> {
                buffer.putShort((short) L2tpDataHeader.VERSION).putShort((short) random.nextInt())
                        .putShort((short) random.nextInt());
                randomOctets(random.nextInt(MAXIMUM_BYTES));
            }
        }
        buffer.flip();
        for (int tries = 0; tries < PATIENCE_SENDS && socket.send(buffer, plan.lns()) == 0; tries++) {
            LockSupport.parkNanos(SECOND_NS / 100_000);
        }
    }

    private void request() {
        Tunnel tunnel = Tunnel.initiate(settings, 1 + random.nextInt(0xFFFF), random, UnpooledByteBufAllocator.DEFAULT);
        tunnel.open(0);
        ByteBuf message = tunnel.pollTransmit();
        if (message != null) {
            buffer.limit(message.readableBytes());
            message.readBytes(buffer);
            message.release();
        }
    }

    private void randomOctets(int lengthBytes) {
        byte[] octets = new byte[lengthBytes];
        random.nextBytes(octets);
        buffer.put(octets);
    }

    private void drain(DatagramChannel socket) throws IOException {
        buffer.clear();
        while (socket.receive(buffer) != null) {
            answers++;
            buffer.clear();
        }
    }

    private static void close(List<DatagramChannel> sockets) {
        for (DatagramChannel socket : sockets) {
            try {
                socket.close();
            } catch (IOException ignored) {
                // a UDP socket that cannot be closed is closed by the end of the process
            }
        }
    }
}

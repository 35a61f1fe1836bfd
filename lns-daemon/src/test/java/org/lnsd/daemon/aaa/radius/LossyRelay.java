package org.lnsd.daemon.aaa.radius;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** A bad way to a RADIUS server: each packet takes so long, some are lost. Counts the requests that wait for an answer. */
final class LossyRelay implements AutoCloseable {
    private record Due(long atNs, DatagramChannel out, InetSocketAddress to, ByteBuffer packet, String key)
            implements
                Comparable<Due> {
        @Override
        public int compareTo(Due other) { return Long.compare(atNs, other.atNs); }
    }

    private final Selector selector;
    private final DatagramChannel front;
    private final InetSocketAddress server;
    private final long delayNs;
    private final int lossPercent;
    private final Random random;
    private final Map<InetSocketAddress, DatagramChannel> backs = new HashMap<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    /** Requests whose answer has not been passed on, by client port and identifier. */
    private final Set<String> unanswered = new HashSet<>();
    private final Thread thread;
    private volatile boolean silent;
    private volatile boolean closed;
    private volatile int mostUnanswered;

    LossyRelay(int serverPort, long delayMs, int lossPercent, long seed) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        this.delayNs = delayMs * 1_000_000;
        this.lossPercent = lossPercent;
        this.random = new Random(seed);
        this.selector = Selector.open();
        this.front = open();
        front.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.thread = Thread.ofPlatform().daemon().name("lossy-relay").start(this::run);
    }

    private DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 4 << 20);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        return channel;
    }

    int port() throws IOException { return ((InetSocketAddress) front.getLocalAddress()).getPort(); }

    /** From now on nothing passes. */
    void silence() { silent = true; }

    /** The most requests that ever waited for an answer at a time. */
    int mostUnanswered() { return mostUnanswered; }

    private void run() {
        try {
            while (!closed) {
                Due first = due.peek();
                long waitNs = first == null ? 100_000_000 : first.atNs - System.nanoTime();
                if (waitNs > 1_000_000) {
                    selector.select(waitNs / 1_000_000);
                } else {
                    selector.selectNow();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    receive((DatagramChannel) key.channel());
                }
                selector.selectedKeys().clear();
                sendDue();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void receive(DatagramChannel channel) throws IOException {
        while (true) {
            ByteBuffer packet = ByteBuffer.allocate(4096);
            InetSocketAddress from = (InetSocketAddress) channel.receive(packet);
            if (from == null) {
                return;
            }
            packet.flip();
            if (channel == front) {
                String key = key(from, packet);
                unanswered.add(key);
                mostUnanswered = Math.max(mostUnanswered, unanswered.size());
                pass(back(from), server, packet, "");
            } else {
                InetSocketAddress client = backs.entrySet().stream().filter(back -> back.getValue() == channel)
                        .map(Map.Entry::getKey).findFirst().orElseThrow();
                pass(front, client, packet, key(client, packet));
            }
        }
    }

    private static String key(InetSocketAddress client, ByteBuffer packet) {
        return client.getPort() + "/" + (packet.get(1) & 0xff);
    }

    private DatagramChannel back(InetSocketAddress client) throws IOException {
        DatagramChannel present = backs.get(client);
        if (present == null) {
            present = open();
            backs.put(client, present);
        }
        return present;
    }

    private void pass(DatagramChannel out, InetSocketAddress to, ByteBuffer packet, String key) {
        if (!silent && random.nextInt(100) >= lossPercent) {
            due.add(new Due(System.nanoTime() + delayNs, out, to, packet, key));
        }
    }

    private void sendDue() throws IOException {
        while (!due.isEmpty() && due.element().atNs <= System.nanoTime()) {
            Due next = due.remove();
            unanswered.remove(next.key);
            next.out.send(next.packet, next.to);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}

package org.lnsd.system.subscriber;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The least of a LAC: one tunnel, calls in it, every control message acknowledged; nothing is ever sent again. */
public final class ScriptTunnel implements AutoCloseable {
    private static final int SCCRQ = 1;
    private static final int SCCRP = 2;
    private static final int SCCCN = 3;
    private static final int ICRQ = 10;
    private static final int ICRP = 11;
    private static final int ICCN = 12;
    private static final int CDN = 14;

    private final DatagramChannel channel;
    private final SocketAddress lns;
    private final int localTunnelId;
    private final Map<Integer, ScriptCall> calls = new ConcurrentHashMap<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final Thread reader;
    private int nextSessionId = 100;
    private int ns;
    private int nr;
    private volatile int peerTunnelId;

    /** Opens a tunnel from a socket of the given namespace. */
    public ScriptTunnel(String namespace, String address, int port, InetSocketAddress lns, String hostName) {
        channel = NamespaceSocket.open(namespace, address, port);
        this.lns = lns;
        localTunnelId = 1000 + port % 10000;
        reader = Thread.ofPlatform().daemon().name("script-lac").start(this::read);
        sendControl(0, avp(0, Octets.u16(SCCRQ)), avp(2, Octets.u16(0x0100)), avp(3, Octets.u32(3)),
                avp(7, Octets.of(hostName)), avp(9, Octets.u16(localTunnelId)), avp(10, Octets.u16(32)));
        await(opened, "the tunnel");
    }

    /** An AVP of the IETF, mandatory. */
    public static byte[] avp(int type, byte[] value) {
        return Octets.of(Octets.u16(0x8000 | value.length + 6), Octets.u16(0), Octets.u16(type), value);
    }

    static void await(CountDownLatch latch, String what) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError(what + " does not open");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Places a call and waits for the ICRP; the ICCN goes out with these additional AVPs. */
    public ScriptCall call(byte[]... iccnAvps) {
        ScriptCall call = offer("0815", iccnAvps);
        await(call.connected, "the call");
        return call;
    }

    /** Places a call without waiting. */
    public ScriptCall offer(String callingNumber, byte[]... iccnAvps) {
        int id;
        synchronized (this) {
            id = nextSessionId++;
        }
        var call = new ScriptCall(this, id, iccnAvps);
        calls.put(id, call);
        sendControl(0, avp(0, Octets.u16(ICRQ)), avp(14, Octets.u16(id)), avp(15, Octets.u32(id)),
                avp(22, Octets.of(callingNumber)), avp(21, Octets.of("4711")));
        return call;
    }

    /** Sends CDN. */
    void hangUp(ScriptCall call, byte[]... avps) {
        var all = new ArrayList<byte[]>();
        all.add(avp(0, Octets.u16(CDN)));
        all.add(avp(1, Octets.u16(1)));
        all.add(avp(14, Octets.u16(call.localSessionId)));
        all.addAll(List.of(avps));
        sendControl(call.peerSessionId, all.toArray(byte[][]::new));
    }

    synchronized void sendControl(int sessionId, byte[]... avps) {
        byte[] body = Octets.of((Object[]) avps);
        send(Octets.of(Octets.u16(0xc802), Octets.u16(12 + body.length), Octets.u16(peerTunnelId),
                Octets.u16(sessionId), Octets.u16(ns), Octets.u16(nr), body));
        ns += body.length == 0 ? 0 : 1;
    }

    void sendData(int sessionId, int dataNs, byte[] frame) {
        send(dataNs < 0
                ? Octets.of(Octets.u16(2), Octets.u16(peerTunnelId), Octets.u16(sessionId), frame)
                : Octets.of(Octets.u16(0x0802), Octets.u16(peerTunnelId), Octets.u16(sessionId), Octets.u16(dataNs),
                        Octets.u16(0), frame));
    }

    private void send(byte[] datagram) {
        try {
            channel.send(ByteBuffer.wrap(datagram), lns);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        try {
            while (true) {
                buffer.clear();
                channel.receive(buffer);
                onDatagram(Arrays.copyOf(buffer.array(), buffer.position()));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void onDatagram(byte[] datagram) {
        int flags = Octets.u16(datagram, 0);
        if ((flags & 0x8000) != 0) {
            onControl(datagram);
            return;
        }
        int at = (flags & 0x4000) != 0 ? 4 : 2;
        int sessionId = Octets.u16(datagram, at + 2);
        at += 4;
        int dataNs = -1;
        if ((flags & 0x0800) != 0) {
            dataNs = Octets.u16(datagram, at);
            at += 4;
        }
        at += (flags & 0x0200) != 0 ? 2 + Octets.u16(datagram, at) : 0;
        ScriptCall call = calls.get(sessionId);
        if (call != null) {
            call.received(Frame.read(Arrays.copyOfRange(datagram, at, datagram.length), dataNs));
        }
    }

    private void onControl(byte[] message) {
        if (message.length == 12) {
            return;
        }
        int sessionId = Octets.u16(message, 6);
        boolean expected;
        synchronized (this) {
            expected = Octets.u16(message, 8) == nr;
            nr += expected ? 1 : 0;
        }
        sendControl(0);
        if (!expected) {
            return;
        }
        var avps = new java.util.HashMap<Integer, byte[]>();
        for (int at = 12; at < message.length;) {
            int length = Octets.u16(message, at) & 0x3ff;
            if (Octets.u16(message, at + 2) == 0) {
                avps.put(Octets.u16(message, at + 4), Arrays.copyOfRange(message, at + 6, at + length));
            }
            at += length;
        }
        dispatch(Octets.u16(avps.get(0), 0), sessionId, avps);
    }

    private void dispatch(int type, int sessionId, Map<Integer, byte[]> avps) {
        ScriptCall call = calls.get(sessionId);
        if (type == SCCRP) {
            peerTunnelId = Octets.u16(avps.get(9), 0);
            sendControl(0, avp(0, Octets.u16(SCCCN)));
            opened.countDown();
        } else if (type == ICRP && call != null) {
            call.peerSessionId = Octets.u16(avps.get(14), 0);
            var iccn = new ArrayList<byte[]>(List.of(avp(0, Octets.u16(ICCN)), avp(24, Octets.u32(10_000_000)),
                    avp(19, Octets.u32(1))));
            iccn.addAll(List.of(call.iccnAvps));
            sendControl(call.peerSessionId, iccn.toArray(byte[][]::new));
            call.connected.countDown();
        } else if (type == CDN && call != null) {
            call.disconnected.complete(new ScriptCall.Disconnect(avps));
        }
    }

    /** Returns the LNS's id of this tunnel. */
    public int peerTunnelId() { return peerTunnelId; }

    @Override
    public void close() {
        sendControl(0, avp(0, Octets.u16(4)), avp(1, Octets.u16(1)), avp(9, Octets.u16(localTunnelId)));
        try {
            channel.close();
            reader.join(1000);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

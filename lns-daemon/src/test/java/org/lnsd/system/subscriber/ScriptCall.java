package org.lnsd.system.subscriber;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A call in a {@link ScriptTunnel}: frames out, frames in, and how it ended. */
public final class ScriptCall {
    private static final long PATIENCE_MS = 20_000;

    final ScriptTunnel tunnel;
    final int localSessionId;
    final byte[][] iccnAvps;
    final CountDownLatch connected = new CountDownLatch(1);
    final CompletableFuture<Disconnect> disconnected = new CompletableFuture<>();
    volatile int peerSessionId;
    private volatile boolean answersEchoes = true;
    private volatile long magic;
    private final List<Frame> unread = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private int nextNs = -1;

    ScriptCall(ScriptTunnel tunnel, int localSessionId, byte[]... iccnAvps) {
        this.tunnel = tunnel;
        this.localSessionId = localSessionId;
        this.iccnAvps = iccnAvps;
    }

    /** What a CDN says. */
    public record Disconnect(Map<Integer, byte[]> avps) {
        public int result() { return Octets.u16(avps.get(1), 0); }

        public int error() { return avps.get(1).length >= 4 ? Octets.u16(avps.get(1), 2) : 0; }

        public String text() {
            byte[] value = avps.get(1);
            return value.length > 4 ? new String(value, 4, value.length - 4, StandardCharsets.UTF_8) : "";
        }

        /** RFC 3145: the disconnect code, -1 without the AVP. */
        public int pppCode() {
            byte[] value = avps.get(46);
            return value == null ? -1 : Octets.u16(value, 0);
        }

        public int pppDirection() { return Octets.u8(avps.get(46), 4); }

        @Override
        public String toString() {
            return "CDN result " + result() + " error " + error() + " ppp " + pppCode() + " " + text();
        }
    }

    public int peerSessionId() { return peerSessionId; }

    /** A magic number to answer echoes with. */
    void magic(long number) { magic = number; }

    public void answersEchoes(boolean answers) { answersEchoes = answers; }

    /** From now on data carries sequence numbers. */
    public void number(int first) { nextNs = first; }

    /** Sends a frame as it is given. */
    public void raw(byte[] frame) {
        synchronized (log) {
            log.add("> " + Octets.hex(frame.length > 80 ? Arrays.copyOf(frame, 80) : frame));
        }
        int ns = nextNs < 0 ? -1 : nextNs++ & 0xffff;
        tunnel.sendData(peerSessionId, ns, frame);
    }

    /** Sends with FF03 and a two octet protocol field. */
    public void send(int protocol, byte[] info) {
        raw(Octets.of(0xff, 0x03, Octets.u16(protocol), info));
    }

    /** Sends a packet with code, identifier and length. */
    public void packet(int protocol, int code, int id, Object... body) {
        byte[] octets = Octets.of(body);
        send(protocol, Octets.of(code, id, Octets.u16(4 + octets.length), octets));
    }

    public void hangUp(byte[]... avps) { tunnel.hangUp(this, avps); }

    void received(Frame frame) {
        synchronized (log) {
            log.add("< " + frame);
        }
        if (answersEchoes && frame.is(0xc021, 9)) {
            byte[] body = frame.body();
            packet(0xc021, 10, frame.id(), Octets.u32(magic),
                    Arrays.copyOfRange(body, Math.min(4, body.length), body.length));
        }
        synchronized (unread) {
            unread.add(frame);
            unread.notifyAll();
        }
    }

    /** Waits for the first unread frame that fits and takes it out. */
    public Frame expect(String what, Predicate<Frame> fits) {
        Frame frame = await(fits, PATIENCE_MS);
        if (frame == null) {
            throw new AssertionError("no " + what + "; conversation:\n" + conversation());
        }
        return frame;
    }

    /** As {@link #expect(String, Predicate)}, but null when nothing comes in this time. */
    public @org.jspecify.annotations.Nullable Frame expectOrNull(Predicate<Frame> fits, long milliseconds) {
        return await(fits, milliseconds);
    }

    public Frame expect(int protocol, int code) {
        return expect("packet %04x code %d".formatted(protocol, code), frame -> frame.is(protocol, code));
    }

    /** The answer with this identifier. */
    public Frame expect(int protocol, int code, int id) {
        return expect("packet %04x code %d id %d".formatted(protocol, code, id),
                frame -> frame.is(protocol, code) && frame.id() == id);
    }

    /** Makes sure that nothing that fits comes in this time. */
    public void silence(String what, long milliseconds, Predicate<Frame> fits) {
        Frame frame = await(fits, milliseconds);
        if (frame != null) {
            throw new AssertionError("unexpected " + what + ": " + frame + "; conversation:\n" + conversation());
        }
    }

    /** Forgets what came so far. */
    public void forget() {
        synchronized (unread) {
            unread.clear();
        }
    }

    private @org.jspecify.annotations.Nullable Frame await(Predicate<Frame> fits, long milliseconds) {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        synchronized (unread) {
            while (true) {
                for (int i = 0; i < unread.size(); i++) {
                    if (fits.test(unread.get(i))) {
                        return unread.remove(i);
                    }
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
                if (leftMs <= 0) {
                    return null;
                }
                try {
                    unread.wait(leftMs);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** All frames so far. */
    public String conversation() {
        synchronized (log) {
            return String.join("\n", log) + (disconnected.isDone() ? "\n" + disconnected.getNow(null) : "");
        }
    }

    /** Waits for the LNS's CDN. */
    public Disconnect awaitDisconnect() { return awaitDisconnect(PATIENCE_MS); }

    public Disconnect awaitDisconnect(long milliseconds) {
        try {
            return disconnected.get(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no CDN; conversation:\n" + conversation(), e);
        }
    }

    public boolean isUp() { return !disconnected.isDone(); }
}

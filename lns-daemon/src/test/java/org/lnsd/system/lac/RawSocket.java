package org.lnsd.system.lac;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import jnr.ffi.LibraryLoader;

/** A UDP socket that lives in a network namespace, although the test does not. */
public final class RawSocket implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;

    /** What the system calls for it are. */
    public interface LibC {
        int open(String path, int flags);

        int setns(int fd, int type);

        int close(int fd);
    }

    private final DatagramSocket socket;
    private @Nullable SocketAddress lastSender;

    /** Binds to the address; port 0: any. */
    public RawSocket(String namespace, String address, int port) {
        CompletableFuture<DatagramSocket> made = new CompletableFuture<>();
        // A thread has a namespace, and a socket keeps the one that it was made in; the thread ends with it.
        Thread.ofPlatform().start(() -> {
            try {
                enter(namespace);
                DatagramSocket inside = new DatagramSocket(new InetSocketAddress(address, port));
                inside.setReceiveBufferSize(4 << 20);
                made.complete(inside);
            } catch (IOException | IllegalStateException e) {
                made.completeExceptionally(e);
            }
        });
        socket = made.join();
    }

    private static void enter(String namespace) {
        LibC libc = LibraryLoader.create(LibC.class).load("c");
        int fd = libc.open("/run/netns/" + namespace, 0);
        if (fd < 0 || libc.setns(fd, CLONE_NEWNET) != 0 || libc.close(fd) != 0) {
            throw new IllegalStateException("cannot enter namespace " + namespace);
        }
    }

    public int port() { return socket.getLocalPort(); }

    public void send(byte[] octets, InetSocketAddress to) {
        try {
            socket.send(new DatagramPacket(octets, octets.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next datagram, null when none came in time. */
    public byte @Nullable [] receive(long timeoutMs) {
        try {
            byte[] octets = new byte[65_536];
            DatagramPacket packet = new DatagramPacket(octets, octets.length);
            socket.setSoTimeout((int) Math.max(1, timeoutMs));
            socket.receive(packet);
            lastSender = packet.getSocketAddress();
            return Arrays.copyOf(octets, packet.getLength());
        } catch (SocketTimeoutException none) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the last datagram came from. */
    public @Nullable SocketAddress lastSender() { return lastSender; }

    public boolean isClosed() { return socket.isClosed(); }

    @Override
    public void close() { socket.close(); }
}

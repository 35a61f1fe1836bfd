package org.lnsd.system.subscriber;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CompletableFuture;
import jnr.ffi.LibraryLoader;

/** UDP sockets in another network namespace: a thread moves there, opens the socket and ends. */
public final class NamespaceSocket {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int O_CLOEXEC = 0x8_0000;

    private NamespaceSocket() {}

    /** The two system calls that it takes. */
    public interface SystemCalls {
        int open(String path, int flags);

        int setns(int fd, int type);
    }

    /** Opens a socket in the named namespace. */
    public static DatagramChannel open(String namespace, String address, int port) {
        var opened = new CompletableFuture<DatagramChannel>();
        Thread mover = Thread.ofPlatform().name("move-to-" + namespace).start(() -> {
            try {
                opened.complete(openHere(namespace, address, port));
            } catch (IOException failed) {
                opened.completeExceptionally(new UncheckedIOException(failed));
            }
        });
        try {
            mover.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return opened.join();
    }

    private static DatagramChannel openHere(String namespace, String address, int port) throws IOException {
        SystemCalls calls = LibraryLoader.create(SystemCalls.class).load("c");
        int fd = calls.open("/run/netns/" + namespace, O_CLOEXEC);
        if (fd < 0 || calls.setns(fd, CLONE_NEWNET) != 0) {
            throw new IOException("cannot enter namespace " + namespace);
        }
        StandardProtocolFamily family = address.indexOf(':') < 0
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
        return DatagramChannel.open(family).bind(new InetSocketAddress(address, port));
    }
}

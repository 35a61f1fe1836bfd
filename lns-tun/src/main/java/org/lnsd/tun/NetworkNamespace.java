package org.lnsd.tun;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import jnr.ffi.LibraryLoader;

/** Named network namespaces of {@code ip netns}: a socket belongs for ever to the namespace of the thread that made it. */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

    private NetworkNamespace() {}

    /** The calls that only this class needs. */
    public interface Calls {
        int setns(int fd, int type);
    }

    /**
     * Runs something on a thread of its own inside a namespace, and waits for it.
     *
     * @param name as {@code ip netns} lists it
     * @throws LinuxException if there is no such namespace or the privilege for it is missing
     */
    public static <T> T within(String name, Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().name("netns " + name).start(() -> {
            try {
                enter(name);
                result.complete(action.get());
            } catch (RuntimeException refused) {
                result.completeExceptionally(refused);
            }
        });
        try {
            return result.join();
        } catch (CompletionException refused) {
            if (refused.getCause() instanceof LinuxException cause) {
                throw cause;
            }
            throw refused;
        }
    }

    private static void enter(String name) {
        long block = Memory.map(4096);
        try {
            Linux.putString(block, "/run/netns/" + name);
            int fd = Linux.check(Linux.LIBC.open(block, Linux.O_CLOEXEC), "cannot open network namespace " + name,
                    "make it with ip netns add");
            try {
                Linux.check(CALLS.setns(fd, CLONE_NEWNET), "cannot enter network namespace " + name,
                        "be root or have CAP_SYS_ADMIN");
            } finally {
                Linux.LIBC.close(fd);
            }
        } finally {
            Memory.unmap(block);
        }
    }
}

package org.lnsd.lac;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/** A plain descriptor in an event loop: runs an action whenever it is readable (level-triggered). */
final class ReadableHandle implements EpollIoHandle {
    private final FileDescriptor descriptor;
    private final Runnable onReadable;
    private volatile @Nullable IoRegistration registration;

    ReadableHandle(int fd, Runnable onReadable) {
        descriptor = new FileDescriptor(fd);
        this.onReadable = onReadable;
    }

    /** Asks the loop to watch the descriptor from now on. */
    @SuppressWarnings("FutureReturnValueIgnored")
    void register(IoEventLoop loop) {
        loop.register(this).addListener(future -> {
            if (future.isSuccess()) {
                IoRegistration registered = (IoRegistration) future.getNow();
                registration = registered;
                registered.submit(EpollIoOps.EPOLLIN);
            }
        });
    }

    /** Stops watching; the descriptor stays open. */
    void cancel() {
        IoRegistration registered = registration;
        if (registered != null) {
            registered.cancel();
        }
    }

    @Override
    public FileDescriptor fd() { return descriptor; }

    @Override
    public void handle(IoRegistration ignored, IoEvent event) { onReadable.run(); }

    @Override
    public void close() {
        // The socket owns the descriptor.
    }
}

package org.lnsd.daemon.loop;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A plain descriptor in an event loop: runs an action whenever it is readable (level-triggered). A boundary: a defect in the
 * action is given to {@code onDefect}, and neither ends the loop nor makes Netty pause it for a second.
 */
public final class DescriptorHandle implements EpollIoHandle {
    private final FileDescriptor descriptor;
    private final Runnable onReadable;
    private final Consumer<RuntimeException> onDefect;
    private volatile @Nullable IoRegistration registration;

    /** Watches the descriptor, which stays its owner's. */
    public DescriptorHandle(int fd, Runnable onReadable, Consumer<RuntimeException> onDefect) {
        descriptor = new FileDescriptor(fd);
        this.onReadable = onReadable;
        this.onDefect = onDefect;
    }

    /** Asks the loop to watch the descriptor from now on. */
    public void register(IoEventLoop loop) {
        Future<IoRegistration> _ = loop.register(this).addListener(future -> {
            if (future.isSuccess()) {
                IoRegistration registered = (IoRegistration) future.getNow();
                registration = registered;
                registered.submit(EpollIoOps.EPOLLIN);
            }
        });
    }

    /** Stops watching; the descriptor stays open. */
    public void cancel() {
        IoRegistration registered = registration;
        if (registered != null) {
            registered.cancel();
        }
    }

    @Override
    public FileDescriptor fd() { return descriptor; }

    @Override
    public void handle(IoRegistration ignored, IoEvent event) {
        try {
            onReadable.run();
        } catch (RuntimeException defect) {
            onDefect.accept(defect);
        }
    }

    @Override
    public void close() {
        // The descriptor is its owner's.
    }
}

package org.lnsd.daemon.system;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells systemd how we are, as sd_notify(3) describes; silent when {@code NOTIFY_SOCKET} is not set. */
public final class ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final @Nullable String socketPath;

    /** @param socketPath the value of {@code NOTIFY_SOCKET}, or null */
    public ServiceManager(@Nullable String socketPath) {
        this.socketPath = socketPath == null || socketPath.isEmpty() ? null : socketPath;
    }

    /** The first tunnel can be taken. */
    public void ready() { send("READY=1\nSTATUS=ready"); }

    /** We are about to end. */
    public void stopping() { send("STOPPING=1"); }

    /** We are well: the watchdog may sleep on. */
    public void watchdog() { send("WATCHDOG=1"); }

    private void send(String state) {
        String path = socketPath;
        if (path == null || !Epoll.isAvailable()) {
            return;
        }
        // An abstract name is given with a leading '@' and addressed with a leading NUL.
        DomainSocketAddress address = new DomainSocketAddress(path.startsWith("@") ? "\0" + path.substring(1) : path);
        byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
        try {
            Socket socket = Socket.newSocketDomainDgram();
            try {
                java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocateDirect(bytes.length);
                buffer.put(bytes);
                socket.sendToDomainSocket(buffer, 0, bytes.length, address.path().getBytes(StandardCharsets.UTF_8));
            } finally {
                socket.close();
            }
        } catch (IOException e) {
            LOG.warn("notify-failed class=local socket={} cause={}", path, e.getMessage());
        }
    }
}

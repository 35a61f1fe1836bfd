package org.lnsd.daemon.system;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells systemd how we are, as sd_notify(3) describes; silent when {@code NOTIFY_SOCKET} is not set. */
public final class ServiceManager {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final @Nullable String socketPath;
    private final OptionalLong watchdogNs;

    private ServiceManager(@Nullable String socketPath, OptionalLong watchdogNs) {
        this.socketPath = socketPath;
        this.watchdogNs = watchdogNs;
    }

    /**
     * Reads {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC} and {@code WATCHDOG_PID}.
     *
     * @param ownPid a watchdog that waits for another process is not ours
     */
    public static ServiceManager of(Map<String, String> environment, long ownPid) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        String watched = environment.getOrDefault("WATCHDOG_PID", "");
        boolean ours = watched.isEmpty() || watched.equals(Long.toString(ownPid));
        return new ServiceManager(socket.isEmpty() ? null : socket,
                ours ? microseconds(environment.getOrDefault("WATCHDOG_USEC", "")) : OptionalLong.empty());
    }

    private static OptionalLong microseconds(String text) {
        try {
            long microseconds = text.isEmpty() ? 0 : Long.parseLong(text);
            return microseconds > 0
                    ? OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(microseconds))
                    : OptionalLong.empty();
        } catch (NumberFormatException bad) {
            LOG.warn("watchdog-ignored class=local WATCHDOG_USEC=\"{}\"", text);
            return OptionalLong.empty();
        }
    }

    /** Returns whether anybody listens. */
    public boolean present() { return socketPath != null; }

    /** Returns after how many nanoseconds without {@link #alive} we are taken for stuck. */
    public OptionalLong watchdogNs() {
        return watchdogNs;
    }

    /** The first tunnel can be taken, or a reload is over. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /**
     * The configuration is being read again; {@link #ready} tells that this is over.
     *
     * @param nowNs {@link System#nanoTime()}, which is CLOCK_MONOTONIC as systemd wants it
     */
    public void reloading(long nowNs) {
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(nowNs) + "\nSTATUS=reloading");
    }

    /** We are about to end. */
    public void stopping() { send("STOPPING=1\nSTATUS=stopping"); }

    /** What the operator is to see from now on. */
    public void status(String status) { send("STATUS=" + status); }

    /** We are well: the watchdog may sleep on. */
    public void alive(String status) {
        send("WATCHDOG=1\nSTATUS=" + status);
    }

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
                ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
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

package org.lnsd.daemon.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.lnsd.daemon.config.ControlConfig;
import org.lnsd.daemon.metrics.AcceptFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the control socket. Each client has a virtual thread of its own, so one that reads slowly or not at all holds up nobody; there
 * is a limit to how many there are and to how long one may not read.
 */
public final class ControlServer implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long SWEEP_MS = 5_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long ROOM_POLL_MS = 20;
    private static final long ACCEPT_AGAIN_MS = 200;

    private final ControlConfig config;
    private final OperatorServices services;
    private final ServerSocketChannel listener;
    private final Access access;
    private final AcceptFailures failures = new AcceptFailures("control");
    private final Set<ControlClient> clients = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private final Thread sweeper;
    private volatile boolean closed;

    private ControlServer(ControlConfig config, OperatorServices services, ServerSocketChannel listener) {
        this.config = config;
        this.services = services;
        this.listener = listener;
        this.access = new Access(config, Path.of("/etc/group"));
        acceptor = Thread.ofPlatform().name("lnsd-control-socket").daemon(true).unstarted(this::acceptAll);
        sweeper = Thread.ofVirtual().name("lnsd-control-sweep").unstarted(this::sweep);
    }

    /**
     * Opens the socket and serves it.
     *
     * @throws IOException naming the path and what would mend it
     */
    public static ControlServer start(ControlConfig config, OperatorServices services) throws IOException {
        Path path = config.socket();
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            prepare(path);
            listener.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            protect(path, config);
        } catch (IOException refused) {
            listener.close();
            throw new IOException("control socket " + path + ": " + reason(refused), refused);
        }
        VirtualThreads.prepare();
        ControlServer server = new ControlServer(config, services, listener);
        services.metrics().register(server.failures);
        server.acceptor.start();
        server.sweeper.start();
        return server;
    }

    private static String reason(IOException refused) {
        return refused instanceof java.nio.file.AccessDeniedException
                ? "permission denied; start as root or choose another path ([control] socket)"
                : String.valueOf(refused.getMessage());
    }

    // A socket file that nobody listens on is left over from a process that was killed.
    private static void prepare(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException nobodyListens) {
            Files.delete(path);
            return;
        }
        throw new IOException("another lnsd listens there; stop it or choose another path ([control] socket)");
    }

    // Between bind and here the umask rules: connecting needs write permission, which it gives to nobody else.
    private static void protect(Path path, ControlConfig config) throws IOException {
        boolean anybody = config.distinguishes();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(anybody ? "rw-rw-rw-" : "rw-rw----"));
        Optional<String> group = config.group();
        if (group.isEmpty()) {
            return;
        }
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        try {
            view.setGroup(path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get()));
        } catch (UserPrincipalNotFoundException noSuchGroup) {
            LOG.info("control-group-missing group={} effect=root-only", group.get());
        }
    }

    private void acceptAll() {
        while (!closed) {
            try {
                admit(listener.accept());
            } catch (IOException failed) {
                if (!closed) {
                    failures.failed(failed);
                    evictIdle();
                    pause(ACCEPT_AGAIN_MS);
                }
            }
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        boolean admitted = false;
        try {
            admitted = serve(channel);
        } finally {
            if (!admitted) {
                channel.close();
            }
        }
    }

    private boolean serve(SocketChannel channel) throws IOException {
        Optional<Access.Rights> rights = access.of(channel);
        if (rights.isEmpty()) {
            refuse(channel, "permission denied: neither root nor in a group that [control] names");
            return false;
        }
        if (!awaitRoom()) {
            refuse(channel,
                    "too many clients, " + config.maximumClients() + " are connected ([control] maximum-clients)");
            return false;
        }
        ControlClient client = new ControlClient(channel, rights.get(), services, clients::remove);
        clients.add(client);
        Thread.ofVirtual().name("lnsd-control-client").start(client);
        return true;
    }

    /** Clients that have just vanished are noticed when their turn comes: that takes a moment on a busy machine. */
    private boolean awaitRoom() {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (clients.size() >= config.maximumClients() && !evictIdle()) {
            if (closed || System.nanoTime() - endNs > 0) {
                return false;
            }
            pause(ROOM_POLL_MS);
        }
        return true;
    }

    private boolean evictIdle() {
        Optional<ControlClient> idle = clients.stream().filter(ControlClient::isDispensable)
                .min(java.util.Comparator.comparingLong(ControlClient::activeNs));
        idle.ifPresent(client -> {
            client.close();
            clients.remove(client);
        });
        return idle.isPresent();
    }

    private static void refuse(SocketChannel channel, String why) throws IOException {
        channel.configureBlocking(false);
        channel.write(java.nio.ByteBuffer.wrap(
                (Protocol.GREETING + Protocol.VERSION + "\n" + Protocol.ERROR + why + "\n" + Protocol.END + "1\n")
                        .getBytes(UTF_8)));
    }

    private void sweep() {
        while (!closed) {
            pause(SWEEP_MS);
            long nowNs = System.nanoTime();
            clients.stream().filter(client -> client.isWriting() && nowNs - client.activeNs() > STUCK_NS)
                    .forEach(client -> {
                        LOG.info("control-client-stuck effect=closed");
                        client.close();
                    });
        }
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the socket, ends all clients and removes the file. */
    @Override
    public void close() throws IOException {
        closed = true;
        sweeper.interrupt();
        listener.close();
        clients.forEach(ControlClient::close);
        Files.deleteIfExists(config.socket());
    }
}

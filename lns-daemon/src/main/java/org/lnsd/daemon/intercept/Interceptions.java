package org.lnsd.daemon.intercept;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.trace.Pcapng;

/** All interceptions of this node, and the thread that sends their copies. Any thread; the thread is made with the first. */
public final class Interceptions {
    private static final int TURN = 256;

    private final Path directory;
    private final Clock clock;
    private final AuditLog audit;
    private final Map<String, Interception> running = new ConcurrentHashMap<>();
    private final Queue<Interception> ended = new ConcurrentLinkedQueue<>();
    private final Map<Interception, FileChannel> files = new HashMap<>();
    private volatile @Nullable Thread sender;

    /** {@code directory} is the state directory. */
    public Interceptions(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
        audit = new AuditLog(directory, clock);
    }

    /**
     * Begins, in place of what runs for that session.
     *
     * @param requester who wants it, for the audit log
     * @throws IOException if the audit log cannot be written; nothing has begun
     */
    public Interception start(String sessionId, String user, InterceptTarget target, String requester)
            throws IOException {
        stop(sessionId, requester);
        audit.write("intercept-start session=" + sessionId + " user=" + user + " target=" + target + " requester="
                + requester);
        Interception interception = new Interception(sessionId, user, target, this::wake);
        running.put(sessionId, interception);
        startThread();
        return interception;
    }

    /** Ends what runs for the session, if anything does; true: it did. */
    public boolean stop(String sessionId, String requester) throws IOException {
        Interception former = running.remove(sessionId);
        if (former == null) {
            return false;
        }
        ended.add(former);
        wake();
        audit.write("intercept-stop " + former + " requester=" + requester);
        return true;
    }

    /** What runs, a line each. */
    public List<String> running() {
        return running.values().stream().map(Interception::toString).sorted().toList();
    }

    private synchronized void startThread() {
        if (sender == null) {
            sender = Thread.ofPlatform().daemon().name("intercept").start(this::send);
        }
    }

    private void wake() { LockSupport.unpark(sender); }

    // The boundary of the thread: without sockets nothing is copied, and the audit log says so.
    private void send() {
        try (DatagramChannel ipv4 = DatagramChannel.open(StandardProtocolFamily.INET);
                DatagramChannel ipv6 = DatagramChannel.open(StandardProtocolFamily.INET6)) {
            while (true) {
                boolean more = false;
                for (Interception interception : running.values()) {
                    more |= send(interception, ipv4, ipv6);
                }
                more |= sendLast(ipv4, ipv6);
                if (!more) {
                    LockSupport.park(this);
                }
            }
        } catch (IOException refused) {
            fail(refused);
        }
    }

    private boolean sendLast(DatagramChannel ipv4, DatagramChannel ipv6) throws IOException {
        Interception last = ended.peek();
        if (last == null) {
            return false;
        }
        if (!send(last, ipv4, ipv6)) {
            ended.remove(last);
            FileChannel file = files.remove(last);
            if (file != null) {
                file.close();
            }
        }
        return true;
    }

    private void fail(IOException cause) {
        try {
            audit.write("intercept-failed cause=" + cause);
        } catch (IOException unwritable) {
            // Neither can be told; the packets count as lost.
        }
    }

    private boolean send(Interception interception, DatagramChannel ipv4, DatagramChannel ipv6) {
        for (int i = 0; i < TURN; i++) {
            byte[] packet = interception.poll();
            if (packet == null) {
                return false;
            }
            try {
                switch (interception.target()) {
                    case InterceptTarget.Collector(var address) -> {
                        boolean four = address.getAddress() instanceof java.net.Inet4Address;
                        if ((four ? ipv4 : ipv6).send(ByteBuffer.wrap(packet), address) == 0) {
                            interception.notTaken();
                        }
                    }
                    case InterceptTarget.PcapngFile() -> write(interception, packet);
                }
            } catch (IOException refused) {
                interception.notTaken();
            }
        }
        return true;
    }

    private void write(Interception interception, byte[] packet) throws IOException {
        FileChannel file = files.get(interception);
        if (file == null) {
            file = open(interception);
            files.put(interception, file);
        }
        ByteBuffer block = ByteBuffer.wrap(Pcapng.packet(clock.millis(), packet));
        while (block.hasRemaining()) {
            file.write(block);
        }
    }

    private FileChannel open(Interception interception) throws IOException {
        Path folder = directory.resolve("intercept");
        Files.createDirectories(folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        FileChannel file = FileChannel.open(folder.resolve(interception.sessionId() + "-" + clock.millis() + ".pcapng"),
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        file.write(ByteBuffer.wrap(Pcapng.header()));
        return file;
    }
}

package org.lnsd.daemon.system;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The service manager's end: what a datagram socket in the file system was sent. */
final class NotifySocket implements AutoCloseable {

    private static final int LARGEST_BYTES = 4096;

    private final Socket socket;
    private final Path path;

    NotifySocket(Path path) throws IOException {
        Epoll.ensureAvailability(); // loads the library
        this.path = path;
        socket = Socket.newSocketDomainDgram();
        socket.bind(new DomainSocketAddress(path.toString()));
    }

    String path() { return path.toString(); }

    /** Takes the messages that are there, oldest first; sending over such a socket is synchronous. */
    List<String> received() throws IOException {
        List<String> messages = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_BYTES);
        while (true) {
            int lengthBytes = receive(buffer);
            if (lengthBytes <= 0) {
                return messages;
            }
            byte[] message = new byte[lengthBytes];
            buffer.get(0, message);
            messages.add(new String(message, StandardCharsets.UTF_8));
        }
    }

    private int receive(ByteBuffer buffer) throws IOException {
        try {
            return socket.recv(buffer, 0, LARGEST_BYTES);
        } catch (Errors.NativeIoException e) {
            if (e.expectedErr() == Errors.ERRNO_EAGAIN_NEGATIVE) {
                return 0;
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException { socket.close(); }
}

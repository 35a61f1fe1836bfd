package org.lnsd.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import org.lnsd.daemon.control.Protocol;
import org.lnsd.daemon.control.Words;

/** A connection to the control socket, as docs/CONTROL.md describes it. One request at a time. */
final class Connection implements AutoCloseable {

    private static final int BUFFER_BYTES = 65_536;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private byte[] line = new byte[512];

    private Connection(SocketChannel channel) { this.channel = channel; }

    /** Connects and reads the greeting. */
    static Connection open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Connection connection = new Connection(channel);
            String greeting = connection.readLine(() -> {});
            if (!greeting.startsWith(Protocol.GREETING)) {
                throw new IOException("that is no lnsd: \"" + greeting + "\"");
            }
            return connection;
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    /** Takes the pieces of a capture file in Base64. */
    interface Packets {
        void packet(String base64) throws IOException;
    }

    /** Tells what the reader's terminal can do. */
    void terminal(int width, boolean color) throws IOException {
        send(Protocol.OPTION + "width " + width);
        send(Protocol.OPTION + "color " + (color ? "on" : "off"));
    }

    /**
     * Runs one command.
     *
     * @param beforeWaiting called before each wait for more, to show what is buffered
     * @return the exit code
     */
    int request(List<String> words, Consumer<String> out, Consumer<String> error, Runnable beforeWaiting)
            throws IOException {
        return request(words, out, error, _ -> {}, beforeWaiting);
    }

    /** As the other, with the pieces of a capture file. */
    int request(List<String> words, Consumer<String> out, Consumer<String> error, Packets packets,
            Runnable beforeWaiting) throws IOException {
        send(Words.join(words));
        while (true) {
            String answer = readLine(beforeWaiting);
            char kind = answer.isEmpty() ? Protocol.OUT : answer.charAt(0);
            String text = answer.isEmpty() ? "" : answer.substring(1);
            switch (kind) {
                case Protocol.END -> {
                    return Integer.parseInt(text);
                }
                case Protocol.ERROR -> error.accept(text);
                case Protocol.PACKET -> packets.packet(text);
                default -> out.accept(text);
            }
        }
    }

    private void send(String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    private String readLine(Runnable beforeWaiting) throws IOException {
        int length = 0;
        while (true) {
            while (in.hasRemaining()) {
                byte octet = in.get();
                if (octet == '\n') {
                    return new String(line, 0, length, StandardCharsets.UTF_8);
                }
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = octet;
            }
            beforeWaiting.run();
            if (channel.read(in.clear()) < 0) {
                in.flip();
                throw new IOException("the daemon closed the connection");
            }
            in.flip();
        }
    }

    /** Whether it can be asked. */
    boolean isOpen() { return channel.isOpen(); }

    @Override
    public void close() throws IOException { channel.close(); }
}

package org.lnsd.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Clients of the control socket: of four, one reads an octet now and then, one vanishes behind its request, two behave. */
final class ControlCrowd implements AutoCloseable {
    private final List<SocketChannel> slow = new ArrayList<>();
    private final List<SocketChannel> vanishing = new ArrayList<>();
    private final List<SocketChannel> others = new ArrayList<>();

    ControlCrowd(Path socket, int clients) {
        for (int i = 0; i < clients; i++) {
            List<SocketChannel> kind = i % 4 == 0 ? slow : i % 4 == 1 ? vanishing : others;
            try {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                kind.add(channel);
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException refused) {
                throw new UncheckedIOException("client " + i, refused);
            }
        }
    }

    /** The ill-behaved ask for much, the others for little; then the vanishing are gone. */
    void askAll(String much, String little) {
        slow.forEach(channel -> send(channel, much));
        vanishing.forEach(channel -> send(channel, much));
        others.forEach(channel -> send(channel, little));
        vanishing.forEach(ControlCrowd::close);
    }

    /** The whole answers of those that behave, greeting included. */
    List<String> answersOfTheOthers() {
        return others.stream().map(ControlCrowd::answer).toList();
    }

    /** Those that are slow read so many octets each. */
    void readOctetsOfTheSlow(int octets) {
        slow.forEach(channel -> {
            try {
                for (int i = 0; i < octets; i++) {
                    channel.read(ByteBuffer.allocate(1));
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
    }

    private static void send(SocketChannel channel, String request) {
        try {
            channel.write(ByteBuffer.wrap((request + "\n").getBytes(UTF_8)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String answer(SocketChannel channel) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocate(8192);
        try {
            while (!answer.toString(UTF_8).matches("(?s).*\n=[0-9]\n")) {
                if (channel.read(in.clear()) < 0) {
                    throw new AssertionError("closed after " + answer.toString(UTF_8));
                }
                answer.write(in.array(), 0, in.position());
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return answer.toString(UTF_8).strip();
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        slow.forEach(ControlCrowd::close);
        others.forEach(ControlCrowd::close);
        vanishing.forEach(ControlCrowd::close);
    }
}

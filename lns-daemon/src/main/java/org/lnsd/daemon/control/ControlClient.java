package org.lnsd.daemon.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the control socket: a line in, the answer's lines out, until the client goes. */
final class ControlClient implements Runnable, Output.Lines {

    private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);
    private static final int BUFFER_BYTES = 8192;
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SLOW_NS = TimeUnit.SECONDS.toNanos(5);
    private static final String COMMAND = "[a-z-]{1,20}";
    private static final int MAXIMUM_LOGGED = 300;
    private static final long MAXIMUM_TAKEN = 16L << 20;
    private static final int MAXIMUM_WIDTH = 1000;
    private static final Set<String> HARMLESS = Set.of("show", "help", "words", "--help", "-h");

    private final SocketChannel channel;
    private final Access.Rights rights;
    private final OperatorServices services;
    private final Consumer<ControlClient> whenGone;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER_BYTES);
    private volatile long activeNs = System.nanoTime();
    private volatile boolean writing;
    private volatile boolean busy;
    private int width;
    private boolean color;

    ControlClient(SocketChannel channel, Access.Rights rights, OperatorServices services,
            Consumer<ControlClient> whenGone) {
        this.channel = channel;
        this.rights = rights;
        this.services = services;
        this.whenGone = whenGone;
    }

    @Override
    public void run() {
        try (channel) {
            put((Protocol.GREETING + Protocol.VERSION + "\n").getBytes(UTF_8));
            flush();
            for (String line = readLine(); line != null; line = readLine()) {
                serve(line);
            }
        } catch (IOException | UncheckedIOException gone) {
            LOG.debug("control-client-gone cause={}", gone.toString());
        } catch (RuntimeException defect) {
            // The boundary of a client: a defect ends this connection and nothing else.
            LOG.error("internal-error class=bug part=control", defect);
        } finally {
            whenGone.accept(this);
        }
    }

    private void serve(String line) throws IOException {
        if (!line.isEmpty() && line.charAt(0) == Protocol.OPTION) {
            option(Words.split(line.substring(1)));
            return;
        }
        List<String> words = Words.split(line);
        Output output = new Output(this, width, color).of(rights.user(), rights.mayIntercept());
        busy = true;
        int code = isAllowed(words) ? run(words, output) : refuse(output);
        busy = false;
        put((Protocol.END + Integer.toString(code) + "\n").getBytes(UTF_8));
        flush();
    }

    private int run(List<String> words, Output output) {
        if (!isHarmless(words) && !isIntercept(words) && words.getFirst().matches(COMMAND)) {
            LOG.info("operator user={} command=\"{}\"", rights.user(), logged(words));
        }
        return Commands.run(services, output, words);
    }

    private static String logged(List<String> words) {
        String command = String.join(" ", words);
        return command.length() > MAXIMUM_LOGGED ? command.substring(0, MAXIMUM_LOGGED) + "..." : command;
    }

    private int refuse(Output output) {
        output.error("permission denied: user " + rights.user() + " may look and not touch");
        return Commands.REFUSED;
    }

    /** A trace changes nothing, but leaves its line in the log. */
    private boolean isAllowed(List<String> words) {
        return rights.mayWrite() || isHarmless(words) || rights.mayIntercept() && isIntercept(words)
                || words.contains("trace") && words.indexOf("trace") <= 1;
    }

    private static boolean isHarmless(List<String> words) {
        return words.isEmpty() || words.stream().filter(word -> !word.equals("--json")).findFirst()
                .map(HARMLESS::contains).orElse(true);
    }

    // The log is for many eyes; the audit log tells of these.
    private static boolean isIntercept(List<String> words) {
        return words.stream().filter(word -> !word.equals("--json")).findFirst()
                .filter(word -> !word.isEmpty() && "intercept".startsWith(word)).isPresent();
    }

    private void option(List<String> words) {
        if (words.size() == 2 && words.getFirst().equals("width") && words.get(1).matches("[0-9]{1,5}")) {
            width = Math.min(MAXIMUM_WIDTH, Integer.parseInt(words.get(1)));
        } else if (words.size() == 2 && words.getFirst().equals("color")) {
            color = words.get(1).equals("on");
        }
    }

    private @Nullable String readLine() throws IOException {
        ByteBuffer line = ByteBuffer.allocate(256);
        while (true) {
            while (in.hasRemaining()) {
                byte octet = in.get();
                if (octet == '\n') {
                    return new String(line.array(), 0, line.position(), UTF_8).strip();
                }
                if (line.position() == Protocol.MAXIMUM_REQUEST_BYTES) {
                    return refuseLongLine();
                }
                line = line.hasRemaining() ? line : ByteBuffer.allocate(line.capacity() * 2).put(line.flip());
                line.put(octet);
            }
            int length = channel.read(in.clear());
            in.flip();
            if (length < 0) { // what was sent without a new line is a request, too
                in.clear().flip();
                return line.position() == 0 ? null : new String(line.array(), 0, line.position(), UTF_8).strip();
            }
            activeNs = System.nanoTime();
        }
    }

    /** Says why and takes what still comes, for a while: closing with octets unread would take the answer away. */
    private @Nullable String refuseLongLine() throws IOException {
        error("request line longer than " + Protocol.MAXIMUM_REQUEST_BYTES + " octets");
        put((Protocol.END + Integer.toString(Commands.USAGE) + "\n").getBytes(UTF_8));
        flush();
        channel.shutdownOutput();
        long taken = 0;
        for (int length = channel.read(in.clear()); length >= 0 && taken < MAXIMUM_TAKEN; length = channel
                .read(in.clear())) {
            taken += length;
        }
        return null;
    }

    @Override
    public void out(CharSequence line) throws IOException { put(Protocol.OUT, line); }

    @Override
    public void error(CharSequence line) throws IOException { put(Protocol.ERROR, line); }

    @Override
    public void packet(CharSequence base64) throws IOException { put(Protocol.PACKET, base64); }

    private void put(char kind, CharSequence line) throws IOException {
        put((kind + line.toString() + "\n").getBytes(UTF_8));
    }

    private void put(byte[] octets) throws IOException {
        int offset = 0;
        while (offset < octets.length) {
            if (!out.hasRemaining()) {
                flush();
            }
            int length = Math.min(out.remaining(), octets.length - offset);
            out.put(octets, offset, length);
            offset += length;
        }
    }

    @Override
    public void flush() throws IOException {
        out.flip();
        writing = true;
        activeNs = System.nanoTime();
        while (out.hasRemaining()) {
            channel.write(out);
            activeNs = System.nanoTime();
        }
        writing = false;
        out.clear();
    }

    /** When it last read or wrote. */
    long activeNs() { return activeNs; }

    /** Whether it waits for the client to read. */
    boolean isWriting() { return writing; }

    /** Whether it may go when another wants its place: silent for long and no command runs, or it does not read. */
    boolean isDispensable() {
        long silentNs = System.nanoTime() - activeNs;
        return writing ? silentNs > SLOW_NS : !busy && silentNs > IDLE_NS;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            LOG.debug("control-client-close cause={}", failed.toString());
        }
    }
}

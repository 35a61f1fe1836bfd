package org.lnsd.daemon.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.daemon.config.ControlConfig;
import org.lnsd.daemon.config.HistoryConfig;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.log.LogMemory;
import org.lnsd.daemon.metrics.MetricRegistry;

/** What reaches the control socket and is no request: one line says what is wrong, and the next client is served as ever. */
class ControlMisuseTest {

    private static final String GREETING = "lnsd control 1\n";
    private static final int CLIENTS = 300;

    @TempDir
    Path folder = Path.of("");

    private final FakeNode node = new FakeNode(2);
    private Path socket = Path.of("");
    private final OperatorServices services = new OperatorServices(node, new MetricRegistry(),
            new HistoryArchive(new HistoryConfig(0, 0, Duration.ofHours(1)), () -> 0), new LogMemory());
    private Optional<ControlServer> server = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("control.sock");
        server = Optional.of(ControlServer.start(
                new ControlConfig(socket, Optional.empty(), Optional.empty(), Optional.empty(), CLIENTS), services));
    }

    @AfterEach
    void stop() throws IOException { server.orElseThrow().close(); }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '`', value = {
            "shwo status => unknown word \"shwo\", did you mean \"show\"?; try: lnsctl help",
            "show sesions => unknown word \"sesions\", did you mean \"sessions\"?; try: lnsctl help show",
            "reload now => unknown word \"now\"; try: lnsctl help reload",
            "show => what to show is missing; try: lnsctl help show",
            "clear session => ID|USER|ADDRESS is missing; try: lnsctl help clear session",
            "clear session x --reason => --reason needs a TEXT; try: lnsctl help clear session",
            "clear tunnel x => ID: 'x' is no number; try: lnsctl help clear tunnel",
            "show sessions --bogus => unknown option --bogus; try: lnsctl help show sessions",
            "show sessions --state opne => no session is ever in state \"opne\", closing | open expected; try: lnsctl help show sessions",
            "show sessions --limit=-1 => --limit: '-1' is no count, a number from 0 to 999999999 expected; try: lnsctl help show sessions",
            "log loud => LEVEL: 'loud' is none of ERROR, WARN, INFO, DEBUG, TRACE; try: lnsctl help log",
            "show log -n many => --lines: 'many' is no count, a number from 0 to 999999999 expected; try: lnsctl help show log"})
    void badUsageIsOneLine(String request, String error) throws IOException {
        List<String> lines = exchange((request + "\n").getBytes(UTF_8)).lines().toList();
        assertThat(lines).hasSize(3).startsWith("lnsd control 1").endsWith("=2");
        assertThat(lines.get(1)).isEqualTo("!" + error);
    }

    @Test
    void octetsThatAreNoTextAreRefusedInShortLines() throws IOException {
        long seed = System.nanoTime();
        byte[] garbage = new byte[20_000];
        new Random(seed).nextBytes(garbage);
        garbage[garbage.length - 1] = '\n';
        assertThat(exchange(garbage)).as("seed %d", seed).startsWith(GREETING);
        assertThat(exchange(("x".repeat(10_000) + "\n").getBytes(UTF_8)))
                .isEqualTo(GREETING + "!unknown word \"" + "x".repeat(60) + "...\"; try: lnsctl help\n=2\n");
        assertServed();
    }

    @Test
    void aLineWithoutEndIsRefused() throws IOException {
        assertThat(exchange("y".repeat(2_000_000).getBytes(UTF_8)))
                .isEqualTo(GREETING + "!request line longer than 65536 octets\n=2\n");
        assertServed();
    }

    @Test
    void theLastLineNeedsNoNewLine() throws IOException {
        assertThat(exchange("show sessions --count".getBytes(UTF_8))).isEqualTo(GREETING + " 2\n=0\n");
    }

    @Test
    void clientsThatSayNothingDisturbNobody() throws IOException {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS - 10; i++) {
                silent.add(connect());
            }
            assertServed();
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
        assertServed();
    }

    @Test
    void aClientThatGoesInTheMiddleOfAnAnswerLeavesNoStackTrace() {
        Output.Lines gone = new Output.Lines() {
            @Override
            public void out(CharSequence line) throws IOException { throw new IOException("Broken pipe"); }

            @Override
            public void error(CharSequence line) throws IOException { out(line); }

            @Override
            public void flush() throws IOException { out(""); }
        };
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream usual = System.err;
        System.setErr(new PrintStream(said, true, UTF_8));
        try {
            assertThat(Commands.run(services, new Output(gone, 80, false), List.of("show", "status"))).isEqualTo(1);
        } finally {
            System.setErr(usual);
        }
        assertThat(said.toString(UTF_8)).isEmpty();
    }

    private void assertServed() throws IOException {
        assertThat(exchange("show sessions --count\n".getBytes(UTF_8))).isEqualTo(GREETING + " 2\n=0\n");
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    /** Sends all, then listens until the daemon has closed. */
    private String exchange(byte[] request) throws IOException {
        try (SocketChannel channel = connect()) {
            ByteBuffer out = ByteBuffer.wrap(request);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            channel.shutdownOutput();
            ByteBuffer in = ByteBuffer.allocate(1 << 20);
            while (channel.read(in) >= 0 && in.hasRemaining()) {
                // until the end
            }
            return new String(in.array(), 0, in.position(), UTF_8);
        }
    }
}

package org.lnsd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.config.ControlConfig;
import org.lnsd.daemon.config.HistoryConfig;
import org.lnsd.daemon.control.ControlServer;
import org.lnsd.daemon.control.FakeNode;
import org.lnsd.daemon.control.OperatorServices;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.history.HistoryTrack;
import org.lnsd.daemon.log.LogMemory;
import org.lnsd.daemon.metrics.Metric;
import org.lnsd.daemon.metrics.MetricRegistry;

/** lnsctl against the real control server with a node of 2 sessions, and of 50,000. */
class LnsctlTest {

    @TempDir
    Path folder = Path.of("");

    private final FakeNode node = new FakeNode(2);
    private final HistoryArchive history = new HistoryArchive(new HistoryConfig(48, 10, Duration.ofHours(1)), () -> 0);
    private Path socket = Path.of("");
    private final List<ControlServer> servers = new ArrayList<>();

    private record Answer(int code, String out, String error) {}

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("run/control.sock");
        serve(node);
    }

    private void serve(FakeNode served) throws IOException {
        MetricRegistry metrics = new MetricRegistry();
        metrics.register(into -> into.accept(Metric.counter("lnsd_test", "A test.", 3)));
        servers.add(ControlServer.start(
                new ControlConfig(socket, Optional.of("no-such-group"), Optional.empty(), Optional.empty(), 8),
                new OperatorServices(served, metrics, history, new LogMemory())));
    }

    @AfterEach
    void stop() throws IOException {
        for (ControlServer server : servers) {
            server.close();
        }
    }

    @Test
    void showsSessionsAsJson() {
        Answer answer = lnsctl("show", "sessions", "--json");
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).startsWith("[\n{\"id\": \"id0\", \"tunnel-id\": 7, ")
                .contains("\"user\": \"user1\"", "\"state\": \"open\"",
                        "\"ipv4\": \"100.64.0.1\"", "\"ipv6-prefix\": \"2001:db8:100:1::/64\"",
                        "\"ipv6-delegated\": null", "\"calling-number\": \"04912345\"",
                        "\"uptime-seconds\": 61", "\"octets-in\": 1000", "\"packets-out\": 20",
                        "\"circuit\": \"circuit \\u0007\\\"x\\\"\"")
                .endsWith("}]\n");
    }

    @Test
    void takesJsonInFrontToo() {
        assertThat(lnsctl("--json", "show", "status").out()).startsWith("{\"version\": \"0.1.0\", \"node\": \"lns1\"");
    }

    @Test
    void findsOneSessionByIdUserAndAddress() {
        assertThat(lnsctl("show", "session", "id1", "--json").out()).startsWith("{\"id\": \"id1\"");
        assertThat(lnsctl("show", "session", "user1", "--json").out()).startsWith("{\"id\": \"id1\"");
        assertThat(lnsctl("show", "session", "100.64.0.1").out()).contains("id                       id1", "ipcp");
        assertThat(lnsctl("show", "session", "nobody")).satisfies(answer -> {
            assertThat(answer.code()).isEqualTo(1);
            assertThat(answer.error()).isEqualTo("lnsctl: no session with id, user or address nobody\n");
        });
    }

    @Test
    void choosesSessions() {
        assertThat(lnsctl("show", "sessions", "--user", "*1", "--count").out()).isEqualTo("1\n");
        assertThat(lnsctl("show", "sessions", "--state", "closing", "--json").out()).isEqualTo("[]\n");
        assertThat(lnsctl("show", "sessions", "--peer", "wholesale-*", "--limit", "1").out().lines()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "tunnels", "tunnel 7", "sessions", "session id0", "pools", "radius", "routes",
            "counters", "configuration", "log",
            "history", "top", "histogram idle"})
    void everyViewHasTextAndJson(String view) {
        List<String> words = new ArrayList<>(List.of("show"));
        words.addAll(List.of(view.split(" ")));
        Answer text = lnsctl(words.toArray(String[]::new));
        words.add("--json");
        Answer json = lnsctl(words.toArray(String[]::new));
        assertThat(text.code()).isZero();
        assertThat(json.code()).isZero();
        assertThat(json.out()).matches("(?s)[\\[{].*[\\]}]\n");
        assertThat(text.out() + json.out()).doesNotContain("topsecret", "fingerprint");
    }

    @Test
    void acts() {
        assertThat(lnsctl("clear", "session", "user1", "--reason", "bill \"unpaid\"").code()).isZero();
        assertThat(lnsctl("clear", "tunnel", "7").code()).isZero();
        assertThat(lnsctl("clear", "tunnel", "8").error()).isEqualTo("lnsctl: no tunnel 8\n");
        assertThat(lnsctl("reload").out()).isEqualTo("reload\n");
        assertThat(lnsctl("drain").code()).isZero();
        assertThat(lnsctl("drain", "--off").code()).isZero();
        assertThat(lnsctl("shutdown", "--json").out()).isEqualTo("{\"done\": true, \"lines\": [\n\"shutdown\"]}\n");
        assertThat(node.done).containsExactly("clear session user1 bill \"unpaid\"", "clear tunnel 7 ", "reload",
                "drain true", "drain false", "shutdown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "show", "shwo", "show nothing", "show tunnel x", "clear session",
            "show sessions --bogus", "show status extra", "--bogus", "--json -x"})
    void refusesBadUsageWithCode2(String line) {
        Answer answer = lnsctl(line.isEmpty() ? new String[]{"--json"} : line.split(" "));
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.error()).startsWith("lnsctl: ").hasLineCount(1);
    }

    @Test
    void saysThatNobodyIsThereWithCode3() throws IOException {
        stop();
        Answer answer = lnsctl("show", "status");
        assertThat(answer.code()).isEqualTo(3);
        assertThat(answer.error()).hasLineCount(1).contains(socket.toString());
        assertThat(lnsctl("--bogus").code()).as("bad usage whoever is there").isEqualTo(2);
    }

    @Test
    void aFilterThatIsSetMustExist() {
        Answer answer = lnsctl("set", "session", "user0", "filter-in", "nothing");
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.error()).isEqualTo("lnsctl: no [[filter]] has the name nothing\n");
        assertThat(lnsctl("set", "session", "nobody", "filter-in", "none").error()).contains("nobody");
    }

    @Test
    void helps() {
        assertThat(lnsctl("help").out()).contains("show", "clear", "reload");
        assertThat(lnsctl("help", "show").out()).contains("sessions", "pools");
    }

    @Test
    void tellsWhichWordsMayComeNext() {
        assertThat(lnsctl("words", "show", "sess").out()).isEqualTo("""
                "sessions" All sessions, or those that the options choose.
                "session" Everything about a session. Several sessions of one user make a JSON array.
                """);
        assertThat(lnsctl("words", "show", "session", "").out()).startsWith("\"user0\" a user\n\"user1\" a user\n");
        assertThat(lnsctl("words", "show", "session", "100.64.0.1").out()).isEqualTo("\"100.64.0.1\" user1\n");
        assertThat(lnsctl("words", "show", "tunnel", "").out()).isEqualTo("\"7\" wholesale-a\n");
        assertThat(lnsctl("words", "show", "sessions", "--us").out()).startsWith("\"--user\" ");
        assertThat(lnsctl("words", "show", "sessions", "--user", "").out()).isEmpty();
        assertThat(lnsctl("words", "log", "d").out()).isEqualTo("\"debug\"\n");
        assertThat(lnsctl("words", "nonsense", "").code()).isZero();
    }

    @Test
    void showsTheBusiestLinesAndHowLongTheyLasted() {
        assertThat(lnsctl("show", "top", "--rows", "6").out()).contains("lns1  ready", "USER", "user").hasLineCount(6);
        assertThat(lnsctl("show", "histogram", "duration").out()).contains("under 10 min       2  ████");
        assertThat(lnsctl("show", "histogram", "idle", "--json").out())
                .contains("\"label\": \"under 10 s\", \"sessions\": 2");
    }

    @Test
    void showsHistoryWithADiagnosis() {
        HistoryTrack track = history.open("id9");
        track.user("eve");
        track.add("call", "offered by lac1");
        track.end("no-address", "pool default is empty");
        assertThat(lnsctl("show", "history", "session", "eve").out()).contains("offered by lac1")
                .contains("There was no address left");
        assertThat(lnsctl("show", "history", "session", "eve", "--json").out())
                .contains("\"diagnosis\": \"There was no address left");
    }

    @Test
    void protectsTheSocketFile() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-rw----");
    }

    @Test
    void streamsFiftyThousandSessions() throws IOException {
        stop();
        serve(new FakeNode(50_000));
        long beforeNs = System.nanoTime();
        Answer answer = lnsctl("show", "sessions", "--json");
        System.out.println("50,000 sessions in " + Duration.ofNanos(System.nanoTime() - beforeNs).toMillis() + " ms");
        assertThat(answer.out().lines()).hasSize(50_001);
    }

    private Answer lnsctl(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of("--socket", socket.toString()));
        arguments.addAll(List.of(words));
        PrintStream outStream = new PrintStream(out, false, StandardCharsets.UTF_8);
        int code = Lnsctl.run(arguments, outStream, new PrintStream(error, true, StandardCharsets.UTF_8));
        outStream.flush();
        return new Answer(code, out.toString(StandardCharsets.UTF_8), error.toString(StandardCharsets.UTF_8));
    }
}

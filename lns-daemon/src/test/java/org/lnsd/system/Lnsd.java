package org.lnsd.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/** The daemon of the image in a namespace, with a folder of its own for configuration, state, control socket and log. */
final class Lnsd implements AutoCloseable {
    /** Where {@code make build} left the image; system property {@code lnsd.image} names another. */
    static final Path IMAGE = Path
            .of(Optional.ofNullable(System.getProperty("lnsd.image")).orElse("../packaging/target/lnsd"))
            .toAbsolutePath().normalize();

    private final NetNamespace namespace;
    private final Path folder;
    private final Path configuration;
    private final Process notify;
    private final Process process;

    /** Starts the daemon and waits for READY=1; {@code [node] state-directory}, {@code [control]} and {@code [metrics]} are added to the text. */
    Lnsd(NetNamespace namespace, Path folder, String configurationText) {
        this.namespace = namespace;
        this.folder = folder;
        this.configuration = folder.resolve("lnsd.toml");
        Commands.write(configuration, configured(folder, configurationText));
        Path receiver = Commands.resource("notify.py", folder);
        Path socket = folder.resolve("notify");
        this.notify = Commands.start(List.of("python3", receiver.toString(), socket.toString()),
                folder.resolve("notify.log"));
        Awaitility.await("the notify socket").atMost(10, TimeUnit.SECONDS).pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> socket.toFile().exists());
        this.process = namespace.start(folder.resolve("lnsd.log"), "env", "NOTIFY_SOCKET=" + socket, program("lnsd"),
                "--config", configuration.toString());
        Awaitility.await("lnsd is ready, see " + folder.resolve("lnsd.log")).atMost(40, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> !process.isAlive() || notified().contains("READY=1"));
        if (!process.isAlive()) {
            Commands.end(notify);
            throw new AssertionError("lnsd ended with " + process.exitValue() + " at start: " + log());
        }
    }

    static String configured(Path folder, String text) { return """
                [node]
                name = "lns.test"
                state-directory = "%1$s/state"
                [control]
                socket = "%1$s/control.sock"
                [metrics]
                listen = "127.0.0.1:9701"
                """.formatted(folder) + text; }

    static String program(String name) { return IMAGE.resolve("bin").resolve(name).toString(); }

    /** Runs lnsctl against this daemon. */
    Commands.Result control(String... words) {
        List<String> command = new ArrayList<>(
                List.of(program("lnsctl"), "--socket", folder.resolve("control.sock").toString()));
        command.addAll(List.of(words));
        return Commands.run(command);
    }

    /** The sessions as {@code show sessions --json} gives them. */
    List<Map<String, Object>> sessions() {
        Commands.Result result = control("--json", "show", "sessions");
        if (!result.succeeded()) {
            throw new AssertionError("show sessions ended with " + result.exit() + ": " + result.output());
        }
        return Json.objects(Json.read(result.output()));
    }

    List<Map<String, Object>> tunnels() {
        return Json.objects(Json.read(control("--json", "show", "tunnels").output()));
    }

    /** Waits until exactly so many sessions are listed, all of them open. */
    List<Map<String, Object>> awaitOpen(int count) {
        return Awaitility.await(count + " open sessions").atMost(60, TimeUnit.SECONDS)
                .pollInterval(300, TimeUnit.MILLISECONDS).until(this::sessions,
                        sessions -> sessions.size() == count
                                && sessions.stream().allMatch(session -> "open".equals(session.get("state"))));
    }

    void awaitNoSessions() {
        Awaitility.await("no session is left").atMost(40, TimeUnit.SECONDS).pollInterval(300, TimeUnit.MILLISECONDS)
                .until(() -> sessions().isEmpty());
    }

    String log() { return Commands.text(folder.resolve("lnsd.log")); }

    /** What came over the notify socket so far. */
    String notified() {
        return Commands.text(folder.resolve("notify.log"));
    }

    long pid() { return process.toHandle().pid(); }

    Path configuration() { return configuration; }

    NetNamespace namespace() { return namespace; }

    /** Sends a signal: TERM, HUP, INT. */
    void signal(String name) {
        Commands.must("kill", "-" + name, String.valueOf(pid()));
    }

    /** Sends TERM and waits for the exit code. */
    int terminate() {
        signal("TERM");
        return awaitExit();
    }

    int awaitExit() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("lnsd did not end within 30 s: " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        Commands.end(process);
        Commands.end(notify);
    }
}

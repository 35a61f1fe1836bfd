package org.lnsd.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;

/**
 * A user-mode-linux guest with the kernel's own L2TP and PPP, joined to a namespace by a tap device. Its root is the host's, read-only; the work folder is
 * shared at the same path. An agent in it runs commands.
 */
final class UmlGuest implements AutoCloseable {
    private static final int AGENT_PORT = 7777;

    private final NetNamespace namespace;
    private final String address;
    private final Path work;
    private final Path umlFolder;
    private final Process process;

    /** Boots a guest on the namespace's tap device and waits for its agent. */
    UmlGuest(NetNamespace namespace, String tap, String address, String gateway, Path work) {
        this.namespace = namespace;
        this.address = address;
        this.work = work;
        Commands.resource("guest-agent.py", work);
        Commands.resource("guest-call.py", work);
        Path init = Commands.resource("guest-init", work);
        this.umlFolder = temporaryFolder();
        this.process = namespace.start(work.resolve("console.log"), "linux.uml", "mem=384M", "rootfstype=hostfs",
                "root=/dev/root", "rootflags=/", "ro",
                "init=" + init, "con=null", "con0=null,fd:1", "ssl=null",
                "vec0:transport=tap,ifname=" + tap + ",depth=128,gro=0", "panic=1", "umid=guest",
                "uml_dir=" + umlFolder, "WORK=" + work, "ADDRESS=" + address + "/24", "GATEWAY=" + gateway);
        Awaitility.await("the guest boots, see " + work.resolve("console.log")).atMost(60, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> process.isAlive() && call("{\"command\": [\"true\"]}", 5).contains("\"exit\": 0"));
    }

    Path work() { return work; }

    /** Runs a command in the guest to its end. */
    Commands.Result run(int timeoutSeconds, String... command) {
        Map<String, Object> answer = Json
                .object(Json.read(call("{\"command\": " + quote(command) + ", \"timeout\": " + timeoutSeconds + "}",
                        timeoutSeconds + 5)));
        return new Commands.Result(((Long) answer.get("exit")).intValue(), (String) answer.get("output"));
    }

    Commands.Result run(String... command) { return run(60, command); }

    /** Runs a shell line in the guest that must succeed. */
    String shell(String line) {
        Commands.Result result = run("sh", "-c", line);
        if (!result.succeeded()) {
            throw new AssertionError("in the guest: " + line + " ended with " + result.exit() + ": " + result.output());
        }
        return result.output();
    }

    /** Starts a command in the guest; its output goes to a file of the work folder. Returns its process id in the guest. */
    long start(String log, String... command) {
        String answer = call("{\"command\": " + quote(command) + ", \"background\": true, \"log\": "
                + Json.quote(work.resolve(log).toString()) + "}", 10);
        return (Long) Json.object(Json.read(answer)).get("pid");
    }

    private String call(String request, int timeoutSeconds) {
        return Commands.run(callOf(request), timeoutSeconds).output();
    }

    private List<String> callOf(String request) {
        return namespace.inside(List.of("python3", work.resolve("guest-call.py").toString(), address,
                String.valueOf(AGENT_PORT), request));
    }

    private static String quote(String... words) {
        return Arrays.stream(words).map(Json::quote).collect(Collectors.joining(", ", "[", "]"));
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("lnsd-uml-"); // short: the console socket's path must fit 108 octets
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A guest that is off does not answer any more: its end is what is waited for. */
    private void powerOff() {
        Process caller = Commands.start(callOf("{\"command\": [\"poweroff\"]}"), work.resolve("poweroff.log"));
        try {
            process.waitFor(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        caller.destroyForcibly();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            powerOff();
        }
        Commands.end(process);
        Commands.run(List.of("rm", "-rf", umlFolder.toString()));
    }
}

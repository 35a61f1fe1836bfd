package org.lnsd.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A program on a real terminal of 80 columns and 24 lines: keys go in, the screen is read. */
final class Tmux implements AutoCloseable {

    private final List<String> base;

    /** Runs the program with the folder as HOME. */
    Tmux(Path folder, String... program) {
        base = List.of("tmux", "-L", "lnsd-" + ProcessHandle.current().pid() + "-" + folder.getFileName(), "-f",
                "/dev/null");
        List<String> command = new ArrayList<>(
                List.of("new-session", "-d", "-s", "lnsd", "-x", "80", "-y", "24", "env", "HOME=" + folder));
        command.addAll(List.of(program));
        must(command);
    }

    private String must(List<String> words) {
        List<String> command = new ArrayList<>(base);
        command.addAll(words);
        return Commands.must(command);
    }

    /** Types text; names of keys such as Enter, Tab, C-c are keys. */
    void type(String... keys) {
        for (String key : keys) {
            List<String> command = new ArrayList<>(List.of("send-keys", "-t", "lnsd"));
            boolean named = key.matches("Enter|Tab|Space|C-.");
            command.addAll(named ? List.of(key) : List.of("-l", "--", key));
            must(command);
        }
    }

    String screen() { return must(List.of("capture-pane", "-p", "-t", "lnsd")); }

    /** Waits until one of the texts is on the screen. */
    void await(String... texts) {
        try {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                    .until(() -> Arrays.stream(texts).anyMatch(screen()::contains));
        } catch (ConditionTimeoutException missing) {
            throw new AssertionError(String.join(" or ", texts) + " is not on the screen:\n" + screen(), missing);
        }
    }

    /** Waits until the program has ended. */
    void awaitEnd() {
        List<String> command = new ArrayList<>(base);
        command.addAll(List.of("has-session", "-t", "lnsd"));
        Awaitility.await("the program ends").atMost(30, TimeUnit.SECONDS).pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> !Commands.run(command).succeeded());
    }

    @Override
    public void close() {
        List<String> command = new ArrayList<>(base);
        command.add("kill-server");
        Commands.run(command);
    }
}

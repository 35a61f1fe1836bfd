package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code make run}: its checks pass, and it leaves nothing behind, whether it ends by itself or by Ctrl-C. */
@Tag("system")
class DemonstrationTest {
    private static final long LIMIT_SECONDS = 120;

    @Test
    void passesItsOwnChecksAndRemovesEverything() {
        Commands.Result result = Commands.run(List.of("env", "DEMO_ONCE=1", script().toString()), LIMIT_SECONDS);
        assertThat(result.output()).contains("all checks passed", "user1@example.net", "open");
        assertThat(result.exit()).isZero();
        assertNothingIsLeft();
    }

    @Test
    void removesEverythingOnControlC() {
        Path output = Path.of("target", "system-tests", "demonstration.log").toAbsolutePath();
        Commands.write(output, "");
        // timeout(1) gives the script a process group of its own, and passes on to all of it what it gets.
        Process script = Commands.start(List.of("timeout", "-s", "INT", String.valueOf(LIMIT_SECONDS),
                script().toString()), output);
        try {
            Awaitility.await("the demonstration runs, see " + output).atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .until(() -> Commands.text(output).contains("Type next"));
            Commands.must("kill", "-INT", String.valueOf(script.pid()));
            Awaitility.await("the demonstration ends").atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .until(() -> !script.isAlive());
        } finally {
            Commands.end(script);
        }
        assertNothingIsLeft();
    }

    private static Path script() { return Path.of("..", "build-support", "run").toAbsolutePath().normalize(); }

    private static void assertNothingIsLeft() {
        Awaitility.await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(Commands.run(List.of("ip", "netns", "list")).output()).doesNotContain("lnsd-demo-");
            assertThat(Commands.run(List.of("ls", "/run")).output()).doesNotContain("lnsd-demo-");
            assertThat(Commands.run(List.of("pgrep", "-f", "/run/lnsd-demo-")).output()).isBlank();
        });
    }
}

package org.lnsd.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.config.HistoryConfig;
import org.lnsd.daemon.history.HistoryArchive;
import org.lnsd.daemon.log.LogMemory;
import org.lnsd.daemon.metrics.MetricRegistry;

/** Interception is for root, whoever else may change things. */
class InterceptCommandsTest {
    private final List<String> lines = new ArrayList<>();
    private final Output.Lines sink = new Output.Lines() {
        @Override
        public void out(CharSequence line) { lines.add("out " + line); }

        @Override
        public void error(CharSequence line) { lines.add("error " + line); }

        @Override
        public void flush() {
            // Nothing is held back.
        }
    };

    static OperatorServices services(Node node) {
        return new OperatorServices(node, new MetricRegistry(),
                new HistoryArchive(new HistoryConfig(10, 10, java.time.Duration.ofMinutes(1)), () -> 0),
                new LogMemory());
    }

    private int run(String user, String... words) {
        return Commands.run(services(new FakeNode(1)), new Output(sink, 100, false).of(user, user.equals("root")),
                List.of(words));
    }

    @Test
    void othersAreRefusedAndTheSessionsOwnViewSaysNothing() {
        assertThat(run("operator", "intercept", "list")).isEqualTo(Commands.REFUSED);
        assertThat(run("operator", "intercept", "session", "user0", "192.0.2.9:9000")).isEqualTo(Commands.REFUSED);
        assertThat(run("operator", "intercept", "stop", "user0")).isEqualTo(Commands.REFUSED);
        assertThat(lines)
                .containsOnly("error permission denied: interception is for root and [control] intercept-group alone");
        lines.clear();
        assertThat(run("operator", "show", "session", "user0")).isEqualTo(Commands.DONE);
        assertThat(lines).noneMatch(line -> line.contains("intercept") || line.contains("tap"));
    }

    @Test
    void rootNamesASessionAndATarget() {
        assertThat(run("root", "intercept", "list")).isEqualTo(Commands.DONE);
        assertThat(run("root", "intercept", "session", "user0", "nowhere")).isEqualTo(Commands.USAGE);
        assertThat(run("root", "intercept", "session", "nobody", "file")).isEqualTo(Commands.REFUSED);
    }
}

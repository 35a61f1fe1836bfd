package org.lnsd.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a peer does again and again is one line with a count, what the operator needs to know is never left out. */
class FoldingTest {
    private static final String DOWN = "session-down session={} peer={} user={} class={} cause={} up={}";

    private final LoggerContext context = new LoggerContext();
    private final List<String> lines = new ArrayList<>();
    private long nowNs = TimeUnit.HOURS.toNanos(1);
    private final AppenderBase<ILoggingEvent> sink = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) { lines.add(event.getFormattedMessage()); }
    };
    private final Folding folding = new Folding(() -> nowNs, List.of(sink));

    @BeforeEach
    void start() {
        sink.start();
        folding.start();
    }

    private void log(Level level, String pattern, Object... values) {
        folding.doAppend(
                new LoggingEvent("", context.getLogger("org.lnsd.test"), level, pattern, null, values));
    }

    @Test
    void theSameLoginRefusedAgainAndAgainIsTenLinesAndACount() {
        for (int i = 0; i < 500; i++) {
            log(Level.INFO, DOWN, "A" + i, "lac", "mallory", "auth", "authentication-failed", false);
        }
        assertThat(lines).hasSize(10);
        nowNs += TimeUnit.SECONDS.toNanos(61);
        log(Level.INFO, "drain draining={}", true);
        assertThat(lines).hasSize(12).endsWith("folded lines=490 seconds=60 event=session-down peer=lac user=mallory "
                + "cause=authentication-failed", "drain draining=true");
    }

    @Test
    void inventedUsersAreFoldedByTheirLac() {
        for (int i = 0; i < 50_000; i++) {
            log(Level.INFO, DOWN, "A" + i, "lac", "user" + i, "auth", "authentication-failed", false);
        }
        assertThat(lines.stream().filter(line -> line.startsWith("session-down"))).hasSize(100);
        log(Level.INFO, DOWN, "B", "another", "alice", "auth", "authentication-failed", false);
        assertThat(lines.getLast()).startsWith("session-down session=B");
    }

    @Test
    void theEndOfALineThatWasUpAndLocalErrorsAreNeverFolded() {
        for (int i = 0; i < 5_000; i++) {
            log(Level.INFO, DOWN, "A" + i, "lac", "user", "remote", "tunnel-lost", true);
            log(Level.ERROR, "reload-refused class=local {}", "lnsd.toml:" + i);
            log(Level.INFO, "session-up session={} user={}", "A", "user");
        }
        assertThat(lines).hasSize(15_000);
    }

    @Test
    void warningsAndDefectsAreFolded() {
        for (int i = 0; i < 50; i++) {
            log(Level.WARN, "no-address class=local session={} user={} cause=\"{}\"", i, "bob",
                    "pool default is empty");
            log(Level.ERROR, "internal-error class=bug session={} state={}", i, "open");
        }
        assertThat(lines).hasSize(20);
    }
}

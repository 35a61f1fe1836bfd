package org.lnsd.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lnsd.daemon.config.HistoryConfig;

class HistoryArchiveTest {

    private long nowMs = 1_000_000;
    private final HistoryArchive archive = new HistoryArchive(new HistoryConfig(6, 2, Duration.ofMinutes(1)),
            () -> nowMs);

    @Test
    void keepsTheFirstAndTheLastEvents() {
        HistoryTrack track = archive.open("a");
        for (int i = 0; i < 10; i++) {
            track.add("lcp", "event " + i);
        }
        HistoryView view = archive.find("a").getFirst();
        assertThat(view.events()).extracting(HistoryEvent::text).containsExactly("event 0", "event 1", "event 2",
                "event 7", "event 8", "event 9");
        assertThat(view.forgotten()).isEqualTo(4);
    }

    @Test
    void cutsLongTexts() {
        archive.open("a").add("lcp", "x".repeat(100_000));
        assertThat(archive.find("a").getFirst().events().getFirst().text()).hasSize(241);
    }

    @Test
    void keepsTheLastThatEnded() {
        for (int i = 0; i < 5; i++) {
            archive.open("s" + i).end("cleared", "test");
        }
        assertThat(archive.recent(10)).extracting(HistoryView::id).containsExactly("s4", "s3");
        nowMs += 61_000;
        assertThat(archive.recent(10)).isEmpty();
        assertThat(archive.find("s4")).isEmpty();
    }

    @Test
    void keepsTunnelsApart() {
        archive.openTunnel(7, "lac1").add("L2TP", "received SCCRQ");
        archive.tunnelRefused("192.0.2.66", "unknown-lac", "Host Name \"x\"");
        assertThat(archive.find("lac1")).isEmpty();
        assertThat(archive.findTunnel("7")).hasSize(1);
        assertThat(archive.findTunnel("lac1").getFirst().events()).hasSize(1);
        assertThat(archive.findTunnel("192.0.2.66").getFirst().diagnosis()).contains("No [[l2tp.peer]] entry fits");
    }

    @Test
    void endsOnce() {
        HistoryTrack track = archive.open("a");
        track.end("cleared", "first");
        track.end("shutdown", "second");
        assertThat(archive.find("a")).hasSize(1).first().extracting(HistoryView::cause).isEqualTo("cleared");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", value = {"no-address => no address left",
            "authentication-failed => The login was refused: the reason",
            "authentication-protocol-refused => [ppp] authentication allows nothing that it takes",
            "authentication-unavailable => No RADIUS server answered", "duplicate-login => duplicate-logins refuses",
            "peer-dead => echoes unanswered",
            "call-disconnected => The LAC ended the call: the reason", "lcp-failed => LCP could not be agreed",
            "tunnel-lost => tunnel to the LAC went down",
            "something-else => It ended: the reason."})
    void diagnoses(String cause, String sentence) {
        HistoryTrack track = archive.open("a");
        track.end(cause, "the reason");
        assertThat(archive.find("a").getFirst().diagnosis()).contains(sentence);
    }
}

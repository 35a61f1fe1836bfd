package org.lnsd.lac;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LacReportTest {

    @Test
    void percentilesAreExact() {
        SetupTimes times = new SetupTimes();
        for (int ms = 1000; ms >= 1; ms--) {
            times.add(ms * 1_000_000L);
        }
        assertThat(LacReport.Durations.of(times)).isEqualTo(new LacReport.Durations(500, 990, 1000));
        assertThat(new SetupTimes().percentileNs(0.5)).isZero();
    }

    @Test
    void jsonQuotesWhatPeersSay() {
        LacReport report = new LacReport("192.0.2.1:1701", 1, 1, 1, 0, 0, 0, 0, 0, new LacReport.Durations(0, 0, 0), 5,
                4, 0, 0,
                Map.of("CDN result 3: no \"such\" user\n", 1),
                List.of(new LacReport.SubscriberLine("a", "failed", "", "", "", "", "", 0, "x")), List.of());
        assertThat(report.json()).startsWith("{\"lns\": \"192.0.2.1:1701\", \"complete\": false, ")
                .contains(
                        "\"failures\": {\"CDN result 3: no \\\"such\\\" user\\u000a\": 1}, \"subscribers\": [{\"user\": \"a\", ")
                .contains("\"cause\": \"x\"}], \"traffic\": []}");
        assertThat(report.text()).contains("sessions     0 of 1 open", "failed       1: CDN result 3");
    }
}

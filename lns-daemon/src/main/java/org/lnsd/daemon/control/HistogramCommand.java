package org.lnsd.daemon.control;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code show histogram idle|duration}: how long the sessions have been silent, or there. */
@Command(description = "How long the sessions have been idle, or have lasted, as a bar chart.")
final class HistogramCommand implements Callable<Integer> {

    private static final long[] LIMITS_SECONDS = {1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800, Long.MAX_VALUE};
    private static final List<String> LABELS = List.of("under 1 s", "under 10 s", "under 1 min", "under 10 min",
            "under 1 h", "under 6 h", "under 1 d", "under 1 w", "longer");
    private static final int BAR = 40;

    private final Node node;
    private final Output output;
    @Parameters(paramLabel = "WHAT", description = "idle or duration.")
    private What what = What.IDLE;

    /** What is measured. */
    enum What {
        IDLE, DURATION
    }

    /**
     * One bar.
     *
     * @param label how long
     * @param sessions how many sessions
     */
    record Bar(String label, int sessions) {}

    HistogramCommand(Node node, Output output) {
        this.node = node;
        this.output = output;
    }

    @Override
    public Integer call() {
        int[] counts = new int[LIMITS_SECONDS.length];
        try (Stream<SessionView> all = node.sessions()) {
            all.forEach(session -> counts[bucket(
                    what == What.IDLE ? session.idleSeconds() : session.uptimeSeconds())]++);
        }
        List<Bar> bars = new ArrayList<>();
        int highest = 1;
        for (int i = 0; i < counts.length; i++) {
            bars.add(new Bar(LABELS.get(i), counts[i]));
            highest = Math.max(highest, counts[i]);
        }
        if (output.isJson()) {
            output.json(bars);
            return Commands.DONE;
        }
        for (Bar bar : bars) {
            output.line(String.format("%-13s%7d  %s", bar.label(), bar.sessions(),
                    "█".repeat((int) Math.ceil((double) bar.sessions() * BAR / highest))));
        }
        return Commands.DONE;
    }

    private static int bucket(long seconds) {
        int at = 0;
        while (seconds >= LIMITS_SECONDS[at] && at < LIMITS_SECONDS.length - 1) {
            at++;
        }
        return at;
    }
}

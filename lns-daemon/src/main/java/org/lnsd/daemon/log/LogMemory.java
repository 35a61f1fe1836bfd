package org.lnsd.daemon.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/** Keeps the last log lines for {@code lnsctl show log}. */
public final class LogMemory extends AppenderBase<ILoggingEvent> {

    private static final int LINES = 2000;
    private static final int MAXIMUM_CHARACTERS = 1000;

    private final Deque<Line> lines = new ArrayDeque<>();
    private volatile BinaryOperator<String> veil = LogSetup::asItIs;

    /**
     * One line.
     *
     * @param timeMs when, milliseconds since 1970
     * @param level error, warn, info, debug or trace
     * @param text event name, then key=value
     */
    public record Line(long timeMs, String level, String text) {}

    /** Says what is kept instead of a field's value, by key and value. */
    void veil(BinaryOperator<String> next) {
        veil = next;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String text = Wording.of(event, veil).text();
        Line line = new Line(event.getTimeStamp(), event.getLevel().toString().toLowerCase(Locale.ROOT),
                text.length() > MAXIMUM_CHARACTERS ? text.substring(0, MAXIMUM_CHARACTERS) : text);
        synchronized (lines) {
            if (lines.size() >= LINES) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }
    }

    /** The last lines, the oldest first. */
    public List<Line> last(int count) {
        synchronized (lines) {
            return new ArrayList<>(lines).subList(Math.max(0, lines.size() - count), lines.size());
        }
    }
}

package org.lnsd.daemon.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.BinaryOperator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;

/** One event as one line: journald's priority prefix where journald reads, else the time; then level, event name and key=value. */
final class LineLayout extends LayoutBase<ILoggingEvent> {

    private static final int STACK_LINES = 24;

    /** Who reads. */
    enum Style {
        /** journald: {@code <6>} and no time of our own. */
        JOURNAL,
        /** A terminal or a file. */
        PLAIN;

        static Style detected() { return System.getenv("JOURNAL_STREAM") == null ? PLAIN : JOURNAL; }
    }

    private final Style style;
    private final BinaryOperator<String> veil;
    private final DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
            .withZone(ZoneId.systemDefault());

    LineLayout(Style style, BinaryOperator<String> veil) {
        this.style = style;
        this.veil = veil;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (style == Style.JOURNAL) {
            line.append('<').append(priority(event.getLevel())).append('>');
        } else {
            line.append(time.format(Instant.ofEpochMilli(event.getTimeStamp()))).append(' ');
        }
        String name = event.getLevel().toString();
        line.append(name).repeat(' ', 6 - name.length());
        appendClean(line, Wording.of(event, veil).text());
        appendStack(line, event.getThrowableProxy());
        return line.append('\n').toString();
    }

    // A peer's text never starts a line of its own.
    private static void appendClean(StringBuilder line, String message) {
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            line.append(Character.isISOControl(c) ? '\uFFFD' : c);
        }
    }

    private static void appendStack(StringBuilder line, IThrowableProxy thrown) {
        for (IThrowableProxy at = thrown; at != null; at = at.getCause()) {
            line.append(" exception=").append(at.getClassName()).append(": ");
            appendClean(line, String.valueOf(at.getMessage()));
            StackTraceElementProxy[] stack = at.getStackTraceElementProxyArray();
            for (int i = 0; i < Math.min(STACK_LINES, stack.length); i++) {
                line.append(" | ").append(stack[i].getSTEAsString());
            }
        }
    }

    static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}

package org.lnsd.daemon.log;

import java.time.Instant;
import java.util.Locale;
import java.util.function.BinaryOperator;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;

/** One event as one JSON object on a line: time, level, event, then the fields of the line under their own names. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

    private static final int STACK_LINES = 24;

    private final LineLayout.Style style;
    private final BinaryOperator<String> veil;

    JsonLayout(LineLayout.Style style, BinaryOperator<String> veil) {
        this.style = style;
        this.veil = veil;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        Wording wording = Wording.of(event, veil);
        StringBuilder line = new StringBuilder(240);
        if (style == LineLayout.Style.JOURNAL) {
            line.append('<').append(LineLayout.priority(event.getLevel())).append('>');
        }
        line.append("{\"time\":\"").append(Instant.ofEpochMilli(event.getTimeStamp())).append("\",\"level\":\"")
                .append(event.getLevel().toString().toLowerCase(Locale.ROOT)).append('"');
        text(line, "event", wording.event());
        for (Wording.Field field : wording.fields()) {
            if (field.isNumber()) {
                line.append(",\"").append(field.key()).append("\":").append(field.value());
            } else {
                text(line, field.key(), field.value());
            }
        }
        if (wording.fields().isEmpty()) {
            text(line, "message", wording.text());
        }
        thrown(line, event.getThrowableProxy());
        return line.append("}\n").toString();
    }

    private static void thrown(StringBuilder line, IThrowableProxy thrown) {
        StringBuilder stack = new StringBuilder();
        for (IThrowableProxy at = thrown; at != null; at = at.getCause()) {
            stack.append(at.getClassName()).append(": ").append(at.getMessage());
            StackTraceElementProxy[] frames = at.getStackTraceElementProxyArray();
            for (int i = 0; i < Math.min(STACK_LINES, frames.length); i++) {
                stack.append(" | ").append(frames[i].getSTEAsString());
            }
            stack.append(" | ");
        }
        if (!stack.isEmpty()) {
            text(line, "exception", stack.toString());
        }
    }

    private static void text(StringBuilder line, String key, String value) {
        line.append(",\"").append(key).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7F || Character.isSurrogate(c)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}

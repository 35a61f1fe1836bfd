package org.lnsd.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Stands before the appenders and folds repeated faults, so that no peer fills the log: warnings and whatever is a peer's or a
 * subscriber's doing. The first lines of a kind pass, further ones within its time are counted, and the count is a line {@code folded}
 * as soon as something is logged after that time. The end of a session or tunnel that was up is never folded.
 */
final class Folding extends AppenderBase<ILoggingEvent> {

    private static final int MAXIMUM_KINDS = 1024;
    /** Lines of the same event, source, user and cause. */
    private static final Limit SAME = new Limit(10, TimeUnit.SECONDS.toNanos(60));
    /** Lines of the same event and source: an attacker may invent users. */
    private static final Limit SIMILAR = new Limit(100, TimeUnit.SECONDS.toNanos(10));
    private static final long SWEEP_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Set<String> FAULTS = Set.of("remote", "auth", "bug");
    /** One line each, whatever happens; how often a tunnel may come and go is limited elsewhere. */
    private static final Set<String> NEVER = Set.of("tunnel-down", "tunnel-up", "session-up");
    private static final Set<String> SOURCES = Set.of("peer", "address", "server", "source", "part");
    private static final Set<String> DETAILS = Set.of("user", "cause", "host");

    private final LongSupplier clockNs;
    private final List<Appender<ILoggingEvent>> appenders;
    private final Map<String, Kind> kinds = new LinkedHashMap<>(64, 0.75f, true);
    private long sweptNs;

    private record Limit(int lines, long periodNs) {}

    /** How many lines of a kind came since its time began. */
    private static final class Kind {
        private final String event;
        private final List<Wording.Field> fields;
        private final long beginNs;
        private final Limit limit;
        private int lines;

        Kind(String event, List<Wording.Field> fields, long beginNs, Limit limit) {
            this.event = event;
            this.fields = fields;
            this.beginNs = beginNs;
            this.limit = limit;
        }

        boolean isOver(long nowNs) { return nowNs - beginNs >= limit.periodNs; }

        int folded() { return Math.max(0, lines - limit.lines); }
    }

    Folding(LongSupplier clockNs, List<Appender<ILoggingEvent>> appenders) {
        this.clockNs = clockNs;
        this.appenders = List.copyOf(appenders);
    }

    /** The appender of this class behind this one. */
    <T> Optional<T> behind(Class<T> kind) {
        return appenders.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    @Override
    protected void append(ILoggingEvent event) {
        List<ILoggingEvent> lines = new ArrayList<>(1);
        synchronized (kinds) {
            long nowNs = clockNs.getAsLong();
            tellWhatIsOver(nowNs, lines);
            if (admits(event, nowNs, lines)) {
                lines.add(event);
            }
        }
        lines.forEach(line -> appenders.forEach(appender -> appender.doAppend(line)));
    }

    private boolean admits(ILoggingEvent event, long nowNs, List<ILoggingEvent> lines) {
        boolean warning = event.getLevel() == Level.WARN;
        if (!warning && !String.valueOf(event.getMessage()).contains("class=")) {
            return true;
        }
        Wording words = Wording.of(event, LogSetup::asItIs);
        if (!isFoldable(words, warning)) {
            return true;
        }
        List<Wording.Field> source = words.fields().stream().filter(f -> SOURCES.contains(f.key())).toList();
        List<Wording.Field> all = words.fields().stream()
                .filter(f -> SOURCES.contains(f.key()) || DETAILS.contains(f.key())).toList();
        return take(words.event(), all, SAME, nowNs, lines) && take(words.event(), source, SIMILAR, nowNs, lines);
    }

    private static boolean isFoldable(Wording words, boolean warning) {
        boolean fault = words.fields().stream().anyMatch(f -> f.key().equals("class") && FAULTS.contains(f.value()));
        Optional<String> up = words.fields().stream().filter(f -> f.key().equals("up")).map(Wording.Field::value)
                .findFirst();
        return (warning || fault || up.isPresent()) && !up.equals(Optional.of("true"))
                && !NEVER.contains(words.event());
    }

    private boolean take(String event, List<Wording.Field> fields, Limit limit, long nowNs,
            List<ILoggingEvent> lines) {
        String name = limit.lines + event + fields;
        Kind kind = kinds.get(name);
        if (kind == null) {
            if (kinds.size() >= MAXIMUM_KINDS) {
                forget(kinds.keySet().iterator().next(), lines);
            }
            kind = new Kind(event, fields, nowNs, limit);
            kinds.put(name, kind);
        }
        kind.lines++;
        return kind.lines <= limit.lines;
    }

    private void tellWhatIsOver(long nowNs, List<ILoggingEvent> lines) {
        if (nowNs - sweptNs < SWEEP_NS) {
            return;
        }
        sweptNs = nowNs;
        List<String> over = kinds.entrySet().stream().filter(entry -> entry.getValue().isOver(nowNs))
                .map(Map.Entry::getKey).toList();
        over.forEach(name -> forget(name, lines));
    }

    private void forget(String name, List<ILoggingEvent> lines) {
        Kind kind = kinds.remove(name);
        if (kind == null || kind.folded() == 0) {
            return;
        }
        StringBuilder pattern = new StringBuilder("folded lines={} seconds={} event={}");
        List<Object> values = new ArrayList<>(List.of(kind.folded(),
                TimeUnit.NANOSECONDS.toSeconds(kind.limit.periodNs), kind.event));
        kind.fields.forEach(field -> {
            pattern.append(' ').append(field.key()).append("={}");
            values.add(field.value());
        });
        lines.add(new LoggingEvent(Folding.class.getName(), (Logger) LoggerFactory.getLogger(Folding.class), Level.WARN,
                pattern.toString(), null, values.toArray()));
    }
}

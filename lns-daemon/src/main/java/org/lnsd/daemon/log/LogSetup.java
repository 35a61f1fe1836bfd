package org.lnsd.daemon.log;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

import org.lnsd.daemon.config.LogConfig;
import org.lnsd.daemon.config.LogFormat;
import org.lnsd.daemon.config.LogLevel;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets logback up without a file: lines to standard error through a queue that never blocks a loop, and the last ones into
 * {@link LogMemory}. Found by logback as a service.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

    private static final String MEMORY = "memory";
    private static final String QUEUE = "queue";
    private static final String FOLDING = "folding";
    private static final String STANDARD_ERROR = "standard-error";
    private static final int KEY_BYTES = 32;
    private static final int QUEUE_LINES = 16_384;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LineLayout layout = new LineLayout(LineLayout.Style.detected(), LogSetup::asItIs);
        layout.setContext(context);
        layout.start();
        StandardErrorAppender standardError = new StandardErrorAppender(layout);
        standardError.setName(STANDARD_ERROR);
        standardError.setContext(context);
        standardError.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setName(QUEUE);
        queue.setContext(context);
        queue.setQueueSize(QUEUE_LINES);
        queue.setNeverBlock(true);
        queue.setDiscardingThreshold(0);
        queue.addAppender(standardError);
        queue.start();
        LogMemory memory = new LogMemory();
        memory.setName(MEMORY);
        memory.setContext(context);
        memory.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        Folding folding = new Folding(System::nanoTime, List.of(queue, memory));
        folding.setName(FOLDING);
        folding.setContext(context);
        folding.start();
        root.addAppender(folding);
        context.getLogger("org.lnsd").setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Takes over what the configuration says. */
    public static void apply(LogConfig config) {
        level("org.lnsd", config.level());
        BinaryOperator<String> veil = config.pseudonyms() ? new Pseudonyms(randomKey()) : LogSetup::asItIs;
        LineLayout.Style style = LineLayout.Style.detected();
        memory().veil(veil);
        if (behindFolding(AsyncAppender.class).map(queue -> queue.getAppender(STANDARD_ERROR))
                .orElse(null) instanceof StandardErrorAppender standardError) {
            standardError.layout(config.format() == LogFormat.JSON
                    ? new JsonLayout(style, veil)
                    : new LineLayout(style, veil));
        }
    }

    /** The value of a field as it is. */
    static String asItIs(String key, String value) { return value; }

    private static byte[] randomKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** Sets the level of a logger, that of a package for all below it. */
    public static void level(String logger, LogLevel level) {
        context().getLogger(logger).setLevel(Level.toLevel(level.name()));
    }

    /** The last lines. */
    public static LogMemory memory() {
        return behindFolding(LogMemory.class).orElseGet(LogMemory::new);
    }

    private static <T> Optional<T> behindFolding(Class<T> kind) {
        return context().getLogger(Logger.ROOT_LOGGER_NAME).getAppender(FOLDING) instanceof Folding folding
                ? folding.behind(kind)
                : Optional.empty();
    }

    /** Writes what is in the queue and stops; for the end of the process. */
    public static void stop() {
        context().stop();
    }

    private static LoggerContext context() { return (LoggerContext) LoggerFactory.getILoggerFactory(); }
}

package org.lnsd.daemon.config;

import static org.lnsd.daemon.config.Effect.LIVE;
import static org.lnsd.daemon.config.Effect.RESTART;

import java.util.List;

/** {@code [log]}. */
final class LogTable {

    private static final Key<LogLevel> LEVEL = Key.of("level", ValueTypes.constant(LogLevel.class), "\"info\"", LIVE,
            "error | warn | info | debug | trace");
    private static final Key<LogFormat> FORMAT = Key.of("format", ValueTypes.constant(LogFormat.class), "\"text\"",
            RESTART,
            "text (event name, then key=value) | json");
    private static final Key<Boolean> PSEUDONYMS = Key.of("pseudonyms", ValueTypes.bool(), "false", RESTART,
            "replace user names, numbers and addresses of subscribers in logs by a keyed hash");

    static final TableSchema SCHEMA = new TableSchema("log", false, false, "Log lines, to standard error.",
            List.of(LEVEL, FORMAT, PSEUDONYMS));

    private LogTable() {}

    static LogConfig read(TableReader in) { return new LogConfig(in.get(LEVEL), in.get(FORMAT), in.get(PSEUDONYMS)); }
}

package org.lnsd.daemon.config;

/**
 * The table {@code [log]}.
 *
 * @param level the least level that is written
 * @param format text lines or JSON
 * @param pseudonyms whether user names, numbers and addresses of subscribers are replaced by a keyed hash
 */
public record LogConfig(LogLevel level, LogFormat format, boolean pseudonyms) {}

package org.lnsd.daemon.config;

/** What {@code log.format} may be. */
public enum LogFormat {
    /** Event name, then key=value. */
    TEXT,
    /** One JSON object a line. */
    JSON
}

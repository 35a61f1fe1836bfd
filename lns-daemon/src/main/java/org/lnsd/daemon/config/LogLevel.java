package org.lnsd.daemon.config;

/** What {@code log.level} may be. */
public enum LogLevel {
    /** What keeps the service from working. */
    ERROR,
    /** What an operator should look at. */
    WARN,
    /** One line for each change of state. */
    INFO,
    /** Each step of a negotiation. */
    DEBUG,
    /** Each control packet. */
    TRACE
}

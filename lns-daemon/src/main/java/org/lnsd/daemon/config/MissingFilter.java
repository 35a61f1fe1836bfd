package org.lnsd.daemon.config;

/** What happens when a subscriber is to have a filter that the configuration does not have. */
public enum MissingFilter {
    /** The session is refused. */
    REFUSE,
    /** It runs without the filter, and the log says so. */
    IGNORE
}

package org.lnsd.daemon.config;

/** Whether a key must be given. */
enum Presence {
    /** It has a default. */
    DEFAULT,
    /** It may be left out, and then there is no value. */
    OPTIONAL,
    /** It must be given. */
    REQUIRED
}

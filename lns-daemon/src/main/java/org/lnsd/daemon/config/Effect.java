package org.lnsd.daemon.config;

/** When a changed value takes effect after a reload. */
public enum Effect {
    /** At once. */
    LIVE,
    /** For tunnels and sessions that are set up from then on. */
    NEW_SESSIONS,
    /** When the daemon starts the next time. */
    RESTART
}

package org.lnsd.daemon.config;

/** What {@code ppp.duplicate-logins} may be: a user logs in who has a session already. */
public enum DuplicateLogins {
    /** The newest wins. */
    REPLACE,
    /** The newest is refused. */
    REFUSE,
    /** Both stay. */
    ALLOW
}

package org.lnsd.daemon.config;

/** What {@code radius.users} may be: what the {@code [[user]]} tables are for beside RADIUS. */
public enum UserPolicy {
    /** They decide about the users that they name, RADIUS about all others. */
    FIRST,
    /** They decide where no RADIUS server answers. */
    FALLBACK,
    /** They alone decide; RADIUS accounts. */
    ONLY,
    /** RADIUS alone decides. */
    NEVER
}

package org.lnsd.daemon.aaa.radius;

/** Acct-Status-Type, RFC 2866 section 5.1. */
enum AccountingStatus {
    /** A session begins. */
    START(1),
    /** A session ends. */
    STOP(2),
    /** A session goes on. */
    INTERIM(3),
    /** The node begins. */
    ON(7),
    /** The node ends. */
    OFF(8);

    private final int code;

    AccountingStatus(int code) { this.code = code; }

    int code() { return code; }

    /** The status of a number that {@link #code} has given. */
    static AccountingStatus ofCode(int code) {
        for (AccountingStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("accounting status " + code + " is unknown");
    }
}

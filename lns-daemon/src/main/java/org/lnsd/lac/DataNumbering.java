package org.lnsd.lac;

/**
 * The sequence numbers that a LAC gives its data messages (RFC 2661 section 5.4): all of them where it has required sequencing,
 * else as long as the LNS numbers its own.
 */
final class DataNumbering {

    private static final int MASK = 0xFFFF;

    private final boolean required;
    private boolean byLns;
    private int next;

    DataNumbering(boolean required) { this.required = required; }

    /** A data message of the LNS came. */
    void heard(boolean numbered) { byLns = numbered; }

    /** Returns whether the next data message has a number. */
    boolean isOn() { return required || byLns; }

    /** Returns the number of the next data message; after a pause they go on where they were. */
    int take() {
        int number = next;
        next = (next + 1) & MASK;
        return number;
    }
}

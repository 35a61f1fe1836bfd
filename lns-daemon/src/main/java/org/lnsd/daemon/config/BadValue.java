package org.lnsd.daemon.config;

/** A value that a key cannot take; the message says what is wrong and what is expected. */
final class BadValue extends Exception {

    private static final long serialVersionUID = 1L;

    BadValue(String text) { super(text, null, false, false); }
}

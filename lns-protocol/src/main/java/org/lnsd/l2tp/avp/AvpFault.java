package org.lnsd.l2tp.avp;

/** What is wrong with an AVP, as a General Error of RFC 2661 section 4.4.2 will tell it. */
public record AvpFault(Kind kind, String text) {
    /** The kinds, each with its error code. */
    public enum Kind {
        BAD_LENGTH(2), BAD_VALUE(3), MISSING(6), UNKNOWN_MANDATORY(8);

        private final int errorCode;

        Kind(int errorCode) { this.errorCode = errorCode; }

        /** The Error Code of RFC 2661 section 4.4.2. */
        public int errorCode() { return errorCode; }
    }
}

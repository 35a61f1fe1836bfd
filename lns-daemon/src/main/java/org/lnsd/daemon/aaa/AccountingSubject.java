package org.lnsd.daemon.aaa;

/**
 * Who is accounted for.
 *
 * @param user name of the {@link AccessVerdict.Accept}
 * @param session its session
 * @param profile what authentication gave (Class, Chargeable-User-Identity, Acct-Interim-Interval)
 * @param authentic who authenticated it
 */
public record AccountingSubject(String user, SessionIdentity session, Profile profile, Authentic authentic) {
    /** Acct-Authentic, RFC 2866 section 5.6. */
    public enum Authentic {
        /** By a RADIUS server. */
        RADIUS(1),
        /** By the embedded user table. */
        LOCAL(2);

        private final int code;

        Authentic(int code) { this.code = code; }

        /** The attribute's value. */
        public int code() { return code; }
    }

    /** Returns the same subject on a line of other speeds. */
    public AccountingSubject atSpeeds(long transmitBps, long receiveBps) {
        return new AccountingSubject(user, session.atSpeeds(transmitBps, receiveBps), profile, authentic);
    }
}

package org.lnsd.daemon.aaa;

/** The accounting of one session. Called on the session's event loop; interim records are sent by itself, with jitter. */
public interface AccountingSession {
    /** Sends Start. Called once, when the first network protocol is up. */
    void start(SessionAddresses addresses);

    /** The session's addresses have changed (the second family is up, a CoA): remembered for all later records, told at once by an interim record. */
    void addressesChanged(SessionAddresses addresses);

    /** A CoA has changed the session's profile (Class, Acct-Interim-Interval). */
    void profileChanged(Profile profile);

    /** The line has other speeds: all later records tell them. */
    void speedsChanged(long transmitBps, long receiveBps);

    /** Sends an interim record now. */
    void interim();

    /** Sends Stop with the final counters; nothing when Start was never called. Only the first call counts. */
    void stop(TerminateCause cause, SessionUsage usage);

    /** Accounting that does nothing. */
    AccountingSession NONE = new NoAccounting();
}

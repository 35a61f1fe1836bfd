package org.lnsd.daemon.aaa;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Who is this subscriber, what may it have, and who is told what it used. Safe to call from any thread. */
public interface Aaa extends AutoCloseable {
    /**
     * Decides about one subscriber. Exactly one verdict is given to {@code verdict}, on {@code loop}, never before this method
     * has returned to a caller that runs on that loop.
     *
     * @param request what the subscriber and its line have told
     * @param verdict is given the answer
     * @param loop the caller's event loop
     */
    void authenticate(AccessRequest request, Consumer<AccessVerdict> verdict, Executor loop);

    /**
     * Opens the accounting of one session. Nothing is sent until {@link AccountingSession#start}.
     *
     * @param subject who is accounted for
     * @param usage gives the counters for an interim record; called on {@code loop} only
     * @param loop the event loop of the session
     * @return the session's accounting; one that does nothing where accounting is off
     */
    AccountingSession accounting(AccountingSubject subject, UsageSupplier usage, Executor loop);

    /** Tells the servers that this node begins (Accounting-On, RFC 2866 section 5.1). */
    void nodeUp();

    /** Tells the servers that this node ends (Accounting-Off), delivers what it can for a second and keeps the rest on disk. */
    @Override
    void close();
}

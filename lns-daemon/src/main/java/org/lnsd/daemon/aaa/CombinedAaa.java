package org.lnsd.daemon.aaa;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The embedded users first; whom the table does not know, RADIUS is asked about. RADIUS accounts for all. */
public final class CombinedAaa implements Aaa {
    private volatile UserTable users;
    private final Aaa radius;

    /**
     * A combination.
     *
     * @param users asked first
     * @param radius asked about all others
     */
    public CombinedAaa(UserTable users, Aaa radius) {
        this.users = users;
        this.radius = radius;
    }

    /** Replaces the users, after the configuration was read again. */
    public void replaceUsers(UserTable replacement) {
        users = replacement;
    }

    @Override
    public void authenticate(AccessRequest request, Consumer<AccessVerdict> verdict, Executor loop) {
        UserTable table = users;
        (table.knows(request.credentials().user()) ? table : radius).authenticate(request, verdict, loop);
    }

    @Override
    public AccountingSession accounting(AccountingSubject subject, UsageSupplier usage, Executor loop) {
        return radius.accounting(subject, usage, loop);
    }

    @Override
    public void nodeUp() { radius.nodeUp(); }

    @Override
    public void close() { radius.close(); }
}

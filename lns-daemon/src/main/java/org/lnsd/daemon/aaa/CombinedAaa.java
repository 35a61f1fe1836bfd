package org.lnsd.daemon.aaa;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.lnsd.daemon.config.UserPolicy;

/** The embedded users and RADIUS, combined as the policy says. RADIUS accounts for all. */
public final class CombinedAaa implements Aaa {
    private record Local(UserTable users, UserPolicy policy) {}

    private final Aaa radius;
    private volatile Local local;

    /**
     * A combination.
     *
     * @param users the embedded users
     * @param policy who decides about whom
     * @param radius asked about the others, and told about all
     */
    public CombinedAaa(UserTable users, UserPolicy policy, Aaa radius) {
        this.local = new Local(users, policy);
        this.radius = radius;
    }

    /** Replaces the users and the policy, after the configuration was read again. */
    public void replaceUsers(UserTable users, UserPolicy policy) {
        local = new Local(users, policy);
    }

    /** Returns the embedded users. */
    public UserTable users() { return local.users; }

    @Override
    public void authenticate(AccessRequest request, Consumer<AccessVerdict> verdict, Executor loop) {
        Local now = local;
        boolean known = now.users.knows(request.credentials().user());
        switch (now.policy) {
            case FIRST -> (known ? now.users : radius).authenticate(request, verdict, loop);
            case ONLY -> now.users.authenticate(request, verdict, loop);
            case NEVER -> radius.authenticate(request, verdict, loop);
            case FALLBACK ->
                radius.authenticate(request, known ? unlessUnavailable(now, request, verdict, loop) : verdict,
                        loop);
        }
    }

    private static Consumer<AccessVerdict> unlessUnavailable(Local now, AccessRequest request,
            Consumer<AccessVerdict> verdict, Executor loop) {
        return answer -> {
            if (answer instanceof AccessVerdict.Unavailable) {
                now.users.authenticate(request, verdict, loop);
            } else {
                verdict.accept(answer);
            }
        };
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

package org.lnsd.daemon.session;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult.ErrorCause;
import org.lnsd.daemon.aaa.DynamicAuthorizationTarget;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.SessionSelector;

/** Ends and changes sessions at a RADIUS client's wish (RFC 5176). */
public final class SessionAuthorization implements DynamicAuthorizationTarget {

    private final SessionServices services;

    /** Acts on the sessions of these services. */
    public SessionAuthorization(SessionServices services) {
        this.services = services;
    }

    @Override
    public void disconnect(SessionSelector selector, Consumer<DynamicAuthorizationResult> answer) {
        services.loop().execute(() -> answer.accept(act(selector, session -> {
            session.close(SessionEnd.cleared("disconnected by RADIUS"), services.loop().nowNs());
            return true;
        })));
    }

    @Override
    public void change(SessionSelector selector, ProfileChange change, Consumer<DynamicAuthorizationResult> answer) {
        services.loop().execute(() -> answer.accept(judge(selector, change)
                .orElseGet(() -> act(selector,
                        session -> session.networkPart().change(change, services.loop().nowNs())))));
    }

    // Done for all sessions or for none (RFC 5176 section 2.2).
    private Optional<DynamicAuthorizationResult> judge(SessionSelector selector, ProfileChange change) {
        boolean accepted = services.table().all().stream().filter(session -> isMeant(session, selector))
                .allMatch(session -> session.networkPart().accepts(change));
        return accepted
                ? Optional.empty()
                : Optional.of(new DynamicAuthorizationResult.Refused(ErrorCause.INVALID_ATTRIBUTE_VALUE));
    }

    private DynamicAuthorizationResult act(SessionSelector selector, Predicate<Session> action) {
        if (selector.isEmpty()) {
            return new DynamicAuthorizationResult.Refused(ErrorCause.MISSING_ATTRIBUTE);
        }
        List<Session> meant = services.table().all().stream().filter(session -> isMeant(session, selector)).toList();
        if (meant.isEmpty()) {
            return new DynamicAuthorizationResult.Refused(ErrorCause.SESSION_CONTEXT_NOT_FOUND);
        }
        long done = meant.stream().filter(action).count();
        return done > 0
                ? new DynamicAuthorizationResult.Done((int) done)
                : new DynamicAuthorizationResult.Refused(ErrorCause.RESOURCES_UNAVAILABLE);
    }

    private static boolean isMeant(Session session, SessionSelector selector) {
        SessionGrant grant = session.networkPart().grant();
        boolean lives = session.state() != SessionState.CLOSING && session.state() != SessionState.ENDED;
        return grant != null && lives && selector.matches(grant.user(), session.record().identity(), grant.profile(),
                session.networkPart().addresses());
    }
}

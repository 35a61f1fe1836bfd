package org.lnsd.daemon.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult.ErrorCause;
import org.lnsd.daemon.aaa.DynamicAuthorizationTarget;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.ProfileBuilder;
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
        answerForAll(selector, answer, meant -> {
            meant.forEach(session -> session.close(SessionEnd.cleared("disconnected by RADIUS"),
                    services.loop().nowNs()));
            return Optional.empty();
        });
    }

    @Override
    public void change(SessionSelector selector, ProfileChange change, Consumer<DynamicAuthorizationResult> answer) {
        answerForAll(selector, answer, meant -> changeAll(meant, change));
    }

    // Also a defect has an answer: who asks counts what it waits for.
    private void answerForAll(SessionSelector selector, Consumer<DynamicAuthorizationResult> answer,
            Function<List<Session>, Optional<ErrorCause>> action) {
        services.loop().execute(() -> {
            DynamicAuthorizationResult result = new DynamicAuthorizationResult.Refused(
                    ErrorCause.RESOURCES_UNAVAILABLE);
            try {
                result = forAll(selector, action);
            } finally {
                answer.accept(result);
            }
        });
    }

    private DynamicAuthorizationResult forAll(SessionSelector selector,
            Function<List<Session>, Optional<ErrorCause>> action) {
        if (selector.isEmpty()) {
            return new DynamicAuthorizationResult.Refused(ErrorCause.MISSING_ATTRIBUTE);
        }
        List<Session> meant = candidates(selector).stream().filter(session -> isMeant(session, selector)).toList();
        Optional<ErrorCause> refusal = meant.isEmpty()
                ? Optional.of(ErrorCause.SESSION_CONTEXT_NOT_FOUND)
                : action.apply(meant);
        return refusal.<DynamicAuthorizationResult>map(DynamicAuthorizationResult.Refused::new)
                .orElseGet(() -> new DynamicAuthorizationResult.Done(meant.size()));
    }

    /** The few that can be meant where an index finds them, or else all. */
    private Collection<Session> candidates(SessionSelector selector) {
        if (selector.acctSessionId().isPresent()) {
            return services.table().find(selector.acctSessionId().get()).map(List::of).orElse(List.of());
        }
        return selector.userName().isPresent()
                ? List.copyOf(services.table().ofUser(selector.userName().get()))
                : services.table().all();
    }

    /** Changes all sessions or none (RFC 5176 section 2.2); returns why none. */
    private Optional<ErrorCause> changeAll(List<Session> meant, ProfileChange change) {
        if (!meant.stream().allMatch(session -> session.networkPart().refusal(change) == null)) {
            return Optional.of(ErrorCause.INVALID_ATTRIBUTE_VALUE);
        }
        long nowNs = services.loop().nowNs();
        // Of a bundle, one link has the addresses and the limits, whichever is meant.
        List<Session> holders = meant.stream().map(session -> session.seat.holder()).distinct().toList();
        if (change.renumbers() && !renumberAll(holders, change, nowNs)) {
            return Optional.of(ErrorCause.RESOURCES_UNAVAILABLE);
        }
        Stream.concat(meant.stream(), holders.stream()).distinct()
                .forEach(session -> session.networkPart().change(change, nowNs));
        return Optional.empty();
    }

    /** Only other prefixes can be lacking: those who got theirs before one got none go back to what they had. */
    private static boolean renumberAll(List<Session> holders, ProfileChange change, long nowNs) {
        List<Runnable> undo = new ArrayList<>();
        for (Session session : holders) {
            SessionNetworks networks = session.networkPart();
            Profile former = networks.profile();
            ProfileBuilder next = former.toBuilder();
            change.ipv6Pool().ifPresent(next::ipv6Pool);
            change.delegatedPool().ifPresent(next::delegatedPool);
            if (!networks.renumber(next.build(), nowNs)) {
                undo.forEach(Runnable::run);
                return false;
            }
            undo.add(() -> networks.renumber(former, nowNs));
        }
        return true;
    }

    private static boolean isMeant(Session session, SessionSelector selector) {
        SessionGrant grant = session.networkPart().grant();
        boolean lives = session.state() != SessionState.CLOSING && session.state() != SessionState.ENDED;
        return grant != null && lives && selector.matches(grant.user(), session.record().identity(), grant.profile(),
                session.seat.holder().networkPart().addresses());
    }
}

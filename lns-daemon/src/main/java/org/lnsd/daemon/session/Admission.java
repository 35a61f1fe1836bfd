package org.lnsd.daemon.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.config.DuplicateLogins;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.Credentials;
import org.lnsd.ppp.link.LcpAgreement;
import org.lnsd.ppp.link.NetworkSettings;

/** Asks who a session's subscriber is, and acts on the verdict: lets it in, alone or as a link of its bundle, or not. */
final class Admission {

    private final Session session;
    private final Inquiry inquiry;

    Admission(Session session) {
        this.session = session;
        inquiry = new Inquiry(session);
    }

    private void count(String what) { session.services().counts().count(what); }

    void ask(Credentials credentials) {
        SessionRecord record = session.record();
        record.authentication(SessionIdentities.protocol(credentials));
        session.track().user(credentials.user());
        session.track().add("authentication", "asking about user " + credentials.user() + " by "
                + record.authentication());
        inquiry.ask(SessionIdentities.credentials(credentials));
    }

    /** Termination-Action RADIUS-Request. */
    void askAgain(long nowNs) {
        session.track().add("authentication", "session timeout, asking again");
        if (!inquiry.askWithPassword()) {
            session.link().reauthenticate(nowNs);
        }
    }

    void decide(AccessVerdict verdict, long nowNs) {
        switch (verdict) {
            case AccessVerdict.Accept accept -> accept(accept, nowNs);
            case AccessVerdict.Reject reject -> {
                count("authentication-rejected");
                String message = reject.msChapError().orElse(reject.message());
                refuse(null, message.isEmpty() ? "wrong user name or password" : message, nowNs);
            }
            case AccessVerdict.Unavailable(String cause) -> {
                count("authentication-unavailable");
                refuse(SessionEnd.authenticationUnavailable(cause), "authentication is not available", nowNs);
            }
        }
    }

    private void accept(AccessVerdict.Accept accept, long nowNs) {
        LcpAgreement agreed = session.link().view().agreement().filter(agreement -> agreement.localMrru() > 0)
                .orElse(null);
        BundleSeat seat = session.seat;
        Bundle other = agreed == null ? null : seat.joinable(accept.user(), agreed);
        if (agreed != null && other != null) {
            join(other, agreed, accept, nowNs);
            return;
        }
        if (agreed != null) {
            session.record().ofBundle(seat.nameOr(session.id()));
        }
        SessionNetworks networks = session.networkPart();
        SessionEnd refusal = networks.authorize(accept, nowNs);
        if (refusal != null) {
            refuse(refusal, refusal.text(), nowNs);
            return;
        }
        inquiry.granted();
        if (agreed != null) {
            seat.lead(accept.user(), agreed);
        }
        if (session.state() == SessionState.AUTHENTICATE) {
            session.enter(SessionState.NETWORK);
        }
        session.track().add("authentication", "accepted as " + accept.user());
        letIn(accept, networks.offer(), nowNs);
        session.link().view().agreement().ifPresent(session::updatePath);
    }

    /** Returns why the subscriber is refused beside its other sessions, or null; ends those that it replaces. */
    static @Nullable SessionEnd judgeOtherSessions(SessionServices services, SessionSettings settings,
            AccessVerdict.Accept accept, long nowNs) {
        List<Session> others = List.copyOf(services.table().ofUser(accept.user()));
        DuplicateLogins policy = settings.ppp().duplicateLogins();
        int limit = accept.profile().portLimit().orElse(Integer.MAX_VALUE);
        boolean tooMany = switch (policy) {
            case ALLOW -> others.size() >= limit;
            case REFUSE -> !others.isEmpty();
            case REPLACE -> false;
        };
        if (tooMany) {
            services.counts().count("duplicate-login-refused");
            return SessionEnd.duplicateLogin();
        }
        if (policy == DuplicateLogins.REPLACE) {
            others.forEach(other -> other.endNow(SessionEnd.replaced(), nowNs));
        }
        return null;
    }

    /** One more link of a bundle: another has the network protocols, this one only carries. */
    private void join(Bundle other, LcpAgreement agreed, AccessVerdict.Accept accept, long nowNs) {
        SessionEnd refusal = other.refusal(session, agreed, accept.profile());
        if (refusal != null) {
            refuse(refusal, refusal.text(), nowNs);
            return;
        }
        session.record().ofBundle(other.id());
        session.seat.join(other, agreed);
        session.networkPart().join(accept, other.addresses(), nowNs);
        session.track().add("multilink", "joined as link " + other.links());
        letIn(accept, NetworkSettings.NONE, nowNs);
        session.updatePath(agreed);
        session.open(nowNs);
    }

    private void letIn(AccessVerdict.Accept accept, NetworkSettings networks, long nowNs) {
        session.link().authenticationSucceeded(
                new AuthenticationResult.Success(accept.message(), accept.msChapSuccess()), nowNs);
        session.link().openNetworks(networks, nowNs);
    }

    private void refuse(@Nullable SessionEnd cause, String message, long nowNs) {
        boolean timeOver = session.networkPart().isTimeOver();
        SessionEnd end = timeOver ? SessionEnd.sessionTimeout() : cause;
        if (end != null) {
            session.because(end);
        }
        session.track().add("authentication", "refused: " + message);
        session.link().authenticationFailed(message, nowNs);
        if (timeOver) {
            session.beginClose(SessionEnd.sessionTimeout(), nowNs); // a link that did not ask does not end by itself
        }
    }
}

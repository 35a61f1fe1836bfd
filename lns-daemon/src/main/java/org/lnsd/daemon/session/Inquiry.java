package org.lnsd.daemon.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.LineRules;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.Profile.TerminationAction;
import org.lnsd.daemon.aaa.SubscriberCredentials;

/** What a session asks authentication; only the answer to the newest question counts. */
final class Inquiry {

    private final Session session;
    private int questions;
    private SubscriberCredentials.@Nullable Pap password;

    Inquiry(Session session) { this.session = session; }

    void ask(SubscriberCredentials shown) {
        int number = ++questions;
        password = shown instanceof SubscriberCredentials.Pap pap ? pap : null;
        SessionNetworks networks = session.networkPart();
        SessionGrant given = networks.isTimeOver() ? networks.grant() : null;
        Optional<byte[]> state = given == null ? Optional.empty() : given.profile().state();
        SessionServices services = session.services();
        services.aaa().authenticate(new AccessRequest(shown, session.record().identity(), state), answer -> {
            if (number == questions) {
                session.onVerdict(
                        answer instanceof AccessVerdict.Reject && given == null ? rejected(answer, shown) : answer);
            }
        }, services.loop());
    }

    // MS-CHAPv2 has no success without the password. The name is not proved, and must not replace a session of who has proved it.
    private AccessVerdict rejected(AccessVerdict answer, SubscriberCredentials shown) {
        Optional<String> garden = session.settings().ppp().lines().gardenOnReject();
        if (garden.isEmpty() || shown instanceof SubscriberCredentials.MsChapV2) {
            return answer;
        }
        session.services().counts().count("garden-on-reject");
        Profile profile = Profile.empty().toBuilder().line(LineRules.ofGarden(garden.get())).build();
        return new AccessVerdict.Accept("unverified:" + shown.user(), profile, Optional.empty(), "",
                AccountingSubject.Authentic.LOCAL);
    }

    /**
     * Asks with the password that the subscriber has shown, because PAP cannot ask for it again.
     *
     * @return false: it has shown none, so the link has to challenge it
     */
    boolean askWithPassword() {
        SubscriberCredentials.Pap kept = password;
        if (kept != null) {
            ask(kept);
        }
        return kept != null;
    }

    /** The subscriber was let in: its password is kept only where Termination-Action will need it. */
    void granted() {
        if (session.networkPart().profile().terminateAfterTimeout() != TerminationAction.RADIUS_REQUEST) {
            password = null;
        }
    }
}

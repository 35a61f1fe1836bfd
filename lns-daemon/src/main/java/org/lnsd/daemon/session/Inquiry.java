package org.lnsd.daemon.session;

import java.util.Optional;
import java.util.function.Consumer;
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

    private final SessionServices services;
    private final SessionRecord record;
    private final SessionNetworks networks;
    private final Consumer<AccessVerdict> verdict;
    private final Optional<String> garden;
    private int questions;
    private SubscriberCredentials.@Nullable Pap password;

    /** {@code garden}: where those go whom authentication refuses. */
    Inquiry(SessionServices services, SessionRecord record, SessionNetworks networks, Optional<String> garden,
            Consumer<AccessVerdict> verdict) {
        this.garden = garden;
        this.services = services;
        this.record = record;
        this.networks = networks;
        this.verdict = verdict;
    }

    void ask(SubscriberCredentials shown) {
        int number = ++questions;
        password = shown instanceof SubscriberCredentials.Pap pap ? pap : null;
        SessionGrant given = networks.isTimeOver() ? networks.grant() : null;
        Optional<byte[]> state = given == null ? Optional.empty() : given.profile().state();
        services.aaa().authenticate(new AccessRequest(shown, record.identity(), state), answer -> {
            if (number == questions) {
                verdict.accept(
                        answer instanceof AccessVerdict.Reject && given == null ? rejected(answer, shown) : answer);
            }
        }, services.loop());
    }

    // MS-CHAPv2 has no success without the password. The name is not proved, and must not replace a session of who has proved it.
    private AccessVerdict rejected(AccessVerdict answer, SubscriberCredentials shown) {
        if (garden.isEmpty() || shown instanceof SubscriberCredentials.MsChapV2) {
            return answer;
        }
        services.counts().count("garden-on-reject");
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
        if (networks.profile().terminateAfterTimeout() != TerminationAction.RADIUS_REQUEST) {
            password = null;
        }
    }
}

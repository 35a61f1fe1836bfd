package org.lnsd.daemon.session;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.Profile.TerminationAction;
import org.lnsd.daemon.aaa.SubscriberCredentials;

/** What a session asks authentication; only the answer to the newest question counts. */
final class Inquiry {

    private final SessionServices services;
    private final SessionRecord record;
    private final SessionNetworks networks;
    private final Consumer<AccessVerdict> verdict;
    private int questions;
    private SubscriberCredentials.@Nullable Pap password;

    Inquiry(SessionServices services, SessionRecord record, SessionNetworks networks, Consumer<AccessVerdict> verdict) {
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
                verdict.accept(answer);
            }
        }, services.loop());
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

package org.lnsd.daemon.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.lnsd.daemon.aaa.Aaa;
import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.AccessVerdict;
import org.lnsd.daemon.aaa.AccountingSession;
import org.lnsd.daemon.aaa.AccountingSubject;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.SessionAddresses;
import org.lnsd.daemon.aaa.SessionUsage;
import org.lnsd.daemon.aaa.SubscriberCredentials;
import org.lnsd.daemon.aaa.TerminateCause;
import org.lnsd.daemon.aaa.UsageSupplier;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.CredentialVerifier;
import org.lnsd.ppp.auth.Credentials;

/** Authentication from a table, and accounting into a list. */
final class TableAaa implements Aaa {

    final Map<String, String> passwords = new HashMap<>();
    final Map<String, Profile> profiles = new HashMap<>();
    final List<String> accounts = new ArrayList<>();
    final List<AccountingSubject> accounted = new ArrayList<>();
    final List<AccessRequest> requests = new ArrayList<>();
    boolean unavailable;

    void user(String name, String password, Profile profile) {
        passwords.put(name, password);
        profiles.put(name, profile);
    }

    @Override
    public void authenticate(AccessRequest request, Consumer<AccessVerdict> verdict, Executor loop) {
        requests.add(request);
        loop.execute(() -> verdict.accept(judge(request.credentials())));
    }

    private AccessVerdict judge(SubscriberCredentials shown) {
        if (unavailable) {
            return new AccessVerdict.Unavailable("no server answers");
        }
        String password = passwords.get(shown.user());
        if (password != null
                && CredentialVerifier.verify(credentials(shown), password) instanceof AuthenticationResult.Success ok) {
            return new AccessVerdict.Accept(shown.user(), profiles.getOrDefault(shown.user(), Profile.empty()),
                    ok.authenticatorResponse(), "welcome", AccountingSubject.Authentic.LOCAL);
        }
        return new AccessVerdict.Reject("wrong name or password", Optional.empty());
    }

    private static Credentials credentials(SubscriberCredentials shown) {
        return switch (shown) {
            case SubscriberCredentials.Pap pap -> new Credentials.Pap(pap.user(), pap.password());
            case SubscriberCredentials.Chap chap ->
                new Credentials.Chap(chap.user(), chap.identifier(), chap.challenge(), chap.response());
            case SubscriberCredentials.MsChapV2 v2 -> new Credentials.MsChapV2(v2.user(), v2.identifier(),
                    v2.authenticatorChallenge(), v2.peerChallenge(), v2.ntResponse(), v2.flags());
        };
    }

    @Override
    public AccountingSession accounting(AccountingSubject subject, UsageSupplier usage, Executor loop) {
        accounted.add(subject);
        return new AccountingSession() {
            @Override
            public void start(SessionAddresses addresses) {
                accounts.add("start " + subject.user() + " " + addresses.ipv4().orElseThrow().getHostAddress());
            }

            @Override
            public void addressesChanged(SessionAddresses addresses) { accounts.add("addresses " + subject.user()); }

            @Override
            public void profileChanged(Profile profile) { accounts.add("profile " + subject.user()); }

            @Override
            public void speedsChanged(long transmitBps, long receiveBps) {
                accounts.add("speeds " + subject.user() + " " + transmitBps + "/" + receiveBps);
            }

            @Override
            public void interim() { accounts.add("interim " + subject.user()); }

            @Override
            public void stop(TerminateCause cause, SessionUsage last) {
                accounts.add("stop " + subject.user() + " " + cause + " " + last.octetsIn() + "/" + last.octetsOut());
            }
        };
    }

    @Override
    public void nodeUp() { accounts.add("on"); }

    @Override
    public void close() { accounts.add("off"); }
}

package org.lnsd.daemon.aaa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.lnsd.daemon.config.UserConfig;
import org.lnsd.ppp.auth.AuthenticationResult;
import org.lnsd.ppp.auth.CredentialVerifier;
import org.lnsd.ppp.auth.Credentials;

/** The embedded users of the configuration. Immutable. */
public final class UserTable implements Aaa {
    private record Entry(String password, Profile profile) {}

    private final Map<String, Entry> entries = new HashMap<>();

    /** A table of these users. */
    public UserTable(List<UserConfig> users) {
        for (UserConfig user : users) {
            entries.put(user.name(), new Entry(user.password().text(), profileOf(user)));
        }
    }

    /** Loads what MS-CHAPv2 needs: a second on a busy machine, that the first login would cost the control loop otherwise. */
    public static void warmUp() {
        CredentialVerifier.verify(new Credentials.MsChapV2("", 0, new byte[16], new byte[16], new byte[24], 0), "");
    }

    /** Whether a user of that name is in the table. */
    public boolean knows(String user) {
        return entries.containsKey(user);
    }

    /** What the entry of a user says, if there is one. */
    public Optional<Profile> profile(String user) {
        return Optional.ofNullable(entries.get(user)).map(Entry::profile);
    }

    @Override
    public void authenticate(AccessRequest request, Consumer<AccessVerdict> verdict, Executor loop) {
        AccessVerdict decided = decide(request.credentials());
        loop.execute(() -> verdict.accept(decided));
    }

    private AccessVerdict decide(SubscriberCredentials credentials) {
        Entry entry = entries.get(credentials.user());
        if (entry == null) {
            return new AccessVerdict.Reject("", Optional.empty());
        }
        return switch (CredentialVerifier.verify(ppp(credentials), entry.password)) {
            case AuthenticationResult.Success(_, Optional<String> response) ->
                new AccessVerdict.Accept(credentials.user(), entry.profile, response, "",
                        AccountingSubject.Authentic.LOCAL);
            case AuthenticationResult.Failure(String message) -> new AccessVerdict.Reject(message, Optional.empty());
        };
    }

    private static Credentials ppp(SubscriberCredentials credentials) {
        return switch (credentials) {
            case SubscriberCredentials.Pap it -> new Credentials.Pap(it.user(), it.password());
            case SubscriberCredentials.Chap it ->
                new Credentials.Chap(it.user(), it.identifier(), it.challenge(), it.response());
            case SubscriberCredentials.MsChapV2 it -> new Credentials.MsChapV2(it.user(), it.identifier(),
                    it.authenticatorChallenge(), it.peerChallenge(), it.ntResponse(), it.flags());
        };
    }

    private static Profile profileOf(UserConfig user) {
        ProfileBuilder profile = new ProfileBuilder();
        user.ipv4().ifPresent(profile::ipv4);
        user.ipv6Prefix().ifPresent(profile::ipv6Prefix);
        user.ipv6Delegated().ifPresent(profile::delegatedPrefix);
        user.routes().forEach(route -> {
            if (route.isIpv4()) {
                profile.ipv4Route(new Ipv4Route(route, 0));
            } else {
                profile.ipv6Route(new Ipv6Route(route, 0));
            }
        });
        user.pool().ifPresent(pool -> profile.pool(pool).ipv6Pool(pool).delegatedPool(pool));
        user.rateDown().ifPresent(rate -> profile.rateDown(new RateLimit(rate.bps(), 0, rate.percent())));
        user.rateUp().ifPresent(rate -> profile.rateUp(new RateLimit(rate.bps(), 0, rate.percent())));
        user.filterIn().ifPresent(profile::filterIn);
        user.filterOut().ifPresent(profile::filterOut);
        user.garden().ifPresent(name -> profile.line(LineRules.ofGarden(name)));
        user.volumeLimitBytes().ifPresent(bytes -> profile.line(LineRules.ofVolume(bytes)));
        return profile.build();
    }

    @Override
    public AccountingSession accounting(AccountingSubject subject, UsageSupplier usage, Executor loop) {
        return AccountingSession.NONE;
    }

    @Override
    public void nodeUp() {
        // Nobody is to be told.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}

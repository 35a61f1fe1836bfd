package org.lnsd.daemon.aaa;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.lnsd.daemon.config.Configuration;
import org.lnsd.daemon.config.ConfigurationLoader;
import org.lnsd.daemon.config.LoadedConfiguration;
import org.lnsd.daemon.config.UserPolicy;

/** Who decides about whom. */
class CombinedAaaTest {
    private static final String USERS = """
            [[user]]
            name = "embedded"
            password = "right"
            """;

    private AccessVerdict remote = new AccessVerdict.Reject("no", Optional.empty());

    @Test
    void firstTheUsersOfTheFileThenRadius() {
        assertThat(ask(UserPolicy.FIRST, "embedded")).isInstanceOf(AccessVerdict.Accept.class);
        assertThat(ask(UserPolicy.FIRST, "other")).isSameAs(remote);
    }

    @Test
    void theUsersOfTheFileWhereNoServerAnswers() {
        assertThat(ask(UserPolicy.FALLBACK, "embedded")).as("a server has refused").isSameAs(remote);
        remote = new AccessVerdict.Unavailable("nobody answers");
        assertThat(ask(UserPolicy.FALLBACK, "embedded")).isInstanceOf(AccessVerdict.Accept.class);
        assertThat(ask(UserPolicy.FALLBACK, "other")).isSameAs(remote);
    }

    @Test
    void onlyOneOfThem() {
        assertThat(ask(UserPolicy.ONLY, "other")).isNotSameAs(remote).isInstanceOf(AccessVerdict.Reject.class);
        assertThat(ask(UserPolicy.NEVER, "embedded")).isSameAs(remote);
    }

    private AccessVerdict ask(UserPolicy policy, String user) {
        CombinedAaa aaa = new CombinedAaa(new UserTable(configuration().users()), policy, new Remote());
        List<AccessVerdict> verdicts = new ArrayList<>();
        SubscriberCredentials credentials = new SubscriberCredentials.Pap(user,
                "right".getBytes(StandardCharsets.UTF_8));
        aaa.authenticate(new AccessRequest(credentials, IDENTITY), verdicts::add, Runnable::run);
        return verdicts.getFirst();
    }

    private static final SessionIdentity IDENTITY = new SessionIdentity("S1", "", 1, "", "", 0, 0, 0,
            TunnelIdentity.NONE, AccessLine.NONE);

    private static Configuration configuration() {
        return switch (ConfigurationLoader.parse("lnsd.toml", USERS)) {
            case LoadedConfiguration.Valid(Configuration valid) -> valid;
            case LoadedConfiguration.Invalid(var errors) -> throw new AssertionError(errors);
        };
    }

    private final class Remote implements Aaa {
        @Override
        public void authenticate(AccessRequest request, Consumer<AccessVerdict> verdict, Executor loop) {
            verdict.accept(remote);
        }

        @Override
        public AccountingSession accounting(AccountingSubject subject, UsageSupplier usage, Executor loop) {
            return AccountingSession.NONE;
        }

        @Override
        public void nodeUp() {
            // Nobody listens.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}

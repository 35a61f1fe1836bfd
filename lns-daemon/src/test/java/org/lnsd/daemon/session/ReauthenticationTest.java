package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.daemon.aaa.AccessRequest;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.Profile.TerminationAction;

/** Session-Timeout with Termination-Action RADIUS-Request (RFC 2865 section 5.29): the server is asked whether the session goes on. */
class ReauthenticationTest {

    private static final byte[] STATE = {1, 2, 3};

    private Scenario scenario = new Scenario();

    private static Profile profile(String className) {
        return Profile.empty().toBuilder().sessionTimeout(Duration.ofSeconds(60))
                .terminateAfterTimeout(TerminationAction.RADIUS_REQUEST).state(STATE)
                .classes(List.of(className.getBytes(java.nio.charset.StandardCharsets.US_ASCII))).build();
    }

    private Session open(String protocol) {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nauthentication = [\"" + protocol + "\"]\n");
        scenario.aaa.user("alice", "secret", profile("one"));
        scenario.openLac().call("alice", "secret");
        scenario.pass(2);
        return scenario.table.all().iterator().next();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pap", "chap", "mschapv2"})
    void theSessionGoesOnWithWhatTheServerSaysThen(String protocol) {
        Session session = open(protocol);
        assertThat(scenario.aaa.requests).singleElement().extracting(AccessRequest::state)
                .isEqualTo(java.util.Optional.empty());
        scenario.aaa.user("alice", "secret", profile("two"));
        scenario.pass(70);
        assertThat(scenario.aaa.requests).hasSize(2);
        assertThat(scenario.aaa.requests.getLast().state()).as("RFC 2865 section 5.24").hasValue(STATE);
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
        assertThat(session.networkPart().profile().classes()).containsExactly("two".getBytes());
        assertThat(scenario.aaa.accounts).last().isEqualTo("profile alice");
        scenario.pass(60);
        assertThat(scenario.aaa.requests).as("the new time is over, too").hasSize(3);
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pap", "chap", "mschapv2"})
    void theSessionEndsWhereTheServerSaysNo(String protocol) {
        open(protocol);
        scenario.aaa.user("alice", "another", profile("one"));
        scenario.pass(70);
        assertThat(scenario.table.all()).isEmpty();
        assertThat(scenario.aaa.accounts).last().isEqualTo("stop alice SESSION_TIMEOUT 0/0");
        assertThat(scenario.counts.of("bug")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pap", "chap"})
    void theSessionEndsWhereNobodyAnswers(String protocol) {
        open(protocol);
        scenario.aaa.unavailable = true;
        scenario.pass(70);
        assertThat(scenario.table.all()).isEmpty();
        assertThat(scenario.aaa.accounts).last().isEqualTo("stop alice SESSION_TIMEOUT 0/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pap", "chap"})
    void aServerThatGivesNoTimeEndsTheAsking(String protocol) {
        Session session = open(protocol);
        scenario.aaa.user("alice", "secret", Profile.empty());
        scenario.pass(200);
        assertThat(scenario.aaa.requests).hasSize(2);
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
    }
}

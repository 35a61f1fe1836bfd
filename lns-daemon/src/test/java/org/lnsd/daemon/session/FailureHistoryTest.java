package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.history.HistoryTrack;
import org.lnsd.daemon.history.HistoryView;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.link.LinkSettings;

/** What an operator reads about ten lines that do not come up: the last sentence of the flight recorder. */
class FailureHistoryTest {

    private Scenario scenario = new Scenario();

    private HistoryView ended(String user) {
        List<HistoryView> found = scenario.sessions.services().history().find(user);
        assertThat(found).isNotEmpty();
        assertThat(found.getFirst().ended()).isTrue();
        assertThat(found.getFirst().events().toString()).doesNotContain("secret-of-alice", "wrong-secret");
        return found.getFirst();
    }

    private HistoryView endedTunnel(String peer) {
        List<HistoryView> found = scenario.sessions.services().history().findTunnel(peer);
        assertThat(found).isNotEmpty();
        return found.getFirst();
    }

    private HistoryView last() { return scenario.sessions.services().history().recent(1).getFirst(); }

    @Test
    void wrongTunnelSecret() {
        scenario = new Scenario(
                Scenario.CONFIGURATION.replace("maximum-tunnels", "secret = \"right\"\nmaximum-tunnels"));
        scenario.lac("192.0.2.9", "wrong-secret").open();
        scenario.pass(5);
        assertThat(endedTunnel("wholesale").diagnosis()).contains("secret", "[[l2tp.peer]]", "differ");
    }

    @Test
    void unknownLac() {
        scenario.lac("203.0.113.99").open();
        scenario.pass(5);
        assertThat(endedTunnel("203.0.113.99").diagnosis()).startsWith("No [[l2tp.peer]] entry fits")
                .contains("Host Name \"lac\"");
    }

    @Test
    void wrongPassword() {
        scenario.openLac().call("alice", "secret-of-alice");
        scenario.pass(5);
        assertThat(ended("alice").diagnosis()).isEqualTo("The login was refused: wrong name or password.");
    }

    @Test
    void noCommonAuthentication() {
        ScriptedLac lac = scenario.openLac();
        lac.call(LinkSettings.client("alice", "secret")
                .authentication(List.of(AuthenticationProtocol.MSCHAPV2)).build());
        scenario.pass(20);
        assertThat(last().diagnosis()).isEqualTo("The subscriber's router rejects CHAP-MD5 and PAP and offers only "
                + "MS-CHAPv2, which [ppp] authentication does not allow.");
    }

    /** Told to the recorder, because a client of ours gives in; SubscriberLcpTest has a router that insists for real. */
    @Test
    void mruRefused() {
        HistoryTrack track = scenario.sessions.services().history().open("stubborn");
        track.add("LCP", "received Configure-Request id 7 [MRU 68, Magic-Number 0x01020304]");
        track.add("LCP", "sent Configure-Nak id 7 [MRU 128]");
        track.end("lcp-timeout", "LCP does not converge");
        assertThat(last().diagnosis()).isEqualTo("LCP could not be agreed: the subscriber's router insists on MRU 68 "
                + "and does not take our MRU 128.");
    }

    @Test
    void poolEmpty() {
        Profile tiny = Profile.empty().toBuilder().pool("tiny").build();
        scenario.aaa.user("bob", "b", tiny);
        scenario.aaa.user("carol", "c", tiny);
        ScriptedLac lac = scenario.openLac();
        lac.call("bob", "b");
        scenario.pass(2);
        lac.call("carol", "c");
        scenario.pass(5);
        assertThat(ended("carol").diagnosis()).startsWith("There was no address left for this subscriber")
                .contains("tiny", "enlarge the pool");
    }

    @Test
    void radiusSilent() {
        scenario.aaa.unavailable = true;
        scenario.openLac().call("alice", "secret");
        scenario.pass(5);
        assertThat(ended("alice").diagnosis()).startsWith("No RADIUS server answered").contains("no server answers");
    }

    @Test
    void duplicateLogin() {
        scenario = new Scenario(Scenario.CONFIGURATION + "[ppp]\nduplicate-logins = \"refuse\"\n");
        ScriptedLac lac = scenario.openLac();
        lac.call("alice", "secret");
        scenario.pass(2);
        lac.call("alice", "secret");
        scenario.pass(5);
        assertThat(last().diagnosis()).contains("has a session already", "duplicate-logins");
    }

    @Test
    void echoTimeout() {
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(2);
        line.deaf = true;
        scenario.pass(120);
        assertThat(ended("alice").diagnosis()).contains("left the LCP echoes unanswered");
    }

    @Test
    void disconnectByTheLac() { // RFC 2661 section 6.12
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(2);
        lac.hangUp(line, ResultCode.CDN_LOST_CARRIER);
        scenario.pass(1);
        assertThat(ended("alice").diagnosis()).startsWith("The LAC ended the call: CDN result 1");
    }

    @Test
    void aLineThatIsUpSaysSo() {
        scenario.openLac().call("alice", "secret");
        scenario.pass(60);
        HistoryView view = scenario.sessions.services().history().find("alice").getFirst();
        assertThat(view.diagnosis()).isEqualTo("It is up.");
        assertThat(view.events().toString()).contains("MRU 1500", "Authentication CHAP-MD5", "IP-Address 100.64.0.")
                .doesNotContain("Echo");
    }
}

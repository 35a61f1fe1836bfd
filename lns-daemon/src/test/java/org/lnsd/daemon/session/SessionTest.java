package org.lnsd.daemon.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.net.IpAddresses;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.daemon.session.ScriptedLac.Subscriber;
import org.lnsd.l2tp.message.ErrorCode;
import org.lnsd.l2tp.message.ResultCode;
import org.lnsd.ppp.link.LinkEvent;

class SessionTest {

    private final Scenario scenario = new Scenario();

    private Session only() {
        assertThat(scenario.table.all()).hasSize(1);
        return scenario.table.all().iterator().next();
    }

    private void assertNothingLeft() {
        assertThat(scenario.table.all()).isEmpty();
        assertThat(scenario.forwarding.rows).isEmpty();
        assertThat(scenario.kernel.installed).isEmpty();
        assertThat(scenario.pools.statistics()).allMatch(pool -> pool.used() == 0);
        assertThat(scenario.counts.of("bug")).isZero();
    }

    @Test
    void aSubscriberGetsItsAddressAndItsPacketsFlow() {
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(2);
        Session session = only();
        assertThat(session.state()).isEqualTo(SessionState.OPEN);
        assertThat(session.user()).isEqualTo("alice");
        IpPrefix host = IpPrefix.ofHost(line.ipv4().local());
        assertThat(session.networks()).containsExactly(host);
        assertThat(scenario.kernel.installed).containsExactly(host);
        assertThat(scenario.aaa.accounts).containsExactly("start alice " + host.address().getHostAddress());
    }

    @Test
    void networksOpenWhenTheKernelHasTheirRoutes() { // the answer to the first packet must find the way back
        scenario.kernel.slow = true;
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(1);
        assertThat(only().user()).isEqualTo("alice");
        assertThat(only().state()).isNotEqualTo(SessionState.OPEN);
        scenario.kernel.catchUp();
        lac.drain();
        scenario.pass(1);
        assertThat(only().state()).isEqualTo(SessionState.OPEN);
        assertThat(only().networks()).containsExactly(IpPrefix.ofHost(line.ipv4().local()));
    }

    @Test
    void whatWaitsForRoutesEndsWithItsLine() {
        scenario.kernel.slow = true;
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(1);
        lac.hangUp(line, ResultCode.CDN_LOST_CARRIER);
        scenario.kernel.catchUp();
        scenario.pass(1);
        assertNothingLeft();
    }

    @Test
    void theLinkIsGoneWhenTheLacHangsUp() { // RFC 2661 section 6.12
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(2);
        scenario.forwarding.rows.values().forEach(row -> {
            row.counters.octetsIn = 1234;
            row.counters.octetsOut = 99;
        });
        lac.hangUp(line, ResultCode.CDN_LOST_CARRIER);
        scenario.pass(1);
        assertNothingLeft();
        assertThat(scenario.aaa.accounts).last().isEqualTo("stop alice LOST_CARRIER 1234/99");
    }

    @Test
    void theCallEndsWhenTheSubscriberTerminates() { // RFC 1661 section 3.7, RFC 3145
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(2);
        line.link.close("bye", scenario.loop.nowNs());
        lac.drain();
        scenario.pass(5);
        assertNothingLeft();
        assertThat(line.ended).isNotNull();
        assertThat(line.ended.resultCode()).isEqualTo(ResultCode.CDN_ADMINISTRATIVE);
        assertThat(line.ended.pppCause()).isPresent();
        assertThat(scenario.aaa.accounts).last().isEqualTo("stop alice USER_REQUEST 0/0");
    }

    @Test
    void theOperatorEndsASessionPolitely() {
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(2);
        only().close(SessionEnd.cleared("maintenance"), scenario.loop.nowNs());
        scenario.pass(5);
        assertNothingLeft();
        assertThat(line.has(LinkEvent.Down.class)).isTrue();
        assertThat(line.ended).isNotNull();
        assertThat(line.ended.message()).isEqualTo("maintenance");
        assertThat(scenario.aaa.accounts).last().isEqualTo("stop alice ADMIN_RESET 0/0");
    }

    @Test
    void aWrongPasswordEndsTheCallAndNotTheTunnel() {
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "wrong");
        scenario.pass(5);
        assertNothingLeft();
        assertThat(line.ended).isNotNull();
        assertThat(line.has(LinkEvent.Ipv4Up.class)).isFalse();
        assertThat(scenario.aaa.accounts).isEmpty();
        assertThat(lac.isOpen()).isTrue();
    }

    @Test
    void nobodyToAskRefusesTheSubscriberForLackOfResources() {
        scenario.aaa.unavailable = true;
        ScriptedLac lac = scenario.openLac();
        Subscriber line = lac.call("alice", "secret");
        scenario.pass(5);
        assertNothingLeft();
        assertThat(line.ended).isNotNull();
        assertThat(line.ended.errorCode()).isEqualTo(ErrorCode.NO_RESOURCES);
    }

    @Test
    void aPoolThatRunsDryRefusesAndCounts() {
        Profile tiny = Profile.empty().toBuilder().pool("tiny").build();
        scenario.aaa.user("bob", "b", tiny);
        scenario.aaa.user("carol", "c", tiny);
        ScriptedLac lac = scenario.openLac();
        lac.call("bob", "b");
        scenario.pass(2);
        Subscriber second = lac.call("carol", "c");
        scenario.pass(5);
        assertThat(only().user()).isEqualTo("bob");
        assertThat(second.ended).isNotNull();
        assertThat(second.ended.errorCode()).isEqualTo(ErrorCode.NO_RESOURCES);
        assertThat(scenario.counts.of("no-address")).isEqualTo(1);
    }

    @Test
    void aNewerLoginOfTheSameUserReplacesTheOlderAndKeepsItsFixedAddress() {
        scenario.aaa.user("alice", "secret", Profile.empty().toBuilder()
                .ipv4(IpAddresses.parseIpv4("203.0.113.7").orElseThrow()).build());
        ScriptedLac lac = scenario.openLac();
        Subscriber first = lac.call("alice", "secret");
        scenario.pass(2);
        Subscriber second = lac.call("alice", "secret");
        scenario.pass(2);
        assertThat(first.ended).isNotNull();
        assertThat(second.ipv4().local().getHostAddress()).isEqualTo("203.0.113.7");
        assertThat(only().state()).isEqualTo(SessionState.OPEN);
        assertThat(scenario.kernel.installed).containsExactly(IpPrefix.parse("203.0.113.7/32"));
    }

    @Test
    void moreCallsThanTheLacMayHaveAreRefused() {
        ScriptedLac lac = scenario.openLac();
        for (int i = 0; i < 3; i++) {
            scenario.aaa.user("u" + i, "p", Profile.empty());
            lac.call("u" + i, "p");
        }
        scenario.pass(2);
        Subscriber fourth = lac.call("alice", "secret");
        scenario.pass(2);
        assertThat(scenario.table.all()).hasSize(3);
        assertThat(fourth.ended).isNotNull();
        assertThat(scenario.counts.of("call-refused-peer-limit")).isEqualTo(1);
    }

    @Test
    void drainingRefusesNewCallsAndKeepsTheOthers() {
        ScriptedLac lac = scenario.openLac();
        lac.call("alice", "secret");
        scenario.pass(2);
        scenario.sessions.drain(true);
        Subscriber late = lac.call("bob", "b");
        scenario.pass(2);
        assertThat(late.ended).isNotNull();
        assertThat(late.ended.errorCode()).isEqualTo(ErrorCode.TRY_ANOTHER);
        assertThat(only().state()).isEqualTo(SessionState.OPEN);
    }

    @Test
    void theSessionTimeoutEndsTheSession() {
        scenario.aaa.user("alice", "secret",
                Profile.empty().toBuilder().sessionTimeout(Duration.ofSeconds(60)).build());
        ScriptedLac lac = scenario.openLac();
        lac.call("alice", "secret");
        scenario.pass(50);
        assertThat(only().state()).isEqualTo(SessionState.OPEN);
        scenario.pass(20);
        assertNothingLeft();
        assertThat(scenario.aaa.accounts).last().isEqualTo("stop alice SESSION_TIMEOUT 0/0");
    }

    @Test
    void trafficPutsTheIdleTimeoutOff() {
        scenario.aaa.user("alice", "secret",
                Profile.empty().toBuilder().idleTimeout(Duration.ofSeconds(30)).build());
        ScriptedLac lac = scenario.openLac();
        lac.call("alice", "secret");
        scenario.pass(20);
        scenario.forwarding.rows.values().forEach(row -> row.counters.lastInNs = scenario.loop.nowNs());
        scenario.pass(20);
        assertThat(only().state()).isEqualTo(SessionState.OPEN);
        scenario.pass(20);
        assertNothingLeft();
        assertThat(scenario.aaa.accounts).last().isEqualTo("stop alice IDLE_TIMEOUT 0/0");
    }

    // RFC 2865 section 5.28 leaves open what idle is
    @Test
    void onlyTheConfiguredSideKeepsASessionFromBeingIdle() {
        Scenario own = new Scenario(
                Scenario.CONFIGURATION + "[ppp]\nidle-timeout = \"30s\"\nidle-counts = \"in\"\n");
        own.openLac().call("alice", "secret");
        own.pass(20);
        own.forwarding.rows.values().forEach(row -> row.counters.lastInNs = own.loop.nowNs());
        own.pass(20);
        own.forwarding.rows.values().forEach(row -> row.counters.lastOutNs = own.loop.nowNs());
        assertThat(own.table.all()).hasSize(1);
        own.pass(20);
        assertThat(own.table.all()).as("packets to the subscriber do not count").isEmpty();
    }

    @Test
    void aLacThatFallsSilentLosesItsSessions() {
        ScriptedLac lac = scenario.openLac();
        lac.call("alice", "secret");
        scenario.pass(2);
        lac.silent = true;
        scenario.pass(200);
        assertNothingLeft();
        assertThat(scenario.tunnels.all()).isEmpty();
    }

    @Test
    void whenTheLacStopsTheTunnelItsSessionsEnd() { // RFC 2661 section 5.7
        ScriptedLac lac = scenario.openLac();
        lac.call("alice", "secret");
        scenario.pass(2);
        lac.close();
        scenario.pass(2);
        assertNothingLeft();
        scenario.pass(60);
        assertThat(scenario.tunnels.all()).isEmpty();
        assertThat(scenario.deadlines.size()).isLessThanOrEqualTo(1);
    }
}

package org.lnsd.lac;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.daemon.loop.VirtualLoop;
import org.lnsd.l2tp.avp.Octets;
import org.lnsd.l2tp.avp.Secret;
import org.lnsd.l2tp.tunnel.TunnelSettings;
import org.lnsd.ppp.auth.AuthenticationProtocol;
import org.lnsd.ppp.link.LinkSettings;

/** The emulator against an LNS made of the same machines, on a virtual clock. */
class EmulatorTest {

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final String SECRET = "of the tunnel";

    private final VirtualLoop loop = new VirtualLoop();
    private final TestPlan test = TestPlan.with();
    private LinkSettings.Builder lnsLink = LinkSettings.server().authentication(
            List.of(AuthenticationProtocol.CHAP_MD5, AuthenticationProtocol.PAP, AuthenticationProtocol.MSCHAPV2));
    private TunnelSettings lnsTunnel = TunnelSettings.builder("lns").secret(Secret.of(SECRET), true).build();
    private String lnsPassword = "password";
    private double loss;
    private boolean settled;
    private boolean done;

    @Test
    void bringsEverySubscriberUpAndHangsUpPolitely() {
        test.tunnels.tunnels = 3;
        test.tunnels.secret = SECRET;
        test.tunnels.challenge = true;
        test.subscribers.sessions = 30;
        TestLns lns = new TestLns(loop, 1, loss, lnsTunnel, lnsLink.build(), lnsPassword);
        Emulator emulator = start(lns, 1);
        loop.advance(5 * SECOND_NS);
        assertThat(settled).isTrue();
        LacReport report = emulator.report();
        assertThat(report.failures()).isEmpty();
        assertThat(report.complete()).isTrue();
        assertThat(report.setUp().max()).as("no frame was lost, so no timer was waited for").isZero();
        assertThat(report.subscribers()).extracting(LacReport.SubscriberLine::ipv4).doesNotHaveDuplicates()
                .allMatch(text -> text.startsWith("100.64."));
        assertThat(lns.attached).hasSize(30);
        emulator.stop(loop.nowNs());
        loop.advance(5 * SECOND_NS);
        assertThat(done).isTrue();
        assertThat(lns.tunnelsClosed).isEqualTo(3);
        assertThat(lns.ended).hasSize(30);
        assertThat(lns.openRows()).isZero();
    }

    @ParameterizedTest
    @EnumSource(SubscriberOptions.AuthenticationChoice.class)
    void answersWhateverAuthenticationItIsWillingToUse(SubscriberOptions.AuthenticationChoice choice) {
        test.tunnels.secret = SECRET;
        test.subscribers.authentication = choice;
        TestLns lns = new TestLns(loop, 2, loss, lnsTunnel, lnsLink.build(), lnsPassword);
        Emulator emulator = start(lns, 2);
        loop.advance(5 * SECOND_NS);
        assertThat(emulator.report().failures()).isEmpty();
        assertThat(emulator.report().sessionsOpen()).isEqualTo(1);
    }

    @Test
    void aWrongPasswordIsReportedWithItsCause() {
        test.tunnels.secret = SECRET;
        test.subscribers.password = "wrong";
        Emulator emulator = start(new TestLns(loop, 3, loss, lnsTunnel, lnsLink.build(), lnsPassword), 3);
        loop.advance(20 * SECOND_NS);
        LacReport report = emulator.report();
        assertThat(settled).isTrue();
        assertThat(report.complete()).isFalse();
        assertThat(report.failures()).hasSize(1);
        assertThat(report.subscribers().getFirst().state()).isEqualTo("failed");
    }

    @Test
    void aWrongTunnelSecretFailsEverySubscriber() {
        test.tunnels.secret = "not it";
        test.subscribers.sessions = 5;
        Emulator emulator = start(new TestLns(loop, 4, loss, lnsTunnel, lnsLink.build(), lnsPassword), 4);
        loop.advance(60 * SECOND_NS);
        assertThat(settled).isTrue();
        assertThat(emulator.report().tunnelsOpened()).isZero();
        assertThat(emulator.report().sessionsOpen()).isZero();
        assertThat(emulator.report().failures().keySet()).anyMatch(cause -> cause.startsWith("StopCCN result 4"));
    }

    @Test
    void anLnsThatDoesNotAnswerIsGivenUp() {
        loss = 1;
        Emulator emulator = start(new TestLns(loop, 5, loss, lnsTunnel, lnsLink.build(), lnsPassword), 5);
        loop.advance(120 * SECOND_NS);
        assertThat(settled).isTrue();
        assertThat(emulator.report().failures()).containsKey("tunnel: no answer from the LNS");
    }

    @Test
    void passesWhatItNegotiatedOnAsProxyAvps() { // RFC 2661 section 4.4.5
        test.tunnels.secret = SECRET;
        test.subscribers.proxy = true;
        test.subscribers.proxyMruLie = 1400;
        test.subscribers.circuit = "ADSL 1/2/%d";
        TestLns lns = new TestLns(loop, 6, loss, lnsTunnel, lnsLink.build(), lnsPassword);
        Emulator emulator = start(lns, 6);
        loop.advance(10 * SECOND_NS);
        var parameters = lns.calls.getFirst();
        assertThat(parameters.proxyLcp().initialReceived()).isPresent();
        assertThat(parameters.proxyLcp().lastSent()).isPresent();
        assertThat(parameters.proxyLcp().lastReceived().orElseThrow().toString()).contains("01040578");
        assertThat(parameters.proxyAuthentication().orElseThrow().name()).isEqualTo("user1@example.net");
        assertThat(parameters.accessLine().agentCircuitId()).contains(Octets.ofText("ADSL 1/2/1"));
        assertThat(emulator.report().sessionsOpen()).isEqualTo(1); // the LNS of this test ignores the AVPs: LCP is negotiated again
    }

    @Test
    void noticesThatTheLnsHangsUp() {
        test.tunnels.secret = SECRET;
        test.subscribers.sessions = 2;
        TestLns lns = new TestLns(loop, 7, loss, lnsTunnel, lnsLink.build(), lnsPassword);
        Emulator emulator = start(lns, 7);
        loop.advance(5 * SECOND_NS);
        lns.hangUpFirst();
        loop.advance(10 * SECOND_NS);
        assertThat(emulator.report().sessionsLost()).isEqualTo(1);
        assertThat(emulator.report().sessionsOpen()).isEqualTo(1);
    }

    @Test
    void churnKeepsTheNumberOfSubscribers() {
        test.tunnels.secret = SECRET;
        test.subscribers.sessions = 20;
        test.load.churnPerSecond = 5;
        Emulator emulator = start(new TestLns(loop, 8, loss, lnsTunnel, lnsLink.build(), lnsPassword), 8);
        loop.advance(20 * SECOND_NS);
        LacReport report = emulator.report();
        assertThat(report.setUps()).isGreaterThan(80);
        assertThat(report.sessionsOpen()).isGreaterThan(15);
        assertThat(report.failures()).isEmpty();
        emulator.stop(loop.nowNs());
        loop.advance(8 * SECOND_NS);
        assertThat(done).isTrue();
    }

    @Test
    void comesUpOverALineThatLosesMessages() {
        loss = 0.05;
        test.tunnels.secret = SECRET;
        test.subscribers.sessions = 50;
        test.load.timeoutSeconds = 120;
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        TestLns lns = new TestLns(loop, seed, loss, lnsTunnel, lnsLink.build(), lnsPassword);
        Emulator emulator = start(lns, seed);
        loop.advance(300 * SECOND_NS);
        assertThat(emulator.report().sessionsOpen()).isGreaterThanOrEqualTo(48);
        emulator.stop(loop.nowNs());
        loop.advance(10 * SECOND_NS);
        assertThat(done).isTrue();
    }

    private Emulator start(TestLns lns, long seed) {
        Emulator emulator = test.emulator(loop, new Random(seed), new EmulatorListener() {
            @Override
            public void onSettled() { settled = true; }

            @Override
            public void onDone() { done = true; }
        });
        lns.serve(emulator);
        emulator.start(lns, TestPlan.LAC, DeviceAddresses.NONE);
        loop.runTasks();
        return emulator;
    }
}

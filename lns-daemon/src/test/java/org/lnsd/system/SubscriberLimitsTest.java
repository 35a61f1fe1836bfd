package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.ipv4;
import static org.lnsd.system.subscriber.Octets.u32;
import static org.lnsd.system.subscriber.ScriptSubscriber.AUTH_CHAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.AUTH_MSCHAPV2;
import static org.lnsd.system.subscriber.ScriptSubscriber.CHAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.LCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.PAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.REQUEST;
import static org.lnsd.system.subscriber.ScriptSubscriber.option;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.ScriptCall;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** Time limits, policies about logins, and pools that run dry: each test with a configuration of its own, taken over while the daemon runs. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberLimitsTest {
    private static final String USER = "alice@example.net";
    private static final String OTHER = "bob@example.net";
    private static final String THIRD = "carol@example.net";
    private static final String FOURTH = "dave@example.net";
    private static final String PASSWORD = SubscriberSite.PASSWORD;
    private static final String USERS = SubscriberSite.user(USER, "") + SubscriberSite.user(OTHER, "")
            + SubscriberSite.user(THIRD, "") + SubscriberSite.user(FOURTH, "");

    private SubscriberSite site;

    @BeforeAll
    void start() {
        site = new SubscriberSite(new AtomicInteger(), "subscriber-limits", SubscriberSite.configuration("", USERS));
    }

    @AfterAll
    void stop() { site.close(); }

    private void ppp(String lines) {
        String text = SubscriberSite.configuration(lines, USERS);
        site.reconfigure(lines.contains("restart-timer") ? text.replaceFirst("restart-timer = \"1s\"", "") : text);
    }

    private ScriptSubscriber open(String user) { return site.subscriber().open(user, PASSWORD); }

    /** Acknowledges our Terminate-Request and returns the CDN. */
    private static ScriptCall.Disconnect end(ScriptSubscriber subscriber) {
        Frame terminate = subscriber.call.expect("Terminate-Request", f -> f.is(LCP, 5));
        subscriber.call.packet(LCP, 6, terminate.id());
        return subscriber.call.awaitDisconnect();
    }

    // ---- two sessions of one user -------------------------------------------------------------------------------------

    @Test
    void newestLoginReplacesTheOlder() {
        ppp("authentication = [\"pap\"]");
        ScriptSubscriber older = open(USER);
        ScriptSubscriber newer = open(USER);
        older.call.expect(LCP, 5);
        ScriptCall.Disconnect cause = older.call.awaitDisconnect();
        assertThat(cause.text()).contains("newer login");
        assertThat(cause.pppCode()).isEqualTo(1);
        site.awaitShown(newer.call, "state", "open");
        newer.terminate();
        newer.call.awaitDisconnect();
    }

    @Test
    void secondLoginIsRefused() {
        ppp("authentication = [\"pap\"]\nduplicate-logins = \"refuse\"");
        ScriptSubscriber older = open(FOURTH);
        ScriptSubscriber newer = site.subscriber();
        newer.lcp();
        newer.call.packet(PAP, 1, 9, newer.papRequest(FOURTH, PASSWORD));
        newer.call.expect(PAP, 3, 9);
        assertThat(end(newer).text()).contains("logged in already");
        site.awaitShown(older.call, "state", "open");
        older.terminate();
        older.call.awaitDisconnect();
        open(FOURTH).terminate();
    }

    @Test
    void manyLoginsAreAllowed() {
        ppp("authentication = [\"pap\"]\nduplicate-logins = \"allow\"");
        ScriptSubscriber one = open(USER);
        ScriptSubscriber two = open(USER);
        site.awaitShown(one.call, "state", "open");
        site.awaitShown(two.call, "state", "open");
        assertThat(one.address()).isNotEqualTo(two.address());
        one.terminate();
        two.terminate();
    }

    // ---- pools --------------------------------------------------------------------------------------------------------

    @Test
    void dryPoolRefusesCleanlyAndServesAgain() {
        site.reconfigure(SubscriberSite.configuration("authentication = [\"pap\"]\nipv6 = false", USERS)
                .replace("100.64.0.0/24", "100.64.9.0/31"));
        ScriptSubscriber one = open(USER);
        ScriptSubscriber two = open(OTHER);
        assertThat(one.address()).isNotEqualTo(two.address()).startsWith("100.64.9.");
        ScriptSubscriber three = site.subscriber();
        three.lcp();
        three.call.packet(PAP, 1, 9, three.papRequest(THIRD, PASSWORD));
        three.call.expect(PAP, 3, 9);
        ScriptCall.Disconnect refused = end(three);
        assertThat(refused.result()).isEqualTo(2);
        assertThat(refused.error()).isEqualTo(4);
        assertThat(refused.pppCode()).isEqualTo(20);
        assertThat(refused.text()).contains("default");
        assertThat(site.lnsd().control("--json", "show", "counters").output()).contains("no-address");
        two.terminate();
        two.call.awaitDisconnect();
        assertThat(open(THIRD).address()).isEqualTo(two.address());
    }

    // ---- time ---------------------------------------------------------------------------------------------------------

    @Test
    void sessionTimeoutEndsTheSession() {
        ppp("authentication = [\"pap\"]\nsession-timeout = \"2s\"");
        ScriptSubscriber subscriber = open(USER);
        ScriptCall.Disconnect cause = end(subscriber);
        assertThat(cause.text()).contains("session timeout");
        assertThat(cause.pppCode()).isEqualTo(3);
        assertThat(cause.pppDirection()).isEqualTo(2);
    }

    @Test
    void idleTimeoutEndsTheSession() {
        ppp("authentication = [\"pap\"]\nidle-timeout = \"2s\"");
        ScriptSubscriber subscriber = open(USER);
        assertThat(end(subscriber).text()).contains("idle timeout");
    }

    // LCP echoes are no traffic of the subscriber's, but packets are
    @Test
    void trafficKeepsAnIdleSessionUp() throws InterruptedException {
        ppp("authentication = [\"pap\"]\nidle-timeout = \"2s\"");
        ScriptSubscriber subscriber = open(USER);
        for (int i = 0; i < 16; i++) {
            subscriber.ipv4(
                    org.lnsd.system.subscriber.Packets.ping(subscriber.address(), "100.64.0.1", 64, i, new byte[8]));
            new java.util.concurrent.CountDownLatch(1).await(250, TimeUnit.MILLISECONDS);
        }
        assertThat(subscriber.call.isUp()).isTrue();
    }

    @Test
    void subscriberThatDoesNotAuthenticateIsHungUp() {
        ppp("authentication = [\"pap\"]\nauthentication-timeout = \"2s\"");
        ScriptSubscriber subscriber = site.subscriber();
        subscriber.lcp();
        ScriptCall.Disconnect cause = end(subscriber);
        assertThat(cause.pppCode()).isEqualTo(13);
    }

    @Test
    void subscriberThatNeverSpeaksIsHungUp() {
        ppp("restart-timer = \"200ms\"\nmaximum-configure = 5");
        ScriptCall call = site.subscriber().call;
        ScriptCall.Disconnect cause = call.awaitDisconnect(15000);
        assertThat(cause.pppCode()).isEqualTo(6);
        assertThat(call.conversation().lines().filter(line -> line.startsWith("< c021 01"))).hasSize(5);
    }

    // RFC 1661 section 5.8
    @Test
    void deadSubscriberIsFoundByEchoes() {
        ppp("authentication = [\"pap\"]\necho = { interval = \"1s\", failures = 3 }");
        ScriptSubscriber subscriber = open(USER);
        subscriber.call.answersEchoes(false);
        ScriptCall.Disconnect cause = subscriber.call.awaitDisconnect(20000);
        assertThat(cause.result()).isEqualTo(1);
        assertThat(cause.pppCode()).isEqualTo(8);
    }

    @Test
    void livingSubscriberIsKept() throws InterruptedException {
        ppp("authentication = [\"pap\"]\necho = { interval = \"300ms\", failures = 2 }");
        ScriptSubscriber subscriber = open(USER);
        new java.util.concurrent.CountDownLatch(1).await(2500, TimeUnit.MILLISECONDS);
        assertThat(subscriber.call.isUp()).isTrue();
        Frame echo = subscriber.call.expect(LCP, 9);
        assertThat(echo.body()).startsWith(subscriber.lnsOption(5).orElseThrow());
    }

    // ---- which authentication -----------------------------------------------------------------------------------------

    @Test
    void onlyWhatIsConfiguredIsAgreed() {
        ppp("authentication = [\"mschapv2\"]");
        ScriptSubscriber subscriber = site.subscriber().wants(AUTH_CHAP);
        Frame wish = subscriber.call.expect(LCP, REQUEST);
        assertThat(wish.option(3)).isEqualTo(AUTH_MSCHAPV2);
        subscriber.call.packet(LCP, 3, wish.id(), (Object) option(3, AUTH_CHAP));
        Frame terminate = subscriber.call.expect(LCP, 5);
        subscriber.call.packet(LCP, 6, terminate.id());
        ScriptCall.Disconnect cause = subscriber.call.awaitDisconnect();
        assertThat(cause.pppCode()).isEqualTo(15);
    }

    @Test
    void ipv6IsRejectedWhereItIsOff() {
        ppp("authentication = [\"pap\"]\nipv6 = false");
        ScriptSubscriber subscriber = site.subscriber().authenticated(USER, PASSWORD);
        subscriber.call.packet(0x8057, REQUEST, 1, option(1, new byte[]{0, 0, 0, 0, 0, 0, 0, 7}));
        assertThat(subscriber.call.expect(LCP, 8).body()).startsWith((byte) 0x80, (byte) 0x57);
        subscriber.ipcp();
        assertThat(site.show(subscriber.call).get("ipv6-prefix")).isEqualTo("null");
    }

    @Test
    void largerMruIsOfferedWhereConfigured() {
        ppp("authentication = [\"pap\"]\nmru = 4000");
        assertThat(site.subscriber().call.expect(LCP, REQUEST).option(1))
                .isEqualTo(org.lnsd.system.subscriber.Octets.u16(4000));
    }

    // contract: proxy = renegotiate
    @Test
    void proxiedNegotiationIsLeftAloneWhereConfigured() {
        ppp("authentication = [\"chap\"]\nproxy = \"renegotiate\"");
        byte[] peers = org.lnsd.system.subscriber.Octets.of(ScriptSubscriber.mru(1492), option(5, u32(0x11223344L)));
        byte[] ours = org.lnsd.system.subscriber.Octets.of(ScriptSubscriber.mru(1492), option(3, AUTH_CHAP),
                option(5, u32(5)));
        ScriptSubscriber subscriber = site.subscriber(org.lnsd.system.subscriber.ScriptTunnel.avp(26, peers),
                org.lnsd.system.subscriber.ScriptTunnel.avp(27, ours),
                org.lnsd.system.subscriber.ScriptTunnel.avp(28, peers));
        subscriber.wants(AUTH_CHAP).lcp();
        assertThat(subscriber.chap(USER, PASSWORD).code()).isEqualTo(3);
        assertThat(CHAP).isEqualTo(0xc223);
    }

    // Nothing leaks: after all of it the daemon holds no session of a call that has ended
    @Test
    void hangingUpInEveryPhaseLeavesNothing() {
        ppp("authentication = [\"pap\"]");
        ScriptSubscriber nothing = site.subscriber();
        ScriptSubscriber lcp = site.subscriber();
        lcp.lcp();
        ScriptSubscriber authenticated = site.subscriber().authenticated(USER, PASSWORD);
        ScriptSubscriber ipcp = site.subscriber().authenticated(OTHER, PASSWORD);
        ipcp.request(IPCP, option(3, ipv4("1.2.3.4")));
        ScriptSubscriber open = open(THIRD);
        for (ScriptSubscriber subscriber : new ScriptSubscriber[]{nothing, lcp, authenticated, ipcp, open}) {
            subscriber.call.hangUp();
        }
        Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> site.lnsd().sessions().stream()
                .noneMatch(s -> java.util.stream.Stream.of(nothing, lcp, authenticated, ipcp, open)
                        .anyMatch(x -> s.get("session-id").equals((long) x.call.peerSessionId()))));
    }
}

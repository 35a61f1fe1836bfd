package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.hex;
import static org.lnsd.system.subscriber.Octets.u16;
import static org.lnsd.system.subscriber.Octets.u32;
import static org.lnsd.system.subscriber.ScriptSubscriber.AUTH_CHAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.AUTH_MSCHAPV2;
import static org.lnsd.system.subscriber.ScriptSubscriber.AUTH_PAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.CHAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.LCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.PAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.mru;
import static org.lnsd.system.subscriber.ScriptSubscriber.option;
import static org.lnsd.system.subscriber.ScriptTunnel.avp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.ppp.auth.MsChapV2;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.ScriptCall;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** PAP, CHAP, MS-CHAPv2 (RFC 1334, 1994, 2759) and the LAC's proxied negotiation (RFC 2661 section 4.4.5), by octets. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberAuthenticationTest {
    private static final String USER = "alice@example.net";
    private static final String PASSWORD = SubscriberSite.PASSWORD;

    private SubscriberSite site;

    @BeforeAll
    void start() {
        site = new SubscriberSite(new AtomicInteger(), "subscriber-auth",
                SubscriberSite.configuration(
                        "duplicate-logins = \"allow\"\nauthentication = [\"chap\", \"pap\", \"mschapv2\"]",
                        SubscriberSite.user(USER, "")));
    }

    @AfterAll
    void stop() { site.close(); }

    private ScriptSubscriber by(byte[] authentication) { return site.subscriber().wants(authentication); }

    // ---- PAP ----------------------------------------------------------------------------------------------------------

    @Test
    void papAckHasTheIdentifierAndACountedMessage() {
        ScriptSubscriber subscriber = by(AUTH_PAP);
        subscriber.lcp();
        subscriber.call.packet(PAP, 1, 200, subscriber.papRequest(USER, PASSWORD));
        byte[] body = subscriber.call.expect(PAP, 2, 200).body();
        assertThat(body.length).isEqualTo(1 + Octets.u8(body, 0));
    }

    @ParameterizedTest
    @CsvSource({"alice@example.net, wrong", "nobody@example.net, open sesame", "'', ''", "alice@example.net, ''",
            "alice@example.net, open sesame and more", "ALICE@EXAMPLE.NET, x"})
    void wrongPapIsNakedThenTerminatedThenHungUp(String user, String password) {
        ScriptSubscriber subscriber = by(AUTH_PAP);
        subscriber.lcp();
        subscriber.call.packet(PAP, 1, 7, subscriber.papRequest(user, password));
        byte[] body = subscriber.call.expect(PAP, 3, 7).body();
        assertThat(body.length).isEqualTo(1 + Octets.u8(body, 0));
        Frame terminate = subscriber.call.expect(LCP, 5);
        subscriber.call.packet(LCP, 6, terminate.id());
        ScriptCall.Disconnect end = subscriber.call.awaitDisconnect();
        assertThat(end.pppCode()).isEqualTo(16);
        assertThat(end.result()).isEqualTo(3);
    }

    // RFC 1334 section 2.2.1: our Ack may have been lost
    @Test
    void papRepeatedAfterSuccessIsAcknowledgedAgain() {
        ScriptSubscriber subscriber = by(AUTH_PAP).authenticated(USER, PASSWORD);
        subscriber.pap(USER, PASSWORD);
        subscriber.ipcp();
        subscriber.pap(USER, PASSWORD);
        assertThat(subscriber.call.isUp()).isTrue();
        site.awaitShown(subscriber.call, "state", "open");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ff", "05616263", "00", "0361626305ab", "ff616263036465"})
    void papThatLiesAboutItsLengthsIsNotAnswered(String body) {
        ScriptSubscriber subscriber = by(AUTH_PAP);
        subscriber.lcp();
        subscriber.call.packet(PAP, 1, 8, hex(body));
        subscriber.call.silence("answer", 250, f -> f.protocol() == PAP);
        subscriber.pap(USER, PASSWORD);
    }

    @Test
    void papBeforeLcpIsOpenIsDropped() {
        ScriptSubscriber subscriber = by(AUTH_PAP);
        subscriber.call.packet(PAP, 1, 8, subscriber.papRequest(USER, PASSWORD));
        subscriber.call.silence("answer", 250, f -> f.protocol() == PAP);
        subscriber.authenticated(USER, PASSWORD);
    }

    @Test
    void papIsNotTakenWhenChapWasAgreed() {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        subscriber.call.packet(PAP, 1, 8, subscriber.papRequest(USER, PASSWORD));
        subscriber.call.silence("answer", 300, f -> f.protocol() == PAP);
        subscriber.authenticate(USER, PASSWORD);
    }

    // ---- nothing but authentication before success (RFC 1661 section 3.5) ---------------------------------------------------

    @Test
    void networkProtocolsAndDataAreDroppedBeforeAuthentication() {
        ScriptSubscriber subscriber = by(AUTH_PAP);
        subscriber.lcp();
        subscriber.call.packet(IPCP, 1, 9, option(3, u32(0)));
        subscriber.call.packet(0x8057, 1, 10, option(1, hex("0000000000000001")));
        subscriber.call.packet(0x80fd, 1, 11);
        subscriber.ipv4(org.lnsd.system.subscriber.Packets.ping("100.64.0.9", "100.64.0.1", 64, 1, new byte[8]));
        subscriber.call.silence("anything", 400, f -> true);
        subscriber.pap(USER, PASSWORD);
        subscriber.ipcp();
    }

    // ---- CHAP ---------------------------------------------------------------------------------------------------------

    @Test
    void challengeIsLongNamedAndRandom() {
        ScriptSubscriber one = by(AUTH_CHAP);
        one.lcp();
        Frame challenge = one.call.expect(CHAP, 1);
        assertThat(ScriptSubscriber.challengeValue(challenge).length).isBetween(16, 64);
        assertThat(new String(challenge.body(), 17, challenge.body().length - 17, StandardCharsets.US_ASCII))
                .isEqualTo("lns.test");
        ScriptSubscriber other = by(AUTH_CHAP);
        other.lcp();
        assertThat(ScriptSubscriber.challengeValue(other.call.expect(CHAP, 1)))
                .isNotEqualTo(ScriptSubscriber.challengeValue(challenge));
    }

    @Test
    void chapSucceeds() {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        assertThat(subscriber.chap(USER, PASSWORD).code()).isEqualTo(3);
        subscriber.ipcp();
        site.awaitShown(subscriber.call, "authentication", "chap");
    }

    @Test
    void wrongChapFailsThenTerminatesThenHangsUp() {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        assertThat(subscriber.chap(USER, "wrong").code()).isEqualTo(4);
        subscriber.call.packet(LCP, 6, subscriber.call.expect(LCP, 5).id());
        assertThat(subscriber.call.awaitDisconnect().pppCode()).isEqualTo(16);
    }

    // RFC 1994 section 4: the value may not be reflected, the identifier must be that of the challenge
    @Test
    void responseWithAnotherIdentifierIsDropped() {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        Frame challenge = subscriber.call.expect(CHAP, 1);
        int other = challenge.id() + 1 & 0xff;
        byte[] value = ScriptSubscriber.chapValue(other, PASSWORD, ScriptSubscriber.challengeValue(challenge));
        subscriber.call.packet(CHAP, 2, other, 16, value, USER);
        subscriber.call.silence("verdict", 300, f -> f.is(CHAP, 3) || f.is(CHAP, 4));
        subscriber.chapResponse(challenge, USER, PASSWORD);
        subscriber.call.expect(CHAP, 3, challenge.id());
    }

    @Test
    void repeatedResponseGetsTheSameVerdictAgain() {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        Frame challenge = subscriber.call.expect(CHAP, 1);
        subscriber.chapResponse(challenge, USER, PASSWORD);
        subscriber.call.expect(CHAP, 3, challenge.id());
        subscriber.chapResponse(challenge, USER, PASSWORD);
        subscriber.call.expect(CHAP, 3, challenge.id());
        subscriber.ipcp();
        subscriber.chapResponse(challenge, USER, PASSWORD);
        subscriber.call.expect(CHAP, 3, challenge.id());
    }

    @ParameterizedTest
    @CsvSource({"''", "10", "ff00", "1000112233", "00"})
    void malformedResponseIsNeverASuccess(String body) {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        Frame challenge = subscriber.call.expect(CHAP, 1);
        subscriber.call.packet(CHAP, 2, challenge.id(), hex(body));
        subscriber.call.silence("success", 300, f -> f.is(CHAP, 3));
    }

    @Test
    void challengeIsRepeated() {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        subscriber.call.expect(CHAP, 1);
        Frame again = subscriber.call.expect(CHAP, 1);
        subscriber.chapResponse(again, USER, PASSWORD);
        subscriber.call.expect(CHAP, 3, again.id());
    }

    // A response to the first challenge that crosses the second one is still an answer, or a new challenge follows
    @Test
    void lateResponseDoesNotLockTheSubscriberOut() {
        ScriptSubscriber subscriber = by(AUTH_CHAP);
        subscriber.lcp();
        Frame first = subscriber.call.expect(CHAP, 1);
        Frame second = subscriber.call.expect(CHAP, 1);
        subscriber.chapResponse(first, USER, PASSWORD);
        subscriber.chapResponse(second, USER, PASSWORD);
        subscriber.call.expect("success", f -> f.is(CHAP, 3));
        subscriber.ipcp();
    }

    // ---- MS-CHAPv2 ----------------------------------------------------------------------------------------------------

    private static byte[] msChapValue(Frame challenge, String user, String password) {
        byte[] peerChallenge = hex("000102030405060708090a0b0c0d0e0f");
        byte[] response = MsChapV2.ntResponse(ScriptSubscriber.challengeValue(challenge), peerChallenge, user,
                password);
        return Octets.of(peerChallenge, new byte[8], response, 0);
    }

    private record Exchange(Frame challenge, byte[] value, Frame verdict) {
        String message() { return new String(verdict.body(), StandardCharsets.US_ASCII); }
    }

    /** Answers challenges until there is a verdict: only the latest one counts, and a slow machine may be late for the first. */
    private static Exchange msChapV2(ScriptSubscriber subscriber, String password) {
        Frame challenge = subscriber.call.expect(CHAP, 1);
        while (true) {
            int id = challenge.id();
            byte[] value = msChapValue(challenge, USER, password);
            subscriber.call.packet(CHAP, 2, id, 49, value, USER);
            Frame next = subscriber.call.expect("a verdict or another challenge", f -> f.is(CHAP, 1)
                    || (f.is(CHAP, 3) || f.is(CHAP, 4)) && f.id() == id);
            if (next.code() != 1) {
                return new Exchange(challenge, value, next);
            }
            challenge = next;
        }
    }

    @Test
    void msChapV2SuccessProvesThatWeKnowThePassword() {
        ScriptSubscriber subscriber = by(AUTH_MSCHAPV2);
        subscriber.lcp();
        Exchange exchange = msChapV2(subscriber, PASSWORD);
        assertThat(exchange.verdict().code()).isEqualTo(3);
        assertThat(exchange.message()).startsWith(MsChapV2.authenticatorResponse(PASSWORD,
                Arrays.copyOfRange(exchange.value(), 24, 48), Arrays.copyOf(exchange.value(), 16),
                ScriptSubscriber.challengeValue(exchange.challenge()), USER));
        assertThat(exchange.message()).matches("S=[0-9A-F]{40}( M=.*)?");
        subscriber.ipcp();
        site.awaitShown(subscriber.call, "authentication", "mschapv2");
    }

    @Test
    void wrongMsChapV2FailsWithError691() {
        ScriptSubscriber subscriber = by(AUTH_MSCHAPV2);
        subscriber.lcp();
        Exchange exchange = msChapV2(subscriber, "wrong");
        assertThat(exchange.verdict().code()).isEqualTo(4);
        assertThat(exchange.message()).matches("E=691 R=0 C=[0-9A-F]{32} V=3 M=.*");
        assertThat(subscriber.call.awaitDisconnect(12000).pppCode()).isEqualTo(16);
    }

    @Test
    void chapResponseOfThe16OctetKindIsNoMsChapV2() {
        ScriptSubscriber subscriber = by(AUTH_MSCHAPV2);
        subscriber.lcp();
        Frame challenge = subscriber.call.expect(CHAP, 1);
        subscriber.chapResponse(challenge, USER, PASSWORD);
        subscriber.call.silence("success", 400, f -> f.is(CHAP, 3));
    }

    // ---- proxied by the LAC -------------------------------------------------------------------------------------------

    private static byte[] lac(byte[] authentication, int mru) {
        return Octets.of(mru(mru), option(3, authentication), option(5, hex("0badcafe")));
    }

    private static byte[] peer(int mru) { return Octets.of(mru(mru), option(5, u32(0x11223344L))); }

    private ScriptSubscriber proxied(byte[] ours, byte[] peers, byte[]... authentication) {
        byte[][] avps = Arrays.copyOf(new byte[][]{avp(26, peers), avp(27, ours), avp(28, peers)},
                3 + authentication.length);
        System.arraycopy(authentication, 0, avps, 3, authentication.length);
        return site.subscriber(avps);
    }

    private static byte[][] proxiedPap(String user, String password) {
        return new byte[][]{avp(29, u16(3)), avp(30, Octets.of(user)), avp(32, u16(1)), avp(33, Octets.of(password))};
    }

    private static byte[][] proxiedChap(int id, String user, String password) {
        byte[] challenge = hex("00112233445566778899aabbccddeeff");
        return new byte[][]{avp(29, u16(2)), avp(30, Octets.of(user)), avp(31, challenge), avp(32, u16(id)),
                avp(33, ScriptSubscriber.chapValue(id, password, challenge))};
    }

    @Test
    void proxiedLcpAndPapNeedNoExchange() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_PAP, 1492), peer(1492), proxiedPap(USER, PASSWORD));
        subscriber.call.expect(PAP, 2);
        subscriber.ipcp();
        site.awaitShown(subscriber.call, "state", "open");
        assertThat(site.show(subscriber.call).get("mru")).isEqualTo(1492L);
        assertThat(subscriber.call.conversation()).doesNotContain("< c021 01");
    }

    @Test
    void proxiedChapKeepsItsIdentifier() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_CHAP, 1492), peer(1492), proxiedChap(77, USER, PASSWORD));
        subscriber.call.expect(CHAP, 3, 77);
        subscriber.ipcp();
        assertThat(subscriber.call.conversation()).doesNotContain("< c021 01").doesNotContain("< c223 01");
    }

    @Test
    void proxiedSetUpTakesFewerMessages() {
        ScriptSubscriber proxied = proxied(lac(AUTH_CHAP, 1492), peer(1492), proxiedChap(81, USER, PASSWORD));
        proxied.call.expect(CHAP, 3, 81);
        proxied.ipcp();
        ScriptSubscriber usual = site.subscriber().wants(AUTH_CHAP).open(USER, PASSWORD);
        long withProxy = messages(proxied);
        long without = messages(usual);
        System.out.printf("set-up to IPv4: %d PPP messages with proxied LCP and CHAP, %d without%n", withProxy,
                without);
        assertThat(withProxy).isLessThanOrEqualTo(without - 6);
    }

    /** Echoes and IPv6 aside, which come when they come. */
    private static long messages(ScriptSubscriber subscriber) {
        return subscriber.call.conversation().lines().filter(line -> line.matches("[<>].*"))
                .filter(line -> !line.matches(".*(c021 ?0[9a]|8057).*")).count();
    }

    // The LAC's magic number is ours now
    @Test
    void proxiedMagicNumberIsUsedInEchoReplies() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_CHAP, 1492), peer(1492), proxiedChap(77, USER, PASSWORD));
        subscriber.call.expect(CHAP, 3, 77);
        subscriber.call.packet(LCP, 9, 12, u32(0x11223344L), "x");
        assertThat(subscriber.call.expect(LCP, 10, 12).body()).isEqualTo(Octets.of(hex("0badcafe"), "x"));
    }

    @Test
    void wrongProxiedChapIsRefused() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_CHAP, 1492), peer(1492), proxiedChap(78, USER, "wrong"));
        subscriber.call.expect(CHAP, 4, 78);
        subscriber.call.packet(LCP, 6, subscriber.call.expect(LCP, 5).id());
        assertThat(subscriber.call.awaitDisconnect().pppCode()).isEqualTo(16);
    }

    @Test
    void wrongProxiedPapIsRefused() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_PAP, 1492), peer(1492), proxiedPap(USER, "wrong"));
        subscriber.call.expect(PAP, 3);
        subscriber.call.packet(LCP, 6, subscriber.call.expect(LCP, 5).id());
        assertThat(subscriber.call.awaitDisconnect().pppCode()).isEqualTo(16);
    }

    // 21CN: the LAC agreed on an MRU that we never offered
    @Test
    void mruLieOfTheLacIsNegotiatedAgain() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_CHAP, 1700), peer(1492), proxiedChap(79, USER, PASSWORD));
        subscriber.wants(AUTH_CHAP).lcp();
        Frame challenge = subscriber.call.expect(CHAP, 1);
        assertThat(challenge.id()).isNotEqualTo(79);
        subscriber.chapResponse(challenge, USER, PASSWORD);
        subscriber.call.expect(CHAP, 3, challenge.id());
        subscriber.ipcp();
    }

    @Test
    void proxiedLcpWithoutAuthenticationIsAuthenticatedByUs() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_CHAP, 1492), peer(1492)).wants(AUTH_CHAP);
        assertThat(subscriber.chap(USER, PASSWORD).code()).isEqualTo(3);
        subscriber.ipcp();
        assertThat(subscriber.call.conversation()).doesNotContain("< c021 01");
    }

    // RFC 2661 section 4.4.5: Proxy Authen Type 4 is none
    @Test
    void proxiedLcpWithoutDemandIsNegotiatedAgain() {
        ScriptSubscriber subscriber = proxied(Octets.of(mru(1492), option(5, hex("0badcafe"))), peer(1492),
                avp(29, u16(4)));
        subscriber.open(USER, PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {26, 27, 28})
    void proxiedLcpInPartIsNegotiatedAgain(int only) {
        ScriptSubscriber subscriber = site.subscriber(avp(only, only == 27 ? lac(AUTH_CHAP, 1492) : peer(1492)));
        subscriber.wants(AUTH_CHAP).open(USER, PASSWORD);
    }

    @Test
    void proxiedAuthenticationWithoutLcpIsNegotiatedAgain() {
        ScriptSubscriber subscriber = site.subscriber(proxiedPap(USER, PASSWORD));
        subscriber.open(USER, PASSWORD);
    }

    @Test
    void garbageInProxyAvpsIsNegotiatedAgain() {
        ScriptSubscriber subscriber = site.subscriber(avp(26, hex("01")), avp(27, hex("ffffff")), avp(28, hex("0100")));
        subscriber.open(USER, PASSWORD);
    }

    @Test
    void modemThatBeginsAnewAfterTheProxyIsFollowed() {
        ScriptSubscriber subscriber = proxied(lac(AUTH_CHAP, 1492), peer(1492), proxiedChap(80, USER, PASSWORD));
        subscriber.call.expect(CHAP, 3, 80);
        int id = subscriber.nextId();
        subscriber.call.packet(LCP, 1, id, mru(1400), subscriber.magicOption());
        subscriber.call.expect(LCP, 2, id);
        subscriber.wants(AUTH_CHAP).answerLnsLcp();
        assertThat(subscriber.chap(USER, PASSWORD).code()).isEqualTo(3);
        subscriber.call.forget();
        subscriber.call.expect(IPCP, 1);
    }
}

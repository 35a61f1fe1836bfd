package org.lnsd.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lnsd.system.subscriber.Octets.hex;
import static org.lnsd.system.subscriber.Octets.u16;
import static org.lnsd.system.subscriber.Octets.u32;
import static org.lnsd.system.subscriber.ScriptSubscriber.ACK;
import static org.lnsd.system.subscriber.ScriptSubscriber.CHAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.IPCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.LCP;
import static org.lnsd.system.subscriber.ScriptSubscriber.NAK;
import static org.lnsd.system.subscriber.ScriptSubscriber.PAP;
import static org.lnsd.system.subscriber.ScriptSubscriber.REJECT;
import static org.lnsd.system.subscriber.ScriptSubscriber.REQUEST;
import static org.lnsd.system.subscriber.ScriptSubscriber.mru;
import static org.lnsd.system.subscriber.ScriptSubscriber.option;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lnsd.system.subscriber.Frame;
import org.lnsd.system.subscriber.Octets;
import org.lnsd.system.subscriber.ScriptCall;
import org.lnsd.system.subscriber.ScriptSubscriber;

/** LCP on the wire (RFC 1661, RFC 1570): every rule asked from outside, by octets. */
@Tag("system")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscriberLcpTest {
    private static final String USER = "alice@example.net";

    private SubscriberSite site;

    @BeforeAll
    void start() {
        site = new SubscriberSite(new AtomicInteger(), "subscriber-lcp", SubscriberSite.configuration(
                "duplicate-logins = \"allow\"\nauthentication = [\"chap\", \"pap\", \"mschapv2\"]",
                SubscriberSite.user(USER, "")));
    }

    @AfterAll
    void stop() { site.close(); }

    private ScriptSubscriber fresh() { return site.subscriber(); }

    private ScriptSubscriber open() {
        ScriptSubscriber subscriber = fresh().open(USER, SubscriberSite.PASSWORD);
        site.awaitRoute(subscriber.address());
        return subscriber;
    }

    // RFC 1661 section 6.1, 6.2, 6.4
    @Test
    void lnsAsksForMruAuthenticationAndMagic() {
        Frame wish = fresh().call.expect(LCP, REQUEST);
        assertThat(wish.addressControl()).isTrue();
        assertThat(wish.protocolBytes()).isEqualTo(2);
        assertThat(wish.option(1)).isEqualTo(u16(1500));
        assertThat(wish.option(3)).isEqualTo(ScriptSubscriber.AUTH_CHAP);
        assertThat(wish.option(5)).hasSize(4).isNotEqualTo(new byte[4]);
    }

    // RFC 1661 section 4.6
    @Test
    void lnsRepeatsItsRequestWithTheSameIdentifier() {
        ScriptCall call = fresh().call;
        Frame first = call.expect(LCP, REQUEST);
        Frame second = call.expect(LCP, REQUEST);
        assertThat(second.info()).isEqualTo(first.info());
    }

    // The first request is lost with xl2tpd: ours is repeated when the peer's arrives, not after the Restart timer.
    @Test
    void lostFirstRequestIsRepeatedAtOnce() throws InterruptedException {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.expect(LCP, REQUEST);
        new java.util.concurrent.CountDownLatch(1).await(150, java.util.concurrent.TimeUnit.MILLISECONDS);
        long startNs = System.nanoTime();
        subscriber.request(LCP, subscriber.magicOption());
        subscriber.call.expect(LCP, REQUEST);
        assertThat(System.nanoTime() - startNs).isLessThan(700_000_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {576, 1280, 1400, 1492, 1500, 1501, 4000, 65535})
    void mruIsAcknowledged(int octets) {
        ScriptSubscriber subscriber = fresh();
        Frame answer = subscriber.request(LCP, mru(octets), subscriber.magicOption());
        assertThat(answer.code()).isEqualTo(ACK);
        assertThat(answer.body()).isEqualTo(Octets.of(mru(octets), subscriber.magicOption()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63})
    void uselessMruIsNotAcknowledged(int octets) {
        Frame answer = fresh().request(LCP, mru(octets));
        assertThat(answer.code()).isEqualTo(NAK);
        assertThat(u16of(answer.option(1))).isGreaterThanOrEqualTo(64);
    }

    private static int u16of(byte[] value) { return Octets.u16(value, 0); }

    // RFC 1661 section 5.1: a request without options is fine
    @Test
    void emptyRequestIsAcknowledged() {
        Frame answer = fresh().request(LCP);
        assertThat(answer.code()).isEqualTo(ACK);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0702", "0802", "07020802", "020600000000", "0206ffffffff", "0206000a0000"})
    void harmlessOptionsAreAcknowledged(String options) {
        Frame answer = fresh().request(LCP, hex(options));
        assertThat(answer.code()).isEqualTo(ACK);
        assertThat(answer.body()).isEqualTo(hex(options));
    }

    /** RFC 1661 section 5.3 and 5.4: Max-Failure Naks, then Rejects; the router never gives in, and the operator reads why. */
    @Test
    void mruThatIsInsistedOnIsTheDiagnosis() {
        ScriptSubscriber subscriber = fresh();
        String session = String.valueOf(site.show(subscriber.call).get("id"));
        subscriber.answerLnsLcp();
        long endNs = System.nanoTime() + 60_000_000_000L;
        while (subscriber.call.isUp() && System.nanoTime() < endNs) {
            int id = subscriber.nextId();
            subscriber.call.packet(LCP, REQUEST, id, (Object) mru(20));
            subscriber.call.expectOrNull(frame -> frame.protocol() == LCP && frame.id() == id, 1000);
        }
        assertThat(subscriber.call.isUp()).isFalse();
        Commands.Result history = site.lnsd().control("show", "history", "session", session);
        assertThat(history.output()).contains("received Configure-Request", "[MRU 20]").endsWith(
                "LCP could not be agreed: the subscriber's router insists on MRU 20 and does not take "
                        + "our MRU 128.\n");
    }

    // RFC 1661 section 6.4
    @Test
    void magicZeroIsAnsweredByNakWithAnother() {
        Frame answer = fresh().request(LCP, option(5, u32(0)));
        assertThat(answer.code()).isEqualTo(NAK);
        assertThat(answer.option(5)).isNotEqualTo(new byte[4]);
    }

    // RFC 1661 section 6.4: a request with our own number is a loop, at least as long as the number is ours
    @Test
    void ownMagicIsAnsweredByNakWithAnother() {
        ScriptSubscriber subscriber = fresh();
        byte[] ours = subscriber.call.expect(LCP, REQUEST).option(5);
        Frame answer = subscriber.request(LCP, option(5, ours));
        assertThat(answer.code()).isEqualTo(NAK);
        assertThat(answer.option(5)).isNotEqualTo(ours).isNotEqualTo(new byte[4]);
    }

    // RFC 1661 section 6.4: everything comes back as it was sent
    @Test
    void loopEndsTheCall() {
        ScriptCall call = fresh().call;
        long endNs = System.nanoTime() + 20_000_000_000L;
        while (call.isUp() && System.nanoTime() < endNs) {
            Frame frame = call.expectOrNull(f -> f.protocol() == LCP, 500);
            if (frame != null) {
                call.send(LCP, frame.info());
            }
        }
        assertThat(call.awaitDisconnect().pppCode()).as(call.conversation()).isPositive();
    }

    // RFC 1661 section 5.4: all that is not known stands in one Reject, in the order of the request, with its data
    @Test
    void allUnknownOptionsStandInOneReject() {
        ScriptSubscriber subscriber = fresh();
        Frame answer = subscriber.request(LCP, mru(1500), option(13, 6), subscriber.magicOption(), option(99, "abc"),
                option(4, hex("c02500000064")), option(9), option(200, 1, 2));
        assertThat(answer.code()).isEqualTo(REJECT);
        assertThat(answer.body()).isEqualTo(
                Octets.of(option(13, 6), option(99, "abc"), option(4, hex("c02500000064")), option(9),
                        option(200, 1, 2)));
    }

    @Test
    void rejectWinsOverNak() {
        Frame answer = fresh().request(LCP, mru(10), option(13, 6));
        assertThat(answer.code()).isEqualTo(REJECT);
        assertThat(answer.body()).isEqualTo(option(13, 6));
    }

    // We are the ones who ask for proof; no multilink is configured
    @ParameterizedTest
    @CsvSource({"0304c023", "0305c22305", "0d0306", "110405dc", "1202", "13040102", "1104ffff"})
    void whatIsNotOfferedIsRejected(String options) {
        Frame answer = fresh().request(LCP, hex(options));
        assertThat(answer.code()).isEqualTo(REJECT);
        assertThat(answer.body()).isEqualTo(hex(options));
    }

    @ParameterizedTest
    @CsvSource({"0103aa", "010505dc00", "0203ff", "0504aabb", "070300", "08040000"})
    void wrongLengthIsNeverAcknowledged(String options) {
        ScriptSubscriber subscriber = fresh();
        int id = subscriber.nextId();
        subscriber.call.packet(LCP, REQUEST, id, hex(options));
        Frame answer = subscriber.call.expectOrNull(f -> f.protocol() == LCP && f.id() == id && f.code() > 1, 1500);
        assertThat(answer == null || answer.code() != ACK).as(subscriber.call.conversation()).isTrue();
    }

    // RFC 1661 section 6: lengths of 0 and 1 and beyond the packet
    @ParameterizedTest
    @CsvSource({"0100", "0101", "010405dc05", "010405dc0506aabb", "05ff11223344", "0500", "010405dc0001"})
    void optionsThatCannotBeToldApartAreNotAcknowledged(String options) {
        ScriptSubscriber subscriber = fresh();
        int id = subscriber.nextId();
        subscriber.call.packet(LCP, REQUEST, id, hex(options));
        subscriber.call.silence("Ack", 300, f -> f.is(LCP, ACK) && f.id() == id);
        subscriber.authenticated(USER, SubscriberSite.PASSWORD);
    }

    @Test
    void repeatedOptionIsNotAcknowledged() {
        Frame answer = fresh().request(LCP, mru(1400), mru(1500));
        assertThat(answer.code()).isNotEqualTo(ACK);
    }

    // RFC 1661 section 5: lengths of packets
    @ParameterizedTest
    @CsvSource({"01", "0105", "010500", "01050003", "01050008", "0105ffff", "01050000"})
    void runtsAndLyingLengthsAreDropped(String packet) {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.send(LCP, hex(packet));
        subscriber.call.silence("answer", 200, f -> f.protocol() == LCP && f.info().length > 1 && f.id() == 5
                && f.code() != REQUEST);
        subscriber.authenticated(USER, SubscriberSite.PASSWORD);
    }

    // RFC 1661 section 2: padding behind the packet's length
    @Test
    void paddingIsIgnored() {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.send(LCP, Octets.of(1, 77, u16(8), mru(1500), new byte[32]));
        assertThat(subscriber.call.expect(LCP, ACK, 77).body()).isEqualTo(mru(1500));
    }

    // RFC 1661 section 6.5, 6.6: both forms of the header are understood
    @Test
    void framesWithoutAddressAndControlAreTaken() {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.raw(Octets.of(u16(LCP), 1, 78, u16(8), mru(1500)));
        assertThat(subscriber.call.expect(LCP, ACK, 78).body()).isEqualTo(mru(1500));
    }

    @Test
    void addressAndControlAreLeftOutOnlyWhenThePeerAgrees() {
        ScriptSubscriber plain = fresh().authenticated(USER, SubscriberSite.PASSWORD);
        assertThat(plain.call.expect(IPCP, REQUEST).addressControl()).isTrue();
        ScriptSubscriber compressed = fresh();
        compressed.lcp(mru(1500), option(7), option(8));
        compressed.pap(USER, SubscriberSite.PASSWORD);
        compressed.call.expect(IPCP, REQUEST);
        compressed.call.packet(LCP, 9, 5, u32(0));
        assertThat(compressed.call.expect(LCP, 10, 5).addressControl()).as("LCP always has FF03").isTrue();
    }

    // RFC 1661 section 5.2
    @Test
    void acknowledgementThatDoesNotFitDoesNotCount() {
        ScriptSubscriber subscriber = fresh();
        Frame wish = subscriber.call.expect(LCP, REQUEST);
        subscriber.request(LCP, subscriber.magicOption());
        subscriber.call.packet(LCP, ACK, wish.id() + 1 & 0xff, wish.body());
        subscriber.call.packet(LCP, ACK, wish.id(), mru(1500));
        subscriber.call.packet(LCP, ACK, wish.id());
        subscriber.call.silence("challenge", 300, f -> f.protocol() == CHAP);
        subscriber.wants(ScriptSubscriber.AUTH_CHAP).answerLnsLcp();
        subscriber.call.expect(CHAP, 1);
    }

    @Test
    void naksAndRejectsThatDoNotFitDoNotCount() {
        ScriptSubscriber subscriber = fresh();
        Frame wish = subscriber.call.expect(LCP, REQUEST);
        subscriber.call.packet(LCP, NAK, wish.id() + 7 & 0xff, mru(1000));
        subscriber.call.packet(LCP, REJECT, wish.id() + 7 & 0xff, mru(1500));
        subscriber.call.packet(LCP, REJECT, wish.id(), option(99));
        subscriber.call.packet(LCP, REJECT, wish.id(), mru(1234));
        Frame again = subscriber.call.expect(LCP, REQUEST);
        assertThat(again.body()).isEqualTo(wish.body());
    }

    @Test
    void smallerMruFromThePeersNakIsTaken() {
        ScriptSubscriber subscriber = fresh();
        Frame wish = subscriber.call.expect(LCP, REQUEST);
        subscriber.call.packet(LCP, NAK, wish.id(), mru(1400));
        Frame next = subscriber.call.expect("another request", f -> f.is(LCP, REQUEST) && f.id() != wish.id());
        assertThat(u16of(next.option(1))).isLessThanOrEqualTo(1400);
    }

    @Test
    void rejectedMruAndMagicAreDoneWithout() {
        ScriptSubscriber subscriber = fresh();
        Frame wish = subscriber.call.expect(LCP, REQUEST);
        subscriber.call.packet(LCP, REJECT, wish.id(), mru(1500), option(5, wish.option(5)));
        Frame next = subscriber.call.expect("another request", f -> f.is(LCP, REQUEST) && f.id() != wish.id());
        assertThat(next.has(1)).isFalse();
        assertThat(next.has(5)).isFalse();
        assertThat(next.has(3)).isTrue();
    }

    // RFC 1661 section 6.2: no proof, no service
    @Test
    void rejectedAuthenticationEndsTheCall() {
        ScriptSubscriber subscriber = fresh();
        subscriber.request(LCP, subscriber.magicOption());
        long endNs = System.nanoTime() + 15_000_000_000L;
        while (subscriber.call.isUp() && System.nanoTime() < endNs) {
            Frame frame = subscriber.call.expectOrNull(f -> f.is(LCP, REQUEST) || f.is(LCP, 5), 500);
            if (frame != null && frame.code() == REQUEST && frame.has(3)) {
                subscriber.call.packet(LCP, REJECT, frame.id(), option(3, frame.option(3)));
            } else if (frame != null && frame.code() == 5) {
                subscriber.call.packet(LCP, 6, frame.id());
            }
        }
        assertThat(subscriber.call.awaitDisconnect().pppCode()).as(subscriber.call.conversation()).isPositive();
    }

    @Test
    void nakLoopEnds() {
        ScriptSubscriber subscriber = fresh();
        subscriber.request(LCP, subscriber.magicOption());
        int naks = 0;
        long endNs = System.nanoTime() + 20_000_000_000L;
        while (subscriber.call.isUp() && System.nanoTime() < endNs) {
            Frame frame = subscriber.call.expectOrNull(f -> f.is(LCP, REQUEST) || f.is(LCP, 5), 500);
            if (frame != null && frame.code() == REQUEST) {
                subscriber.call.packet(LCP, NAK, frame.id(), mru(1000 + naks++));
            } else if (frame != null) {
                subscriber.call.packet(LCP, 6, frame.id());
            }
        }
        assertThat(subscriber.call.isUp()).isFalse();
        assertThat(naks).isLessThan(60);
    }

    // RFC 1661 section 4.6: Max-Failure, what was Nak'd is rejected in the end
    @Test
    void nakTurnsIntoReject() {
        ScriptSubscriber subscriber = fresh();
        int code = NAK;
        int naks = 0;
        while (code == NAK && naks < 20) {
            code = subscriber.request(LCP, option(5, u32(0))).code();
            naks++;
        }
        assertThat(code).isEqualTo(REJECT);
        assertThat(naks).isBetween(2, 12);
    }

    // RFC 1661 section 5.8
    @Test
    void echoIsAnsweredWithOurMagicAndTheData() {
        ScriptSubscriber subscriber = open();
        subscriber.call.packet(LCP, 9, 33, u32(0x11223344L), "how are you");
        Frame reply = subscriber.call.expect(LCP, 10, 33);
        assertThat(reply.body()).isEqualTo(Octets.of(subscriber.lnsOption(5).orElseThrow(), "how are you"));
    }

    @Test
    void echoBeforeOpenedIsDiscarded() {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.packet(LCP, 9, 33, u32(0x11223344L));
        subscriber.call.silence("reply", 300, f -> f.is(LCP, 10) || f.is(LCP, 7));
    }

    @Test
    void echoIsAnsweredWhileAuthenticating() {
        ScriptSubscriber subscriber = fresh();
        subscriber.lcp();
        subscriber.call.packet(LCP, 9, 34, u32(0x11223344L));
        subscriber.call.expect(LCP, 10, 34);
    }

    @Test
    void longEchoReplyKeepsToThePeersMru() {
        ScriptSubscriber subscriber = fresh();
        subscriber.lcp(mru(600), subscriber.magicOption());
        subscriber.call.packet(LCP, 9, 35, u32(0x11223344L), new byte[1200]);
        assertThat(subscriber.call.expect(LCP, 10, 35).info().length).isLessThanOrEqualTo(600);
    }

    @Test
    void shortEchoIsDropped() {
        ScriptSubscriber subscriber = open();
        subscriber.call.packet(LCP, 9, 36, 1, 2);
        subscriber.call.silence("reply", 200, f -> f.is(LCP, 10));
        assertThat(subscriber.call.isUp()).isTrue();
    }

    // RFC 1661 section 5.9, RFC 1570 section 2.1, 2.2
    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13})
    void discardIdentificationAndTimeRemainingAreTakenSilently(int code) {
        ScriptSubscriber subscriber = open();
        subscriber.call.packet(LCP, code, 37, u32(0x11223344L), "any text");
        subscriber.call.silence("answer", 250, f -> f.protocol() == LCP && f.code() == 7);
        subscriber.call.packet(LCP, 9, 38, u32(0x11223344L));
        subscriber.call.expect(LCP, 10, 38);
    }

    // RFC 1661 section 5.6
    @Test
    void unknownCodeIsRejected() {
        ScriptSubscriber subscriber = open();
        subscriber.call.packet(LCP, 99, 40, "what is this");
        Frame reject = subscriber.call.expect(LCP, 7);
        assertThat(reject.body()).isEqualTo(Octets.of(99, 40, u16(16), "what is this"));
        subscriber.call.packet(LCP, 9, 41, u32(0x11223344L));
        subscriber.call.expect(LCP, 10, 41);
    }

    @Test
    void unknownCodeIsRejectedBeforeOpenedToo() {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.packet(LCP, 99, 40, "x");
        subscriber.call.expect(LCP, 7);
    }

    @Test
    void unknownCodesInNetworkProtocolsAreRejectedThere() {
        ScriptSubscriber subscriber = open();
        subscriber.call.packet(IPCP, 77, 42, "x");
        assertThat(subscriber.call.expect(IPCP, 7).body()).isEqualTo(Octets.of(77, 42, u16(5), "x"));
    }

    // RFC 1661 section 5.7
    @ParameterizedTest
    @CsvSource({"80fd", "8053", "8281", "82cc", "802b", "8031", "c025", "c227", "c02b", "8029", "804f", "4003", "8001"})
    void unknownProtocolIsRejectedWithoutDisturbingOthers(String protocol) {
        ScriptSubscriber subscriber = fresh().authenticated(USER, SubscriberSite.PASSWORD);
        int number = Integer.parseInt(protocol, 16);
        subscriber.call.packet(number, 1, 50, option(18, u32(1)));
        Frame reject = subscriber.call.expect(LCP, 8);
        assertThat(reject.body()).isEqualTo(Octets.of(u16(number), 1, 50, u16(10), option(18, u32(1))));
        subscriber.call.raw(Octets.of(0xff, 3, u16(number))); // without any information
        assertThat(subscriber.call.expect(LCP, 8).body()).isEqualTo(u16(number));
        subscriber.ipcp();
        site.awaitShown(subscriber.call, "state", "open");
    }

    @ParameterizedTest
    @CsvSource({"80fd", "82cc", "0021", "8021", "c025"})
    void otherProtocolsAreSilentlyDiscardedBeforeLcpIsOpen(String protocol) {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.packet(Integer.parseInt(protocol, 16), 1, 50, option(18, u32(1)));
        subscriber.call.silence("answer", 250, f -> f.is(LCP, 8) || f.protocol() != LCP);
    }

    @Test
    void protocolRejectKeepsToTheMru() {
        ScriptSubscriber subscriber = fresh();
        subscriber.lcp(mru(600), subscriber.magicOption());
        subscriber.pap(USER, SubscriberSite.PASSWORD);
        subscriber.call.send(0x80fd, new byte[1000]);
        assertThat(subscriber.call.expect(LCP, 8).info().length).isLessThanOrEqualTo(600);
    }

    // RFC 1661 section 2: a number with an even low octet is treated as an unknown protocol; what has no protocol is dropped
    @Test
    void evenLowOctetIsAnUnknownProtocol() {
        ScriptSubscriber subscriber = open();
        subscriber.call.raw(hex("ff0380fc01320004"));
        assertThat(subscriber.call.expect(LCP, 8).body()).isEqualTo(hex("80fc01320004"));
        subscriber.call.raw(hex("ff03"));
        subscriber.call.raw(hex("ff"));
        subscriber.call.raw(hex("ff03c0"));
        subscriber.call.raw(new byte[0]);
        subscriber.call.packet(LCP, 9, 51, u32(0x11223344L));
        subscriber.call.expect(LCP, 10, 51);
    }

    @Test
    void compressedProtocolFieldIsTakenAlways() {
        ScriptSubscriber subscriber = open();
        byte[] ping = org.lnsd.system.subscriber.Packets.ping(subscriber.address(), "100.64.0.1", 64, 1, new byte[10]);
        subscriber.call.raw(Octets.of(0xff, 3, 0x21, ping));
        subscriber.expectIcmp(0);
        subscriber.call.raw(Octets.of(0x21, ping));
        subscriber.expectIcmp(0);
        subscriber.call.raw(Octets.of(0, 0x21, ping));
        subscriber.expectIcmp(0);
    }

    // RFC 1661 section 5.7: a rejected network protocol ends alone
    @Test
    void protocolRejectOfIpv6cpLeavesIpv4() {
        ScriptSubscriber subscriber = fresh().authenticated(USER, SubscriberSite.PASSWORD);
        Frame wish = subscriber.call.expect(0x8057, REQUEST);
        subscriber.call.packet(LCP, 8, 60, u16(0x8057), wish.info());
        subscriber.ipcp();
        site.awaitShown(subscriber.call, "state", "open");
        subscriber.call.silence("IPv6CP", 1500, f -> f.protocol() == 0x8057);
    }

    // RFC 1661 section 3.4, 4.1: LCP may begin anew at any time; the subscriber must prove itself again
    @Test
    void lcpRenegotiationAuthenticatesAgainAndKeepsTheAddress() {
        ScriptSubscriber subscriber = open();
        String address = subscriber.address();
        subscriber.call.forget();
        int id = subscriber.nextId();
        subscriber.call.packet(LCP, REQUEST, id, mru(1400), option(5, u32(0x55667788L)));
        subscriber.call.expect(LCP, ACK, id);
        subscriber.answerLnsLcp();
        int early = subscriber.nextId();
        subscriber.call.packet(IPCP, REQUEST, early, option(3, u32(0)));
        subscriber.call.silence("IPCP before authentication", 300, f -> f.protocol() == IPCP);
        subscriber.pap(USER, SubscriberSite.PASSWORD);
        assertThat(subscriber.ipcp()).isEqualTo(address);
        site.awaitShown(subscriber.call, "state", "open");
        Map<String, Object> shown = site.show(subscriber.call);
        assertThat(shown.get("mru")).isEqualTo(1400L);
        assertThat(shown.get("ipv4")).isEqualTo(address);
    }

    // RFC 1661 section 5.1: the same request again means that our Ack was lost
    @Test
    void repeatedRequestInOpenedIsAcknowledgedAgain() {
        ScriptSubscriber subscriber = fresh();
        subscriber.answerLnsLcp();
        subscriber.call.packet(LCP, REQUEST, 90, subscriber.magicOption());
        subscriber.call.expect(LCP, ACK, 90);
        subscriber.call.packet(LCP, REQUEST, 90, subscriber.magicOption());
        subscriber.call.expect(LCP, ACK, 90);
        subscriber.pap(USER, SubscriberSite.PASSWORD);
        subscriber.ipcp();
    }

    // RFC 1661 section 5.5, RFC 2661 section 6.4
    @Test
    void terminateRequestIsAcknowledgedAndTheCallEnds() {
        ScriptSubscriber subscriber = open();
        subscriber.call.packet(LCP, 5, 91, "bye");
        subscriber.call.expect(LCP, 6, 91);
        ScriptCall.Disconnect end = subscriber.call.awaitDisconnect();
        assertThat(end.result()).isIn(1, 3);
        assertThat(end.pppCode()).isPositive();
        assertThat(end.pppDirection()).isEqualTo(1);
    }

    @Test
    void terminateRequestWhileNegotiatingIsAcknowledged() {
        ScriptSubscriber subscriber = fresh();
        subscriber.call.packet(LCP, 5, 92);
        subscriber.call.expect(LCP, 6, 92);
    }

    @Test
    void terminateAckOutOfTheBlueBeginsAnew() {
        ScriptSubscriber subscriber = open();
        subscriber.call.packet(LCP, 6, 93);
        subscriber.call.expect(LCP, REQUEST);
    }

    // RFC 1661 section 5.6: a catastrophic Code-Reject
    @Test
    void codeRejectOfConfigureRequestEndsTheCall() {
        ScriptSubscriber subscriber = fresh();
        Frame wish = subscriber.call.expect(LCP, REQUEST);
        subscriber.call.packet(LCP, 7, 94, wish.info());
        assertThat(subscriber.call.awaitDisconnect().result()).isPositive();
    }

    @Test
    void operatorsClearTerminatesThenHangsUp() {
        ScriptSubscriber subscriber = open();
        String id = String.valueOf(site.show(subscriber.call).get("id"));
        assertThat(site.lnsd().control("clear", "session", id, "--reason", "maintenance tonight").exit()).isZero();
        Frame terminate = subscriber.call.expect(LCP, 5);
        assertThat(new String(terminate.body(), java.nio.charset.StandardCharsets.UTF_8)).contains("maintenance");
        subscriber.call.packet(LCP, 6, terminate.id());
        ScriptCall.Disconnect end = subscriber.call.awaitDisconnect();
        assertThat(end.result()).isEqualTo(3);
        assertThat(end.text()).contains("maintenance tonight");
        assertThat(end.pppCode()).isEqualTo(1);
        assertThat(end.pppDirection()).isEqualTo(2);
    }

    @Test
    void papWorksAsTheSecondChoice() {
        ScriptSubscriber subscriber = fresh();
        subscriber.lcp();
        assertThat(subscriber.lnsOption(3)).contains(ScriptSubscriber.AUTH_PAP);
        subscriber.call.silence("challenge", 200, f -> f.protocol() == CHAP);
        subscriber.pap(USER, SubscriberSite.PASSWORD);
        assertThat(site.show(subscriber.call).get("authentication")).isEqualTo("pap");
        assertThat(PAP).isEqualTo(0xc023);
    }
}

package org.lnsd.daemon.aaa.radius;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult;
import org.lnsd.daemon.aaa.DynamicAuthorizationResult.ErrorCause;
import org.lnsd.daemon.aaa.DynamicAuthorizationTarget;
import org.lnsd.daemon.aaa.Profile;
import org.lnsd.daemon.aaa.Profile.TerminationAction;
import org.lnsd.daemon.aaa.ProfileChange;
import org.lnsd.daemon.aaa.RateLimit;
import org.lnsd.daemon.aaa.SessionSelector;
import org.lnsd.daemon.aaa.radius.DynamicAuthorizationStatistics.Counter;
import org.lnsd.daemon.config.DynamicAuthorizationConfig;
import org.lnsd.daemon.config.Secret;
import org.lnsd.daemon.net.IpPrefix;
import org.lnsd.radius.Attributes;
import org.lnsd.radius.RadiusAttribute;
import org.lnsd.radius.RadiusCode;
import org.lnsd.radius.RadiusCrypto;
import org.lnsd.radius.RadiusDecoded;
import org.lnsd.radius.RadiusDecoder;
import org.lnsd.radius.RadiusEncoder;
import org.lnsd.radius.RadiusPacket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** RFC 5176 over loopback, with a target that only notes what it is asked. */
class DynamicAuthorizationServerTest {
    private final ConcurrentLinkedQueue<Object> asked = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Queue<Consumer<DynamicAuthorizationResult>> held;
    /** Before it has come to zero the target does not return. */
    private volatile CountDownLatch meanwhile = new CountDownLatch(0);
    private DynamicAuthorizationServer server = listen("127.0.0.0/8");
    private DatagramSocket client = socket();

    private DynamicAuthorizationServer listen(String clients) {
        DynamicAuthorizationConfig config = new DynamicAuthorizationConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(IpPrefix.parse(clients)),
                Secret.of("coa"), Duration.ofMinutes(5), false);
        return new DynamicAuthorizationServer(config, new NasIdentity("lns", Optional.empty()), new Target());
    }

    @BeforeEach
    void forget() { asked.clear(); }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    // RFC 5176 section 2.1
    @Test
    void disconnectsByAnyNameOfTheSession() throws Exception {
        RadiusPacket answer = ask(RadiusCode.DISCONNECT_REQUEST, "coa",
                RadiusAttribute.text(Attributes.ACCT_SESSION_ID, "S1"),
                RadiusAttribute.of(Attributes.CLASS, new byte[]{1}),
                RadiusAttribute.of(Attributes.PROXY_STATE, new byte[]{7}),
                RadiusAttribute.of(Attributes.PROXY_STATE, new byte[]{8})).orElseThrow();
        assertThat(answer.code()).isEqualTo(RadiusCode.DISCONNECT_ACK);
        assertThat(answer.all(Attributes.PROXY_STATE)).extracting(it -> it.value()[0]).containsExactly((byte) 7,
                (byte) 8);
        assertThat(asked).singleElement().isInstanceOfSatisfying(SessionSelector.class, selector -> {
            assertThat(selector.acctSessionId()).hasValue("S1");
            assertThat(selector.classes()).hasSize(1);
        });
    }

    // RFC 2865 section 3: a packet has up to 4096 octets
    @Test
    void takesRequestsOfTheGreatestLength() throws Exception {
        List<RadiusAttribute> attributes = new ArrayList<>();
        attributes.add(RadiusAttribute.text(Attributes.ACCT_SESSION_ID, "S1"));
        for (int i = 0; i < 15; i++) {
            attributes.add(RadiusAttribute.of(Attributes.PROXY_STATE, new byte[253]));
        }
        RadiusPacket answer = ask(RadiusCode.DISCONNECT_REQUEST, "coa", attributes.toArray(RadiusAttribute[]::new))
                .orElseThrow();
        assertThat(answer.all(Attributes.PROXY_STATE)).hasSize(15);
    }

    // RFC 5176 section 2.2: only what is named changes
    @Test
    void changesOnlyWhatIsNamed() throws Exception {
        RadiusPacket answer = ask(RadiusCode.COA_REQUEST, "coa", RadiusAttribute.text(Attributes.USER_NAME, "alice"),
                RadiusAttribute.text(Attributes.MIKROTIK_RATE_LIMIT, "5M/20M"),
                RadiusAttribute.text(Attributes.FILTER_ID, "web.in")).orElseThrow();
        assertThat(answer.code()).isEqualTo(RadiusCode.COA_ACK);
        assertThat(asked).last().isInstanceOfSatisfying(ProfileChange.class, change -> {
            assertThat(change.rateUp()).hasValue(new RateLimit(5_000_000, 0));
            assertThat(change.rateDown()).hasValue(new RateLimit(20_000_000, 0));
            assertThat(change.filterIn()).hasValue("web");
            assertThat(change.filterOut()).isEmpty();
            assertThat(change.sessionTimeout()).isEmpty();
            assertThat(change.classes()).isEmpty();
        });
    }

    // RFC 5176 section 3.6: Termination-Action may stand in a CoA-Request, also beside something else
    @Test
    void changesWhatIsDoneWhenTheTimeIsOver() throws Exception {
        RadiusAttribute alice = RadiusAttribute.text(Attributes.USER_NAME, "alice");
        ask(RadiusCode.COA_REQUEST, "coa", alice, RadiusAttribute.integer(Attributes.TERMINATION_ACTION, 1),
                RadiusAttribute.integer(Attributes.SESSION_TIMEOUT, 60));
        assertThat(asked).last().isInstanceOfSatisfying(ProfileChange.class, change -> {
            assertThat(change.terminationAction()).hasValue(TerminationAction.RADIUS_REQUEST);
            assertThat(change.applyTo(Profile.empty()).terminateAfterTimeout())
                    .isEqualTo(TerminationAction.RADIUS_REQUEST);
        });
        ask(RadiusCode.COA_REQUEST, "coa", alice, RadiusAttribute.integer(Attributes.TERMINATION_ACTION, 0));
        assertThat(asked).last().isInstanceOfSatisfying(ProfileChange.class,
                change -> assertThat(change.terminationAction()).hasValue(TerminationAction.DEFAULT));
        ask(RadiusCode.COA_REQUEST, "coa", alice, RadiusAttribute.integer(Attributes.IDLE_TIMEOUT, 60));
        assertThat(asked).last().isInstanceOfSatisfying(ProfileChange.class,
                change -> assertThat(change.terminationAction()).isEmpty());
    }

    // RFC 5176 section 3.6
    @Test
    void saysWhyItRefuses() throws Exception {
        assertThat(errorOf(RadiusCode.DISCONNECT_REQUEST)).isEqualTo(ErrorCause.MISSING_ATTRIBUTE.code());
        assertThat(errorOf(RadiusCode.COA_REQUEST, RadiusAttribute.text(Attributes.USER_NAME, "alice")))
                .isEqualTo(ErrorCause.MISSING_ATTRIBUTE.code());
        assertThat(errorOf(RadiusCode.DISCONNECT_REQUEST, RadiusAttribute.text(Attributes.USER_NAME, "alice"),
                RadiusAttribute.text(Attributes.NAS_IDENTIFIER, "another")))
                .isEqualTo(ErrorCause.NAS_IDENTIFICATION_MISMATCH.code());
        assertThat(errorOf(RadiusCode.DISCONNECT_REQUEST, RadiusAttribute.text(Attributes.USER_NAME, "nobody")))
                .isEqualTo(ErrorCause.SESSION_CONTEXT_NOT_FOUND.code());
        assertThat(errorOf(RadiusCode.COA_REQUEST, RadiusAttribute.text(Attributes.USER_NAME, "alice"),
                RadiusAttribute.text(Attributes.TUNNEL_PASSWORD, "x")))
                .isEqualTo(ErrorCause.UNSUPPORTED_ATTRIBUTE.code());
        assertThat(errorOf(RadiusCode.COA_REQUEST, RadiusAttribute.text(Attributes.USER_NAME, "alice"),
                RadiusAttribute.integer(Attributes.FRAMED_COMPRESSION, 1)))
                .isEqualTo(ErrorCause.UNSUPPORTED_ATTRIBUTE.code());
        assertThat(errorOf(RadiusCode.COA_REQUEST, RadiusAttribute.text(Attributes.USER_NAME, "alice"),
                RadiusAttribute.integer(Attributes.IDLE_TIMEOUT, 60),
                RadiusAttribute.integer(Attributes.FRAMED_COMPRESSION, 1)))
                .as("all of it or nothing (section 2.2)").isEqualTo(ErrorCause.UNSUPPORTED_ATTRIBUTE.code());
        assertThat(errorOf(RadiusCode.COA_REQUEST, RadiusAttribute.text(Attributes.USER_NAME, "alice"),
                RadiusAttribute.of(Attributes.SESSION_TIMEOUT, new byte[]{1})))
                .isEqualTo(ErrorCause.INVALID_ATTRIBUTE_VALUE.code());
    }

    // RFC 5176 section 6.3
    @Test
    void ignoresAndCountsWhatIsForgedStaleOrReplayed() throws Exception {
        RadiusAttribute alice = RadiusAttribute.text(Attributes.USER_NAME, "alice");
        assertThat(ask(RadiusCode.DISCONNECT_REQUEST, "wrong", alice)).isEmpty();
        long staleSeconds = System.currentTimeMillis() / 1000 - 400;
        assertThat(ask(RadiusCode.DISCONNECT_REQUEST, "coa", alice,
                RadiusAttribute.integer(Attributes.EVENT_TIMESTAMP, staleSeconds))).isEmpty();
        byte[] request = encode(RadiusCode.DISCONNECT_REQUEST, "coa", alice);
        assertThat(exchange(request)).isPresent();
        assertThat(exchange(request)).as("sent again: the same answer").isPresent();
        client.close();
        client = socket();
        assertThat(exchange(request)).as("replayed from elsewhere").isEmpty();
        assertThat(exchange(new byte[]{1, 2, 3})).isEmpty();
        assertThat(asked).as("only one took effect").hasSize(1);
        assertThat(server.statistics().get(Counter.BAD_AUTHENTICATOR)).isEqualTo(1);
        assertThat(server.statistics().get(Counter.STALE)).isEqualTo(1);
        assertThat(server.statistics().get(Counter.REPLAYED)).isEqualTo(2);
        assertThat(server.statistics().get(Counter.MALFORMED)).isEqualTo(1);
    }

    @Test
    void listensOnlyToListedSources() throws Exception {
        server.close();
        server = listen("192.0.2.0/24");
        assertThat(ask(RadiusCode.DISCONNECT_REQUEST, "coa", RadiusAttribute.text(Attributes.USER_NAME, "alice")))
                .isEmpty();
        assertThat(server.statistics().get(Counter.FOREIGN_SOURCE)).isEqualTo(1);
    }

    // RFC 5176 section 3.6, "Resources Unavailable"; what was refused so can be asked again
    @Test
    void aStormIsRefusedWhileTooMuchIsUnderWay() throws Exception {
        Queue<Consumer<DynamicAuthorizationResult>> waiting = new ConcurrentLinkedQueue<>();
        held = waiting;
        for (int i = 0; i < DynamicAuthorizationServer.MOST_UNDER_WAY; i++) {
            byte[] request = encode(RadiusCode.DISCONNECT_REQUEST, "coa",
                    RadiusAttribute.text(Attributes.USER_NAME, "user" + i));
            client.send(new DatagramPacket(request, request.length, server.address()));
            int sent = i + 1;
            if (sent % 64 == 0) { // as many as the socket's buffer surely holds
                Awaitility.await().atMost(20, TimeUnit.SECONDS).pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5)).until(() -> waiting.size() == sent);
            }
        }
        RadiusAttribute late = RadiusAttribute.text(Attributes.USER_NAME, "late");
        assertThat(errorOf(RadiusCode.DISCONNECT_REQUEST, late)).isEqualTo(ErrorCause.RESOURCES_UNAVAILABLE.code());
        assertThat(asked).hasSize(DynamicAuthorizationServer.MOST_UNDER_WAY);
        waiting.forEach(answer -> answer.accept(new DynamicAuthorizationResult.Done(1)));
        held = null;
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> server.statistics()
                .get(Counter.ACKNOWLEDGED) == DynamicAuthorizationServer.MOST_UNDER_WAY);
        client.close();
        client = socket();
        assertThat(ask(RadiusCode.DISCONNECT_REQUEST, "coa", late).orElseThrow().code())
                .isEqualTo(RadiusCode.DISCONNECT_ACK);
    }

    /** What floods the port. */
    private enum Flood {
        FOREIGN_SOURCE("127.0.0.2", "coa"), BAD_AUTHENTICATOR("127.0.0.1", "wrong");

        private final String source;
        private final String secret;

        Flood(String source, String secret) {
            this.source = source;
            this.secret = secret;
        }
    }

    // RFC 5176 section 6.1: forged requests; a good one of the same moment is not lost among them
    @ParameterizedTest
    @EnumSource
    void aFloodLeavesRoomForAGoodRequest(Flood kind) throws Exception {
        server.close();
        server = listen("127.0.0.1/32");
        CountDownLatch busy = new CountDownLatch(1);
        meanwhile = busy;
        byte[] first = encode(RadiusCode.DISCONNECT_REQUEST, "coa",
                RadiusAttribute.text(Attributes.USER_NAME, "first"));
        client.send(new DatagramPacket(first, first.length, server.address()));
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> asked.size() == 1);
        byte[] bad = encode(RadiusCode.DISCONNECT_REQUEST, kind.secret,
                RadiusAttribute.text(Attributes.USER_NAME, "x"));
        byte[] good = encode(RadiusCode.DISCONNECT_REQUEST, "coa", RadiusAttribute.text(Attributes.USER_NAME, "alice"));
        int flooded = roomFor();
        try (DatagramSocket flood = new DatagramSocket(0, InetAddress.getByName(kind.source))) {
            for (int sent = 0; sent < flooded; sent++) {
                flood.send(new DatagramPacket(bad, bad.length, server.address()));
            }
        }
        client.send(new DatagramPacket(good, good.length, server.address()));
        busy.countDown();
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> asked.size() == 2);
        assertThat(server.statistics().get(Counter.valueOf(kind.name()))).isEqualTo(flooded);
    }

    /** Returns how many small datagrams surely have room; the kernel gives this user less than we ask for, perhaps. */
    private static int roomFor() throws java.net.SocketException {
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            probe.setReceiveBufferSize(DynamicAuthorizationServer.BUFFER_BYTES);
            return Math.min(2000, probe.getReceiveBufferSize() / 2048);
        }
    }

    private long errorOf(RadiusCode code, RadiusAttribute... attributes) throws Exception {
        RadiusPacket answer = ask(code, "coa", attributes).orElseThrow();
        assertThat(answer.code().number()).isEqualTo(code.number() + 2);
        return answer.first(Attributes.ERROR_CAUSE).orElseThrow().asInt().orElseThrow();
    }

    private Optional<RadiusPacket> ask(RadiusCode code, String secret, RadiusAttribute... attributes) throws Exception {
        return exchange(encode(code, secret, attributes));
    }

    private static byte[] encode(RadiusCode code, String secret, RadiusAttribute... attributes) {
        RadiusEncoder encoder = new RadiusEncoder(new RadiusCrypto());
        ByteBuf packet = Unpooled.buffer();
        encoder.begin(packet, code, 5, RadiusCrypto.zeroAuthenticator());
        encoder.attributes(List.of(attributes));
        encoder.endDigested(secret.getBytes(US_ASCII));
        return Arrays.copyOf(packet.array(), packet.writerIndex());
    }

    private Optional<RadiusPacket> exchange(byte[] request) throws Exception {
        client.send(new DatagramPacket(request, request.length, server.address()));
        DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
        try {
            client.receive(answer);
        } catch (SocketTimeoutException none) {
            return Optional.empty();
        }
        ByteBuf octets = Unpooled.wrappedBuffer(answer.getData(), 0, answer.getLength());
        return RadiusDecoder.decode(octets) instanceof RadiusDecoded.Packet(RadiusPacket packet, int _)
                ? Optional.of(packet)
                : Optional.empty();
    }

    private static DatagramSocket socket() {
        try {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setSoTimeout(700);
            return socket;
        } catch (java.net.SocketException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    private final class Target implements DynamicAuthorizationTarget {
        @Override
        public void disconnect(SessionSelector selector, Consumer<DynamicAuthorizationResult> answer) {
            asked.add(selector);
            try {
                meanwhile.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            Queue<Consumer<DynamicAuthorizationResult>> waiting = held;
            if (waiting != null) {
                waiting.add(answer);
                return;
            }
            answer.accept(selector.userName().filter("nobody"::equals).isPresent()
                    ? new DynamicAuthorizationResult.Refused(ErrorCause.SESSION_CONTEXT_NOT_FOUND)
                    : new DynamicAuthorizationResult.Done(1));
        }

        @Override
        public void change(SessionSelector selector, ProfileChange change,
                Consumer<DynamicAuthorizationResult> answer) {
            asked.addAll(new ArrayList<>(List.of(selector, change)));
            answer.accept(new DynamicAuthorizationResult.Done(1));
        }
    }
}
